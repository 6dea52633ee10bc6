use super::*;

fn of_every_kind() -> Vec<StartupError> {
    let cause = || io::Error::from(io::ErrorKind::PermissionDenied);
    vec![
        StartupError::NoPath,
        StartupError::Pattern {
            pattern: "app[1.log".to_owned(),
            reason: "unclosed character class".to_owned(),
        },
        StartupError::Regex("unclosed group at character 1\n  (\n  ^".to_owned()),
        StartupError::Filter("there is no such level\n  loud".to_owned()),
        StartupError::Time {
            flag: "since",
            text: "soon".to_owned(),
            forms: "a time is one of 14:02 or -3h",
        },
        StartupError::Lines {
            lines: 1_000_000,
            most: 100_000,
        },
        StartupError::Value {
            flag: "bind",
            text: "nowhere".to_owned(),
            forms: "an address is one of localhost or 0.0.0.0",
        },
        StartupError::Number {
            flag: "max-streams",
            number: 0,
            most: 20_000,
        },
        StartupError::Descriptors {
            streams: 20_000,
            descriptors: 1024,
            needed: 20_832,
        },
        StartupError::Token(TokenError::Short),
        StartupError::TokenFile {
            path: "/etc/token".into(),
            cause: cause(),
        },
        StartupError::Certificate {
            path: "/etc/cert.pem".into(),
            reason: "there is no certificate in it".to_owned(),
        },
        StartupError::Contradiction("--no-auth", "a token"),
        StartupError::CurrentDirectory(cause()),
        StartupError::Listen {
            address: "127.0.0.1:80".to_owned(),
            cause: cause(),
        },
        StartupError::Demo(cause()),
        StartupError::Spool(cause()),
        StartupError::Runtime(cause()),
    ]
}

#[test]
fn messages_and_tips_are_lower_case_sentences_without_a_full_stop() {
    for error in of_every_kind() {
        let tip = error.tip().unwrap_or("none");
        for text in [error.to_string().as_str(), tip] {
            assert!(text.starts_with(char::is_lowercase), "{text:?}");
            assert!(!text.ends_with('.'), "{text:?}");
        }
        assert!([1, 2].contains(&error.exit_code()));
    }
}

#[test]
fn the_command_is_wrong_or_something_failed() {
    let codes: Vec<u8> = of_every_kind()
        .iter()
        .map(StartupError::exit_code)
        .collect();
    assert_eq!(
        codes,
        [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 2, 1, 1, 1]
    );
}

#[test]
fn the_tip_follows_the_cause() {
    let tip = |kind: io::ErrorKind| {
        let (address, cause) = ("127.0.0.1:80".to_owned(), kind.into());
        StartupError::Listen { address, cause }.tip()
    };
    assert_eq!(
        tip(io::ErrorKind::AddrInUse),
        Some("use --port 0 to take any free port")
    );
    assert_eq!(
        tip(io::ErrorKind::PermissionDenied),
        Some("use --port with a number above 1023")
    );
    assert_eq!(tip(io::ErrorKind::AddrNotAvailable), None);
}

#[test]
fn reasons_are_without_number_and_capital() {
    for (error, expected) in [
        (io::Error::from_raw_os_error(13), "permission denied"),
        (io::Error::from_raw_os_error(2), "no such file or directory"),
        (
            io::Error::other("Something (odd) happened"),
            "something (odd) happened",
        ),
        (io::Error::other("IO is down"), "IO is down"),
        (io::Error::other(""), ""),
    ] {
        assert_eq!(reason(&error), expected);
    }
}

#[test]
fn a_port_is_no_way_out_where_a_path_is_in_use() {
    let error = StartupError::Listen {
        address: "/run/logstream.sock".to_owned(),
        cause: io::ErrorKind::AddrInUse.into(),
    };
    assert_eq!(
        error.tip(),
        Some("only a socket on which nobody listens is replaced")
    );
}
