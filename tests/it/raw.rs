//! The bytes of files as they are.

use std::io::Read;
use std::process::Command;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::http;
use crate::harness::http::Response;
use crate::harness::http::encoded;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

/// Bytes that no text form would keep: a mark, CRLF, what is not UTF-8, NUL, an unfinished line.
const ODD: &[u8] = b"\xef\xbb\xbfone\r\n\xff\xfe two\n\nnul \0\nlast, unfinished";

fn odd() -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append("app.log", ODD);
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server)
}

fn ask(server: &Server, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    let request = http::request(method, target, server.port(), headers);
    http::send(server.port(), request.as_bytes())
}

/// The segments of the only source: id and name, oldest first.
fn segments(server: &Server) -> Vec<(String, String)> {
    let sources = server.get("/api/sources").json();
    let segments = sources["sources"][0]["segments"]
        .as_array()
        .expect("segments")
        .clone();
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    segments
        .iter()
        .map(|segment| (text(&segment["segment"]), text(&segment["name"])))
        .collect()
}

#[test]
fn a_file_is_given_byte_for_byte() {
    let (_dir, server) = odd();
    let answer = server.get("/raw/app.log");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.body, ODD);
    assert_eq!(
        answer.header("content-length"),
        Some(&*ODD.len().to_string())
    );
    assert_eq!(answer.header("accept-ranges"), Some("bytes"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        answer.header("content-type"),
        Some("application/octet-stream")
    );
    let name = "attachment; filename=\"app.log\"; filename*=UTF-8''app.log";
    assert_eq!(answer.header("content-disposition"), Some(name));
}

#[test]
fn a_range_is_given_alone() {
    let (_dir, server) = odd();
    let length = ODD.len();
    for (range, part) in [
        ("bytes=3-5", 3..6),
        ("bytes=10-", 10..length),
        ("bytes=-4", length - 4..length),
    ] {
        let answer = ask(&server, "GET", "/raw/app.log", &[("Range", range)]);
        assert_eq!(answer.status(), 206, "{range}");
        assert_eq!(answer.body, &ODD[part.clone()], "{range}");
        let said = format!("bytes {}-{}/{length}", part.start, part.end - 1);
        assert_eq!(answer.header("content-range"), Some(&*said), "{range}");
    }
    for range in ["bytes=0-1,3-4", "bytes=x", "lines=1-2"] {
        let answer = ask(&server, "GET", "/raw/app.log", &[("Range", range)]);
        assert_eq!((answer.status(), &*answer.body), (200, ODD), "{range}");
    }
    let conditional = [("Range", "bytes=3-5"), ("If-Range", "\"another\"")];
    let answer = ask(&server, "GET", "/raw/app.log", &conditional);
    assert_eq!((answer.status(), &*answer.body), (200, ODD));
    for range in ["bytes=1000-", "bytes=-0"] {
        let answer = ask(&server, "GET", "/raw/app.log", &[("Range", range)]);
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (416, "bad_range"),
            "{range}"
        );
        assert_eq!(
            answer.header("content-range"),
            Some(&*format!("bytes */{length}"))
        );
    }
}

#[test]
fn a_head_says_how_long_it_is() {
    let (_dir, server) = odd();
    let answer = ask(&server, "HEAD", "/raw/app.log", &[]);
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.header("content-length"),
        Some(&*ODD.len().to_string())
    );
    assert_eq!(answer.body, b"");
    let answer = ask(&server, "HEAD", "/raw/app.log", &[("Range", "bytes=3-5")]);
    assert_eq!(
        (answer.status(), answer.header("content-length")),
        (206, Some("3"))
    );
}

#[test]
fn an_empty_file_has_no_bytes_and_a_missing_one_no_answer() {
    let dir = LogDir::new();
    dir.append("empty.log", "");
    let server = Server::start(&[&dir.path("empty.log"), &dir.path("missing.log")]);
    let answer = server.get("/raw/empty.log");
    assert_eq!((answer.status(), &*answer.body), (200, &b""[..]));
    let answer = server.get("/raw/missing.log");
    assert_eq!(
        (answer.status(), answer.code().as_str()),
        (404, "no_segment")
    );
}

