//! Whatever stands in `Host`, `Origin` and `Cookie`: what is taken for this machine is so for a
//! browser too, an origin is ours only when it is the host, letter by letter, and no session holds
//! that was not signed with the token.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url::Url;

use logstream::http::access::host::Host;
use logstream::http::access::session::Session;
use logstream::http::access::session::cookies;
use logstream::token::Secret;

const NOW: u64 = 1_800_000_000;

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Host {
        host: &'a str,
        origin: &'a str,
    },
    Cookies {
        headers: Vec<&'a str>,
        name: &'a str,
    },
    /// A session that was signed here, with these bytes changed.
    Session {
        begun: u32,
        now: u32,
        changes: Vec<(u8, u8)>,
    },
    Token(&'a str),
}

fuzz_target!(|input: Input| match input {
    Input::Host { host, origin } => read_host(host, origin),
    Input::Cookies { headers, name } => read_cookies(&headers, name),
    Input::Session {
        begun,
        now,
        changes,
    } => read_session(begun.into(), now.into(), &changes),
    Input::Token(text) => read_token(text),
});

fn read_host(text: &str, origin: &str) {
    let Some(host) = Host::parse(text) else {
        assert!(text != "localhost" && text != "[::1]:80");
        return;
    };
    assert!(text.is_ascii() && !text.contains(['@', '/', '?', '#', ' ', ',', '%']));
    for scheme in ["http", "https"] {
        let expected = format!("{scheme}://{text}");
        assert_eq!(
            host.is_origin(scheme, origin),
            origin.eq_ignore_ascii_case(&expected) && origin.starts_with(scheme)
        );
        assert!(host.is_origin(scheme, &expected));
    }
    // What a browser would make of it, where it can go there at all.
    let Ok(url) = Url::parse(&format!("http://{text}/")) else {
        return;
    };
    if host.is_this_machine() {
        match url.host().expect("http has a host") {
            url::Host::Domain(name) => {
                assert!(
                    name == "localhost" || name.ends_with(".localhost"),
                    "{name}"
                );
            }
            url::Host::Ipv4(_) | url::Host::Ipv6(_) => {}
        }
    }
}

fn read_cookies(headers: &[&str], name: &str) {
    for value in cookies(headers.iter().copied(), name) {
        let pair = format!("{name}={value}");
        assert!(headers.iter().any(|header| header.contains(&pair)));
        check_foreign(value);
    }
}

/// Nobody guesses a signature.
fn check_foreign(value: &str) {
    let secret = Secret::chosen("correct-horse").expect("a token");
    assert_eq!(Session::verify(value, &secret, NOW), None);
}

fn read_session(begun: u64, now: u64, changes: &[(u8, u8)]) {
    let secret = Secret::chosen("correct-horse").expect("a token");
    let session = Session::begin(begun);
    let signed = session.sign(&secret);
    let is_now = begun <= now && now < session.end;
    let expected = is_now.then(|| session.clone());
    assert_eq!(Session::verify(&signed, &secret, now), expected);

    let mut changed = signed.clone().into_bytes();
    for (place, byte) in changes {
        let place = usize::from(*place) % changed.len();
        changed[place] = *byte;
    }
    let changed = String::from_utf8_lossy(&changed);
    if changed != signed {
        assert_eq!(Session::verify(&changed, &secret, now), None);
    }
}

fn read_token(text: &str) {
    if let Ok(secret) = Secret::chosen(text) {
        assert!(secret.is(secret.reveal().as_bytes()));
        assert_eq!(secret.reveal(), text.trim());
        assert!(
            !format!("{secret:?}").contains(secret.reveal()) || "Secret".contains(secret.reveal())
        );
    }
}
