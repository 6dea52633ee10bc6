use std::os::unix::ffi::OsStringExt;

use super::*;

#[track_caller]
fn parse(words: &[&str]) -> Cli {
    match try_parse(words) {
        Ok(cli) => cli,
        Err(error) => panic!("{words:?}: {error}"),
    }
}

fn try_parse(words: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_from_words([&["logstream"], words].concat())
}

#[track_caller]
fn check_error(words: &[&str], expected: &str) {
    let error = try_parse(words).expect_err("it should be refused");
    assert_eq!(error.exit_code(), 2);
    let text = error.to_string();
    assert!(text.contains(expected), "{words:?}: {text}");
}

/// Which of `-i`, `-s` and `-S` is in force.
fn case(words: &[&str]) -> [bool; 3] {
    let cli = parse(words);
    [cli.ignore_case, cli.case_sensitive, cli.smart_case]
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn nothing_is_on_by_default() {
    let cli = parse(&[]);
    assert_eq!(cli.lines, 1000);
    assert_eq!((cli.port, cli.title, cli.level), (None, None, None));
    assert!(cli.files.is_empty() && cli.regexp.is_empty() && cli.exclude.is_empty());
    assert!(!(cli.open || cli.poll || cli.quiet || cli.demo || cli.literal || cli.follow));
}

#[test]
fn flags_are_those_of_tail_and_ripgrep() {
    let cli = parse(&[
        "-fFn5",
        "-e",
        "one",
        "-etwo",
        "--regexp=-x",
        "-x",
        "three",
        "-l",
        "warn",
        "-p0",
        "-t",
        "My logs",
        "-q",
        "--open",
        "--poll",
        "--demo",
        "--literal",
        "app.log",
        "-",
        "--",
        "-odd.log",
    ]);
    assert_eq!(cli.lines, 5);
    assert_eq!(cli.regexp, ["one", "two", "-x"]);
    assert_eq!(cli.exclude, ["three"]);
    assert_eq!(cli.level.as_deref(), Some("warn"));
    assert_eq!(cli.port, Some(0));
    assert_eq!(cli.title.as_deref(), Some("My logs"));
    assert!(cli.open && cli.poll && cli.quiet && cli.demo && cli.literal && cli.follow);
    assert_eq!(cli.files, ["app.log", "-", "-odd.log"]);
}

#[test]
fn a_flag_given_again_counts_the_last_time() {
    assert_eq!(parse(&["-f", "-f", "-n1", "-n", "2", "-q", "-q"]).lines, 2);
}

#[test]
fn the_last_case_flag_wins() {
    assert_eq!(case(&[]), [false, false, false]);
    assert_eq!(case(&["-s", "-i"]), [true, false, false]);
    assert_eq!(case(&["-i", "-S", "-s"]), [false, true, false]);
    assert_eq!(case(&["-i", "-s", "-i"]), [true, false, false]);
    assert_eq!(case(&["-s", "-i", "--smart-case"]), [false, false, true]);
}

#[test]
fn lines_are_counted_from_the_end() {
    for (words, lines) in [
        (["-n", "0"], 0),
        (["-n", "7"], 7),
        (["-n", "-7"], 7),
        (["--lines", "-7"], 7),
        (["-n", "99999999999"], 99_999_999_999),
    ] {
        assert_eq!(parse(&words).lines, lines, "{words:?}");
    }
    check_error(
        &["-n", "+5"],
        "invalid value '+5' for '--lines <N>': lines are counted from the end only",
    );
    check_error(
        &["-n", "many"],
        "invalid value 'many' for '--lines <N>': invalid digit",
    );
    check_error(&["-n", "99999999999999999999999"], "number too large");
    check_error(&["-n", "--5"], "--5");
    check_error(&["-n"], "a value is required");
}

#[test]
fn wrong_usage_is_named() {
    check_error(&["--no-such-flag"], "unexpected argument '--no-such-flag'");
    check_error(&["--pol"], "a similar argument exists: '--poll'");
    check_error(&["-p", "70000"], "70000 is not in 0..=65535");
}

#[test]
fn a_pattern_for_each_line() {
    assert_eq!(
        parse(&["-e", "one\ntwo, three", "-e", "four"]).regexp,
        ["one", "two, three", "four"]
    );
}

#[test]
fn paths_need_not_be_utf_8() {
    let odd = OsString::from_vec(b"caf\xe9.log".to_vec());
    let cli = Cli::try_from_words([OsString::from("logstream"), odd.clone()]).unwrap();
    assert_eq!(cli.files, [odd]);
}

#[test]
fn every_flag_is_in_the_environment() {
    for argument in Cli::command().get_arguments() {
        let name = argument.get_id().as_str();
        if ["files", "follow", "version"].contains(&name) {
            continue;
        }
        let variable = argument.get_env().unwrap_or_default();
        assert_eq!(
            variable.to_string_lossy(),
            format!("LOGSTREAM_{}", name.to_uppercase())
        );
    }
}

#[test]
fn help_names_every_flag_and_the_spool() {
    let help = Cli::command().render_long_help().to_string();
    for argument in Cli::command().get_arguments() {
        if let Some(long) = argument.get_long() {
            assert!(help.contains(&format!("--{long}")), "{long}");
        }
    }
    assert!(help.contains("unlinked temporary file"));
}