#[test]
fn lines_are_given_with_their_ends() {
    let (_dir, server) = odd();
    let (segment, _) = segments(&server).remove(0);
    let lines = |offset: usize, n: &str| {
        server
            .get(&format!("/raw/app.log?lines={segment}.{offset}{n}"))
            .body
    };
    assert_eq!(lines(0, ""), &ODD[..8]);
    assert_eq!(lines(8, "&n=2"), &ODD[8..16]);
    assert_eq!(lines(8, "&n=3"), &ODD[8..22]);
    assert_eq!(lines(22, "&n=5"), b"last, unfinished");
    assert_eq!(lines(ODD.len(), "&n=1"), b"");
    // The rest of a line that was cut.
    assert_eq!(lines(10, ""), b" two\n");
    let target = format!("/raw/app.log?lines={segment}.8&n=3");
    let answer = ask(&server, "GET", &target, &[("Range", "bytes=1-2")]);
    assert_eq!((answer.status(), &*answer.body), (206, &ODD[9..11]));
    assert_eq!(answer.header("content-range"), Some("bytes 1-2/14"));
}

#[test]
fn the_rest_of_a_cut_line_can_be_had() {
    let dir = LogDir::new();
    let long = "0123456789".repeat(2_000_000);
    dir.append("app.log", format!("first\n{long}\r\nlast\n"));
    let server = Server::start(&[&dir.path("app.log")]);
    let (segment, _) = segments(&server).remove(0);
    let answer = server.get(&format!("/raw/app.log?lines={segment}.{}&n=1", 6 + 65_536));
    assert_eq!(answer.text(), format!("{}\r\n", &long[65_536..]));
    let target = format!("/raw/app.log?lines={segment}.6&n=1");
    let answer = ask(&server, "GET", &target, &[("Range", "bytes=-4")]);
    assert_eq!(answer.text(), "89\r\n");
}

