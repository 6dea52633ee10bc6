use crate::http::head::Head;

#[track_caller]
fn check(expected: &str, input: &[u8]) {
    let said = match Head::of(input) {
        Head::Partial => "partial".to_owned(),
        Head::Whole(length) => format!("{length} of {}", input.len()),
        Head::Refused(error) => error.code().to_owned(),
    };
    assert_eq!(said, expected, "{}", input.escape_ascii());
}

/// With these lines between the first one and the empty one.
#[track_caller]
fn check_with(expected: &str, lines: &str) {
    let whole = format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n");
    let expected = if expected == "whole" {
        format!("{0} of {0}", whole.len())
    } else {
        expected.to_owned()
    };
    check(&expected, whole.as_bytes());
}

#[test]
fn a_head_ends_where_the_next_one_begins() {
    let one = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    check("27 of 27", one);
    check("27 of 54", &[&one[..], &one[..]].concat());
    check("24 of 24", b"GET / HTTP/1.1\nHost: a\n\n");
    check("27 of 27", b"GET / HTTP/1.0\r\nHost: a\r\n\r\n");
}

#[test]
fn every_beginning_of_a_head_is_waited_for() {
    let whole = b"GET /events?q=a HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n";
    for length in 0..whole.len() {
        check("partial", &whole[..length]);
    }
}

#[test]
fn what_is_no_http_is_refused_at_once() {
    for input in [
        &b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"[..],
        b"GET / HTTP/2.0\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n",
        b"GET /#t=token HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"{\"json\": 1}\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX : space\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
    ] {
        check("bad_request", input);
    }
}

#[test]
fn there_is_one_host() {
    check("bad_request", b"GET / HTTP/1.1\r\n\r\n");
    check("bad_request", b"GET / HTTP/1.0\r\n\r\n");
    check_with("bad_request", "host: b");
}

#[test]
fn there_is_no_body_and_no_doubt_about_it() {
    for lines in ["X: 1", "Content-Length: 0", "content-length:  000 "] {
        check_with("whole", lines);
    }
    for lines in [
        "Content-Length: 1",
        "Content-Length: 99999999999999999999999",
        "Transfer-Encoding: chunked",
        "transfer-encoding: Chunked",
    ] {
        check_with("body", lines);
    }
    for lines in [
        "Content-Length:",
        "Content-Length: +4",
        "Content-Length: -1",
        "Content-Length: 0x1",
        "Content-Length: 0, 0",
        "Content-Length: 0\r\nContent-Length: 0",
        "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ] {
        check_with("bad_request", lines);
    }
    let old = b"GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    check("bad_request", old);
}

#[test]
fn a_target_has_eight_kilobytes() {
    let with = |length: usize| format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(length));
    let most = with(8 * 1024 - 1);
    check(&format!("{0} of {0}", most.len()), most.as_bytes());
    check("target_too_long", with(8 * 1024).as_bytes());
    // Also before its end is there.
    check("target_too_long", &with(20_000).as_bytes()[..9_000]);
}

#[test]
fn a_head_has_sixteen_kilobytes_and_sixty_four_headers() {
    let value = "a".repeat(16 * 1024);
    check_with("whole", &format!("X: {}", &value[..16_000]));
    check_with("head_too_large", &format!("X: {value}"));
    let open = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {value}");
    check("head_too_large", open.as_bytes());
    check_with("whole", ["X: 1"; 63].join("\r\n").as_str());
    check_with("head_too_large", ["X: 1"; 64].join("\r\n").as_str());
}
