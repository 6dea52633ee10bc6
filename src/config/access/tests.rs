use super::*;
use crate::cli::Cli;

fn try_access(words: &[&str]) -> Result<Access, StartupError> {
    let cli = Cli::try_from_words([&["logstream", "app.log"], words].concat());
    Access::new(cli.expect("flags that exist").access, &Prefix::default())
}

#[track_caller]
fn access(words: &[&str]) -> Access {
    try_access(words).unwrap_or_else(|error| panic!("{words:?}: {error}"))
}

#[track_caller]
fn check_error(words: &[&str], expected: &str) {
    let error = try_access(words).expect_err("it should be refused");
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn without_a_word_it_is_for_its_user_on_loopback() {
    let access = access(&[]);
    assert_eq!(access.mode, Mode::Owner);
    assert!(access.binds.iter().all(Bind::is_local));
    assert!(!access.others_can_read());
}

#[test]
fn whatever_goes_beyond_asks_for_a_token() {
    for words in [
        &["--share"][..],
        &["--token"],
        &["--token=correct-horse"],
        &["--bind", "0.0.0.0"],
        &["--bind", "127.0.0.1", "--bind", "192.168.1.5"],
        &["--bind", "localhost,10.0.0.1:80"],
        &["--trusted-proxy", "10.0.0.0/8"],
        &["--public-url", "https://logs.example.com"],
    ] {
        assert_eq!(access(words).mode, Mode::Token, "{words:?}");
    }
    for words in [
        &["--bind", "localhost"][..],
        &["--bind", "[::1]:80"],
        &["--bind", "127.8.0.1"],
        &["--bind", "unix:/run/l.sock"],
        &["--allow-host", "logs"],
    ] {
        assert_eq!(access(words).mode, Mode::Owner, "{words:?}");
    }
}

#[test]
fn everybody_gets_in_only_when_it_was_said() {
    for words in [
        &["--no-auth"][..],
        &["--no-auth", "--share"],
        &["--no-auth", "-b", "::"],
    ] {
        let access = access(words);
        assert_eq!(access.mode, Mode::Open, "{words:?}");
        assert!(access.others_can_read());
    }
    check_error(
        &["--no-auth", "--token"],
        "contradictory flags: --no-auth and a token",
    );
}

#[test]
fn an_address_has_the_port_of_all_or_its_own() {
    let tcp = |address: &str, port| Bind::Tcp {
        address: address.parse().unwrap(),
        port,
        is_optional: false,
    };
    let expected = [
        tcp("192.168.1.5", None),
        tcp("192.168.1.5", Some(80)),
        tcp("::1", None),
        tcp("::1", None),
        tcp("fd00::1", Some(80)),
        Bind::Unix("/run/l.sock".into()),
    ];
    let words = "192.168.1.5,192.168.1.5:80,::1,[::1],[fd00::1]:80,unix:/run/l.sock";
    assert_eq!(access(&["-b", words]).binds, expected);
    for bad in [
        "logs.example.com",
        "192.168.1",
        "127.0.0.1:http",
        "unix:",
        "",
    ] {
        check_error(&["-b", bad], &format!("bad value for --bind: \"{bad}\""));
    }
}

#[test]
fn a_token_is_not_said_back() {
    check_error(
        &["--token=pässword"],
        "bad token: it may consist of letters, digits and -._~+/= only",
    );
    check_error(
        &["--token=short"],
        "bad token: it has fewer than 8 characters",
    );
    assert!(
        access(&["--token=correct-horse"])
            .token
            .current()
            .is(b"correct-horse")
    );
    assert_eq!(access(&["--token"]).token.current().reveal().len(), 27);
}

#[test]
fn a_token_stands_alone_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let path = path.to_str().unwrap();
    let words = ["--token-file", path];
    check_error(
        &words,
        &format!("cannot read the token in \"{path}\": no such file or directory"),
    );
    fs::write(path, "correct-horse\n").unwrap();
    assert!(access(&words).token.current().is(b"correct-horse"));
    check_error(
        &[&words[..], &["--token=battery-staple"]].concat(),
        "contradictory flags: --token-file and another token",
    );
    fs::write(path, "two\nlines-of-it\n").unwrap();
    check_error(
        &words,
        &format!(
            "cannot read the token in \"{path}\": it may consist of letters, digits and -._~+/= only"
        ),
    );
}

#[test]
fn names_networks_and_addresses_are_checked() {
    let access = access(&[
        "--allow-host=Logs.Example,box",
        "--trusted-proxy=10.0.0.0/8,fd00::1",
        "--public-url=https://logs.example/app",
    ]);
    assert_eq!(access.allowed_hosts, ["logs.example", "box"]);
    assert_eq!(access.trusted_proxies[1].to_string(), "fd00::1/128");
    assert_eq!(
        access.public_url.unwrap().as_str(),
        "https://logs.example/app/"
    );
    check_error(&["--allow-host=a:1"], "bad value for --allow-host: \"a:1\"");
    check_error(
        &["--trusted-proxy=all"],
        "bad value for --trusted-proxy: \"all\"",
    );
    for bad in [
        "logs.example",
        "ftp://x/",
        "https://user@x/",
        "https://x/?q=1",
        "https://x/#t",
    ] {
        check_error(
            &["--public-url", bad],
            &format!("bad value for --public-url: \"{bad}\""),
        );
    }
}
