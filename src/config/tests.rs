use super::*;
use crate::filter::Case;

#[track_caller]
fn config(words: &[&str]) -> Config {
    match try_config(words) {
        Ok(config) => config,
        Err(error) => panic!("{words:?}: {error}"),
    }
}

fn try_config(words: &[&str]) -> Result<Config, StartupError> {
    let cli = Cli::try_from_words([&["logstream"], words].concat()).expect("flags that exist");
    Config::in_directory(cli, Path::new("/nowhere"))
}

#[track_caller]
fn check_error(words: &[&str], expected: &str) {
    let error = try_config(words).expect_err("it should be refused");
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn what_is_followed_stands_in_the_order_given() {
    let config = config(&["b.log", "-", "*.log", "logs/", "a.log"]);
    assert!(config.stdin);
    assert!(matches!(
        &config.patterns[..],
        [
            Pattern::File(_),
            Pattern::Glob(_),
            Pattern::Directory(_),
            Pattern::File(last)
        ] if last == Path::new("/nowhere/a.log")
    ));
    let new = config.discovery().scan().new;
    let names: Vec<&str> = new.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["b.log", "a.log"]);
}

#[test]
fn something_has_to_be_followed() {
    check_error(&[], "no file given");
    check_error(&["-n", "5", "-q"], "no file given");
    assert!(config(&["-"]).patterns.is_empty());
    assert!(config(&["--demo"]).demo);
}

#[test]
fn the_default_port_has_neighbours_and_a_given_one_has_none() {
    let ports = |words: &[&str]| config(words).port.ports().collect::<Vec<u16>>();
    assert_eq!(ports(&["a.log"]), (5647..5657).collect::<Vec<u16>>());
    assert_eq!(ports(&["a.log", "-p", "5647"]), [5647]);
    assert_eq!(ports(&["a.log", "-p", "0"]), [0]);
    let at_the_end = PortChoice::FirstFreeFrom {
        port: 65535,
        tries: 10,
    };
    assert_eq!(at_the_end.ports().collect::<Vec<u16>>(), [65535]);
}

#[test]
fn the_filter_is_what_was_typed() {
    let spec = config(&[
        "a.log",
        "-e",
        "one",
        "-x",
        "two",
        "-i",
        "-l",
        "warn",
        "--literal",
    ])
    .filter_spec;
    let expected = FilterSpec {
        include: vec!["one".to_owned()],
        exclude: vec!["two".to_owned()],
        case: Case::Ignore,
        literal: true,
        levels: "warn".parse().unwrap(),
    };
    assert_eq!(spec, expected);
    assert_eq!(config(&["a.log"]).filter_spec, FilterSpec::default());
    for (flag, case) in [
        ("-i", Case::Ignore),
        ("-s", Case::Match),
        ("-S", Case::Smart),
    ] {
        assert_eq!(config(&["a.log", flag]).filter_spec.case, case);
    }
}

#[test]
fn a_bad_filter_shows_the_place() {
    check_error(
        &["a.log", "-e", "a(b"],
        "bad filter: unclosed group at character 2\n  a(b\n   ^",
    );
    check_error(
        &["a.log", "-x", "*"],
        "bad filter: repetition operator missing expression at character 1\n  *\n  ^",
    );
    assert!(matches!(
        try_config(&["a.log", "-l", "loud"]),
        Err(StartupError::Filter(_))
    ));
    assert!(
        config(&["a.log", "-e", "a(b", "--literal"])
            .filter_spec
            .literal
    );
}

#[test]
fn a_bad_glob_is_named() {
    check_error(
        &["a.log", "app[1.log"],
        "bad pattern \"app[1.log\": unclosed character class; missing ']'",
    );
}

#[test]
fn there_is_a_limit_to_the_lines_to_begin_with() {
    assert_eq!(config(&["a.log", "-n", "100000"]).lines, TAIL_LINES_MAX);
    check_error(
        &["a.log", "-n", "100001"],
        "cannot begin with \"100001\" lines: the most is 100000",
    );
}

#[test]
fn the_help_names_the_limits_as_they_are() {
    let help = Cli::try_from_words(["logstream", "--help"]).expect_err("help ends the program");
    let words = help
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let gibibytes = STDIN_SPOOL_BYTES >> 30;
    assert!(words.contains(&format!("({gibibytes} GiB)")), "{words}");
    let last = PORT + PORT_TRIES - 1;
    assert!(
        words.contains(&format!("the first free of {PORT} to {last}")),
        "{words}"
    );
}

#[test]
fn a_stretch_of_time_is_a_boundary_too() {
    let config = config(&["a.log", "--since", "2026-11-22T10:00:00Z", "--until=-0s"]);
    let window = config.filter.window();
    assert_eq!(window.since, Some(1_795_341_600_000));
    assert!(window.until.is_some());
    assert!(!config.filter.passes_all());
    check_error(
        &["a.log", "--since", "soon"],
        "bad time for --since: \"soon\"",
    );
    check_error(&["a.log", "--until", "-3"], "bad time for --until: \"-3\"");
    check_error(
        &["a.log", "--since=-1h", "--until=-2h"],
        "bad filter: --until has to be later than --since",
    );
}
