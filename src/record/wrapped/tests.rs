use crate::record::head::PLAIN_BYTES_MAX;
use crate::record::wrapped::text_inside;

#[track_caller]
fn check<'a>(line: &str, expected: impl Into<Option<&'a str>>) {
    let inside = text_inside(line.as_bytes());
    let inside = inside
        .as_deref()
        .map(|text| str::from_utf8(text).expect("UTF-8"));
    assert_eq!(inside, expected.into(), "in {line:?}");
}

#[test]
fn what_kubernetes_wraps_stands_behind_the_stream() {
    check("2026-11-22T10:47:02.403210987Z stdout F hello", "hello");
    check(
        "2026-11-22T10:47:02.403210987+01:00 stderr P \tat a.b",
        "\tat a.b",
    );
    check("2026-11-22T10:47:02Z stderr F ", "");
    check("2026-11-22T10:47:02Z stdout G hello", None);
    check("2026-11-22 10:47:02 stdout F hello", None);
    check("2026-11-22T10:47:02Z INFO stdout F hello", None);
}

#[test]
fn what_docker_wraps_is_unescaped() {
    check(r#"{"log":"hello\n","stream":"stdout"}"#, "hello");
    check(r#"{"log":"\tat \"a\"\\b\r\n"}"#, "\tat \"a\"\\b");
    check(r#"{"log":"\u001b[31mERROR\u001b[0m \u00e4\n"}"#, "ERROR ?");
    check(r#"{"log":"cut"#, "cut");
    check(r#"{"log":"cut\"#, "cut\\");
    check(r#"{"log":{"level":"error"}}"#, None);
    check(r#"{"msg":"hello"}"#, None);
}

#[test]
fn other_lines_are_not_wrapped() {
    for line in ["", "2026-", "{", "stdout F x", "INFO hello"] {
        check(line, None);
    }
}

#[test]
fn only_the_beginning_of_a_long_text_is_kept() {
    let line = format!("{{\"log\":\"{}\"}}", "x".repeat(1000));
    let inside = text_inside(line.as_bytes()).expect("wrapped");
    assert_eq!(inside.len(), PLAIN_BYTES_MAX);
}
