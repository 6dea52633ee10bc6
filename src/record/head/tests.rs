use crate::record::head::Fields;
use crate::record::head::head;

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let found: Vec<(String, String)> = Fields::of(text.as_bytes())
        .into_iter()
        .flatten()
        .map(|(key, value)| (string(key), string(value)))
        .collect();
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(key, value)| (&**key, &**value))
        .collect();
    assert_eq!(found, expected, "in {text:?}");
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn json_is_walked_as_if_it_were_flat() {
    check(
        r#"{"a":"b","n":1.5,"t":true}"#,
        &[("a", "b"), ("n", "1.5"), ("t", "true")],
    );
    check(
        r#"{ "o" : { "k" : "v" }, "l": ["x", "y"], "z": null }"#,
        &[("k", "v"), ("z", "null")],
    );
    check(
        r#"{"a":"say \"b\":1","c":"\\"}"#,
        &[("a", r#"say \"b\":1"#), ("c", r"\\")],
    );
}

#[test]
fn logfmt_takes_quotes_and_skips_bare_words() {
    check(
        r#"a=1 b="two three" word c= d="#,
        &[("a", "1"), ("b", "two three"), ("c", ""), ("d", "")],
    );
    check("log.level=warn @x=y", &[("log.level", "warn"), ("@x", "y")]);
}

#[test]
fn other_texts_have_no_fields() {
    for text in ["", "{", "{}", "{x}", "a b=1", "=1", "1=2", "[\"a\":1]"] {
        check(text, &[]);
    }
}

#[test]
fn a_text_that_was_cut_ends_quietly() {
    let whole = r#"{"a":"b\"c","d":{"e":12}}"#;
    for end in 0..whole.len() {
        Fields::of(&whole.as_bytes()[..end])
            .into_iter()
            .flatten()
            .for_each(drop);
    }
}

#[test]
fn colour_codes_are_left_out() {
    let plain = |line: &str| string(&head(line.as_bytes()));
    assert_eq!(plain("a\x1b[1;31mb\x1b[0mc"), "abc");
    assert_eq!(plain("a\x1b["), "a");
    assert_eq!(plain("none"), "none");
}

#[test]
fn a_line_gives_a_bounded_number_of_fields() {
    let line = "a=1 ".repeat(1000);
    assert_eq!(Fields::of(line.as_bytes()).map(Iterator::count), Some(64));
}
