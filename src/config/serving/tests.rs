use crate::cli::Cli;
use crate::config::serving::STREAMS;
use crate::config::serving::Serving;
use crate::error::StartupError;

fn serving(words: &[&str]) -> Result<Serving, StartupError> {
    let cli = Cli::try_from_words([&["logstream", "app.log"], words].concat()).unwrap();
    Serving::new(&cli.serving)
}

#[test]
fn a_prefix_is_a_path_without_the_slash_at_its_end() {
    for (text, expected) in [
        ("/logs", "/logs"),
        ("/logs/", "/logs"),
        ("/team/a-b_c.d~", "/team/a-b_c.d~"),
        ("/", ""),
        ("", ""),
    ] {
        let found = serving(&["--route-prefix", text]).unwrap();
        assert_eq!(found.prefix.as_str(), expected, "{text}");
    }
    for text in [
        "logs",
        "//",
        "/a//b",
        "/a b",
        "/../x",
        "/a?b",
        "/ä",
        "http://a/",
    ] {
        let error = serving(&["--route-prefix", text]).unwrap_err();
        assert!(error.tip().unwrap().contains("/logs"), "{text}");
    }
}

#[test]
fn numbers_have_a_range() {
    assert_eq!(serving(&[]).unwrap().streams(), STREAMS);
    assert_eq!(serving(&["--max-streams=20000"]).unwrap().streams(), 20_000);
    for word in [
        "--max-streams=0",
        "--max-streams=20001",
        "--max-searches=0",
        "--max-searches=65",
        "--max-filters=0",
        "--max-filters=4097",
    ] {
        let error = serving(&[word]).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
    }
}