#[test]
fn rotated_and_compressed_files_are_given_as_text() {
    let dir = LogDir::new();
    dir.append("app.log", "of the oldest\n");
    dir.rotate("app.log");
    dir.append("app.log", "of the middle\nunfinished");
    dir.rotate("app.log");
    dir.append("app.log", "of the newest\n");
    let packed = Command::new("gzip")
        .arg(dir.path("app.log.2"))
        .status()
        .expect("gzip");
    assert!(packed.success());
    let server = Server::start(&[&dir.path("app.log")]);
    let segments = segments(&server);
    let given: Vec<(String, String)> = segments
        .iter()
        .map(|(segment, _)| {
            let answer = server.get(&format!("/raw/app.log?segment={segment}"));
            let name = answer.header("content-disposition").expect("a name");
            let name = name.split('"').nth(1).expect("a name").to_owned();
            (name, answer.text())
        })
        .collect();
    let expected = [
        ("app.log.2", "of the oldest\n"),
        ("app.log.1", "of the middle\nunfinished"),
        ("app.log", "of the newest\n"),
    ];
    assert_eq!(
        given,
        expected.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
    let target = format!("/raw/app.log?segment={}", segments[0].0);
    let answer = ask(&server, "GET", &target, &[("Range", "bytes=3-5")]);
    assert_eq!((answer.status(), answer.text().as_str()), (206, "the"));
}

#[test]
fn a_source_is_named_by_its_name_or_id_and_nothing_else_is() {
    let dir = LogDir::new();
    dir.append("strange #1 ä?.log", "strange\n");
    dir.append("other.log", "other\n");
    dir.append("secret.txt", "secret\n");
    dir.make_folder("a");
    dir.make_folder("b");
    dir.append("a/app.log", "in a\n");
    dir.append("b/app.log", "in b\n");
    let server = Server::start(&[&dir.path("*.log"), &dir.path("*/app.log")]);
    let sources = server.get("/api/sources").json();
    let mut texts = Vec::new();
    for source in sources["sources"].as_array().expect("sources") {
        let by = |key: &str| {
            let name = encoded(source[key].as_str().expect("a text"));
            server.get(&format!("/raw/{name}")).text()
        };
        assert_eq!(by("source"), by("id"));
        texts.push(by("id"));
    }
    texts.sort();
    assert_eq!(texts, ["in a\n", "in b\n", "other\n", "strange\n"]);
    for name in [
        "",
        "secret.txt",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "other.log/",
        "%252e%252e/",
        "a%00b",
        "%ff",
        "a%0d%0aSet-Cookie:x=1",
    ] {
        let answer = server.get(&format!("/raw/{name}"));
        assert_eq!(answer.status(), 404, "{name}");
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[test]
fn with_a_boundary_nobody_gets_what_it_drops() {
    let dir = LogDir::new();
    dir.append("app.log", "INFO public\nERROR secret\n");
    for flags in [
        ["-e", "public"],
        ["-x", "secret"],
        ["-l", "info,"],
        ["--since", "-3h"],
    ] {
        let server = Server::start(&[flags[0], flags[1], &dir.path("app.log")]);
        let (segment, _) = segments(&server).remove(0);
        for target in [
            "",
            "?n=1",
            &format!("?lines={segment}.0"),
            &format!("?segment={segment}"),
        ] {
            for headers in [&[][..], &[("Range", "bytes=12-")]] {
                let answer = ask(&server, "GET", &format!("/raw/app.log{target}"), headers);
                assert_eq!(
                    (answer.status(), answer.code().as_str()),
                    (403, "filtered"),
                    "{flags:?} {target}"
                );
                assert!(!answer.text().contains("secret"));
            }
        }
    }
}

#[test]
fn bytes_of_another_file_are_never_given() {
    let dir = LogDir::new();
    dir.append("app.log", "the first beginning\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let (old, _) = segments(&server).remove(0);
    dir.rewrite("app.log", "another beginning of the same file\n");
    let target = format!("/raw/app.log?segment={old}");
    eventually(PATIENCE, || {
        let answer = server.get(&target);
        assert!(!answer.text().contains("another"), "{}", answer.text());
        let (status, code) = (answer.status(), answer.code());
        if status == 410 && code == "gone" {
            Ok(())
        } else {
            Err(format!("{status} {code}"))
        }
    });
    let (new, _) = segments(&server).pop().expect("a segment");
    let lines = |offset: u64| server.get(&format!("/raw/app.log?lines={new}.{offset}"));
    assert_eq!(lines(35).status(), 200);
    assert_eq!(lines(36).status(), 410);
    assert_eq!(
        server.get("/raw/app.log?segment=00000001").code(),
        "no_segment"
    );
}

#[test]
fn a_file_that_gets_shorter_breaks_the_answer_off() {
    let dir = LogDir::new();
    let text = "a line of some length\n".repeat(1_000_000);
    dir.append("app.log", &text);
    let server = Server::start(&[&dir.path("app.log")]);
    let request = http::request("GET", "/raw/app.log", server.port(), &[]);
    let (head, mut body) = http::open(server.port(), request.as_bytes()).expect("an answer");
    assert_eq!(
        head.header("content-length"),
        Some(&*text.len().to_string())
    );
    let mut first = vec![0; 1 << 16];
    body.read_exact(&mut first).expect("the beginning");
    // As long as before, so that only a look at the bytes tells.
    dir.rewrite("app.log", "ANOTHER LINE, AS LONG\n".repeat(1_000_000));
    let mut rest = Vec::new();
    let error = body
        .read_to_end(&mut rest)
        .expect_err("the answer breaks off");
    assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof, "{error}");
    assert!(!rest.contains(&b'A'), "bytes of the new file");
}

#[test]
fn a_long_download_takes_no_memory() {
    let dir = LogDir::new();
    dir.append("app.log", "a line of some length\n".repeat(5_000_000));
    let server = Server::start(&[&dir.path("app.log")]);
    server.get("/raw/app.log?n=1&lines=00000001.0");
    let before = server.memory();
    let request = http::request("GET", "/raw/app.log", server.port(), &[]);
    let (_, mut body) = http::open(server.port(), request.as_bytes()).expect("an answer");
    let mut buffer = vec![0; 1 << 20];
    let mut read = 0;
    let mut most = 0;
    while let Ok(count @ 1..) = body.read(&mut buffer) {
        read += count;
        most = most.max(server.memory());
    }
    assert_eq!(read, 110_000_000);
    assert!(
        most.saturating_sub(before) < 4 << 20,
        "{before} then {most}"
    );
}

#[test]
fn bad_parameters_are_refused() {
    let (_dir, server) = odd();
    let (segment, _) = segments(&server).remove(0);
    let check = |query: &str, code: &str| {
        let answer = server.get(&format!("/raw/app.log?{query}"));
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (400, code),
            "{query}"
        );
    };
    check("f=/etc/passwd", "bad_query");
    check("n=1", "bad_query");
    check(&format!("lines={segment}.0&n=0"), "bad_query");
    check(&format!("lines={segment}.0&n=-1"), "bad_query");
    check(&format!("lines={segment}.0&segment={segment}"), "bad_query");
    check(&format!("lines={segment}.0&lines={segment}.0"), "bad_query");
    check(&format!("lines={segment}.-1"), "bad_position");
    check("lines=x", "bad_position");
    check("segment=x", "bad_position");
}
