//! What a proxy in front says of the reader, and whether it is believed.

use crate::harness::http::Response;
use crate::harness::server::Server;

/// H12. What a stranger says of itself changes nothing; what a trusted proxy says counts.
#[test]
fn h12_only_a_trusted_proxy_is_believed() {
    let claims = [
        ("X-Forwarded-For", "198.51.100.7"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "logs.example"),
        ("Forwarded", "host=evil;for=6.6.6.6;proto=https"),
    ];
    let sign_in = |server: &Server, token: &str| -> Response {
        let bearer = format!("Bearer {token}");
        let headers = [&claims[..], &[("Authorization", &bearer)]].concat();
        server.ask("POST", "/api/session", &headers)
    };
    let cookie = |answer: &Response| answer.header("set-cookie").unwrap_or_default().to_owned();

    let (_dir, stranger) = Server::of_one_line(&["--token"]);
    let set = cookie(&sign_in(&stranger, &stranger.token()));
    assert!(set.starts_with("ls_") && !set.contains("Secure"), "{set}");
    for _ in 0..10 {
        sign_in(&stranger, "wrong-token");
    }
    let answer = stranger.get_with("/api/sources", &[("Authorization", "Bearer wrong-token")]);
    assert_eq!(
        answer.status(),
        429,
        "the address that counts is the peer's"
    );

    let (_dir, behind) = Server::of_one_line(&["--trusted-proxy", "127.0.0.1"]);
    let set = cookie(&sign_in(&behind, &behind.token()));
    assert!(
        set.starts_with("__Host-ls_") && set.ends_with("; Secure"),
        "{set}"
    );
    for _ in 0..10 {
        sign_in(&behind, "wrong-token");
    }
    assert_eq!(sign_in(&behind, &behind.token()).status(), 429);
    let answer = behind.get_with("/api/sources", &[("Authorization", "Bearer wrong-token")]);
    assert_eq!(
        answer.status(),
        401,
        "the address that counts is the reader's"
    );
    let origin = [&claims[..], &[("Origin", "https://logs.example")]].concat();
    assert_eq!(behind.get_with("/", &origin).status(), 200);
}

/// Some proxies add the port; and what stands left of what cannot be read, a reader may have made up.
#[test]
fn a_reader_cannot_change_its_address_behind_a_proxy() {
    for own in ["203.0.113.9:4444", "[2001:db8::9]:4444", "unknown"] {
        let (_dir, server) = Server::of_one_line(&["--trusted-proxy", "127.0.0.1"]);
        let status = |number: usize| {
            let claim = format!("198.51.100.{number}, {own}");
            let headers = [
                ("Authorization", "Bearer wrong-token"),
                ("X-Forwarded-For", &claim),
            ];
            server.ask("POST", "/api/session", &headers).status()
        };
        let answers: Vec<_> = (1..=11).map(status).collect();
        assert_eq!(answers[..10], [401; 10], "{own}");
        assert_eq!(answers[10], 429, "{own}");
    }
}

#[test]
fn below_a_prefix_the_cookie_is_of_it() {
    let (_dir, server) = Server::of_one_line(&["--token", "--route-prefix", "/logs"]);
    let bearer = format!("Bearer {}", server.token());
    let headers = [("Authorization", bearer.as_str())];
    let answer = server.ask("POST", "/logs/api/session", &headers);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("; Path=/logs/; HttpOnly;"), "{cookie}");
    let pair = cookie.split(';').next().expect("its value");
    let answer = server.get_with("/logs/api/sources", &[("Cookie", pair)]);
    assert_eq!(answer.status(), 200);
}

#[test]
fn behind_a_public_address_the_cookie_is_of_its_path() {
    let (_dir, server) = Server::of_one_line(&["--public-url", "https://logs.example/app"]);
    let bearer = format!("Bearer {}", server.token());
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Origin", "https://logs.example"),
    ];
    let answer = server.ask("POST", "/api/session", &headers);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(
        cookie.contains("; Path=/app/; HttpOnly; SameSite=Strict; Secure"),
        "{cookie}"
    );
    assert!(
        cookie.starts_with(&format!("ls_{}=", server.port())),
        "{cookie}"
    );
}
