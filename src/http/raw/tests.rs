use crate::http::raw::asked_range;
use crate::http::raw::attachment;

#[test]
fn one_range_is_understood() {
    let check = |header: &str, expected: std::ops::Range<u64>| {
        assert_eq!(asked_range(header, 10), Some(expected), "{header}");
    };
    check("bytes=0-0", 0..1);
    check("bytes=2-4", 2..5);
    check("bytes=2-", 2..10);
    check("bytes=2-99", 2..10);
    check("bytes=2-99999999999999999999", 2..10);
    check("bytes=-3", 7..10);
    check("bytes=-99", 0..10);
    check("Bytes = 2-4", 2..5);
}

#[test]
fn where_there_is_nothing_nothing_can_be_given() {
    let is_empty =
        |header: &str, length| asked_range(header, length).is_some_and(|range| range.is_empty());
    for header in [
        "bytes=10-",
        "bytes=10-11",
        "bytes=-0",
        "bytes=99999999999999999999-",
    ] {
        assert!(is_empty(header, 10), "{header}");
    }
    assert!(is_empty("bytes=0-", 0));
    assert!(is_empty("bytes=-1", 0));
}

#[test]
fn what_is_not_understood_is_as_if_it_were_not_there() {
    for header in [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=4-2",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes=+1-2",
        "bytes=0x1-2",
    ] {
        assert_eq!(asked_range(header, 10), None, "{header}");
    }
}

#[test]
fn no_name_breaks_out_of_its_header() {
    assert_eq!(
        attachment("app.log"),
        r#"attachment; filename="app.log"; filename*=UTF-8''app.log"#
    );
    assert_eq!(
        attachment("a \"b\"\r\nx: é/\\;.log"),
        r#"attachment; filename="a__b___x______.log"; filename*=UTF-8''a%20%22b%22%0D%0Ax%3A%20%C3%A9%2F%5C%3B.log"#
    );
}
