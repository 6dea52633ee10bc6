//! Flags, exit codes, what is printed where.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use rustix::process::Signal;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::server::command;

fn run(args: &[&str]) -> Output {
    command(args).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The program refuses these arguments with this exit code, prints nothing on stdout, and says all
/// of this on stderr.
#[track_caller]
fn refused(args: &[&str], code: i32, said: &[&str]) -> String {
    let output = run(args);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
    assert_eq!(text(&output.stdout), "", "{args:?}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    for words in said {
        assert!(stderr.contains(words), "no {words:?} in: {stderr}");
    }
    stderr
}

/// Compares with a file of `tests/golden`; with `UPDATE_GOLDEN=1` writes it.
#[track_caller]
fn golden(name: &str, seen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, seen).expect("write");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        seen,
        expected,
        "differs from {}; UPDATE_GOLDEN=1 rewrites it",
        path.display()
    );
}

#[test]
fn the_help_is_this() {
    let long = run(&["--help"]);
    assert!(long.status.success());
    golden("help.txt", &text(&long.stdout));
    let short = run(&["-h"]);
    assert!(short.status.success());
    golden("help-short.txt", &text(&short.stdout));
}

#[test]
fn the_version_is_the_packages() {
    for flag in ["-V", "--version"] {
        let output = run(&[flag]);
        assert!(output.status.success());
        assert_eq!(
            text(&output.stdout),
            concat!("logstream ", env!("CARGO_PKG_VERSION"), "\n")
        );
    }
}

#[test]
fn no_path_is_wrong_usage_with_an_example() {
    refused(
        &[],
        2,
        &[
            "error: no file given\n",
            "  tip: ",
            "logstream /var/log/app.log",
            "--demo",
        ],
    );
}

#[test]
fn a_bad_flag_is_wrong_usage() {
    refused(&["--nope", "app.log"], 2, &["--nope"]);
    refused(&["--port", "65536", "app.log"], 2, &["65536"]);
    refused(&["--port", "http", "app.log"], 2, &["http"]);
    refused(&["--lines", "many", "app.log"], 2, &["many"]);
    refused(&["--lines", "+5", "app.log"], 2, &["+5"]);
    refused(&["--level", "loud", "app.log"], 2, &["loud"]);
}

#[test]
fn a_bad_regex_is_wrong_usage_with_a_caret() {
    for flag in ["-e", "-x"] {
        let stderr = refused(&[flag, "ab(c", "app.log"], 2, &["unclosed group"]);
        let lines: Vec<&str> = stderr.lines().collect();
        let pattern = lines
            .iter()
            .position(|line| line.contains("ab(c"))
            .expect("the pattern");
        let caret = lines[pattern + 1].find('^').expect("a caret below it");
        assert_eq!(lines[pattern].find('('), Some(caret), "{stderr}");
    }
}

#[test]
fn a_bad_pattern_is_wrong_usage() {
    refused(&["logs/[z-a].log"], 2, &["[z-a].log"]);
}

#[test]
fn a_port_in_use_is_said_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    refused(
        &["--port", &port, "app.log"],
        2,
        &[
            "cannot listen",
            &port,
            "address already in use",
            "  tip: use --port 0",
        ],
    );
}

#[test]
fn the_flags_of_tail_are_understood() {
    let dir = LogDir::new();
    let texts = dir.append_lines("app.log", 0..5);
    for flags in [
        &["-f", "-n2"][..],
        &["-F", "-n", "2"],
        &["-n", "-2", "--follow"],
    ] {
        let path = dir.path("app.log");
        let server = Server::start(&[flags, &[&path]].concat());
        server.reader(&dir, "").expect(&texts[3..]);
    }
}

#[test]
fn stdout_is_the_address_and_nothing_else() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let mut server = Server::start(&[&dir.path("app.log"), &dir.path("missing.log")]);
    server.reader(&dir, "").expect(&["one"]);
    dir.rotate("app.log");
    assert!(server.stop().success());
    let address = format!("http://localhost:{}/\n", server.port());
    assert_eq!(server.stdout(), address);
}

#[test]
fn quiet_is_quiet() {
    let dir = LogDir::new();
    let mut server = Server::start(&["-q", &dir.path("missing.log")]);
    assert!(server.stop().success());
    assert_eq!(server.stderr(), "");
}

#[test]
fn a_flag_may_stand_in_the_environment() {
    let dir = LogDir::new();
    let output = command(&[&dir.path("app.log")])
        .env("LOGSTREAM_REGEXP", "ab(c")
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("unclosed group"));
}

#[test]
fn standard_input_is_a_source() {
    let (mut server, mut stdin) = Server::start_reading_stdin(&["-"]);
    let mut reader = server.unchecked_reader("tail=0");
    let source = reader.event();
    assert_eq!(source.str("source"), "stdin");
    reader.until("ping");
    stdin.write_all(b"one\ntwo\nunfin").expect("it reads");
    reader.expect(&["one", "two"]);
    stdin.write_all(b"ished\n").expect("it reads");
    let line = reader.line();
    assert_eq!((line.text.as_str(), line.offset), ("unfinished", 8));
    stdin.write_all(b"no line feed").expect("it reads");
    drop(stdin);
    reader.expect(&["no line feed"]);
    // A reader that comes after the end still gets the lines.
    let mut late = server.unchecked_reader("tail=2");
    late.expect(&["unfinished", "no line feed"]);
    assert!(server.stop().success());
}

#[test]
fn the_demo_writes_lines_and_cleans_up() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = LogDir::new();
        let mut server = Server::start_in(&folder, &["--demo"]);
        let mut reader = server.unchecked_reader("tail=5");
        reader.texts(10);
        assert_eq!(entries(&folder), 1, "the demo's folder");
        server.signal(signal);
        assert!(server.wait().success(), "{signal:?}");
        eventually(PATIENCE, || match entries(&folder) {
            0 => Ok(()),
            count => Err(format!("{count} entries left behind")),
        });
    }
}

fn entries(folder: &LogDir) -> usize {
    fs::read_dir(folder.path("")).expect("a folder").count()
}

#[test]
fn the_followed_file_is_not_written_to_and_not_locked() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    server.reader(&dir, "").expect(&["one"]);
    let before = fs::metadata(dir.path("app.log")).expect("it is there");
    server.reader(&dir, "tail=1").expect(&["one"]);
    let after = fs::metadata(dir.path("app.log")).expect("it is there");
    assert_eq!(
        before.modified().expect("a time"),
        after.modified().expect("a time")
    );
    assert_eq!(after.len(), 4);
    for entry in fs::read_dir(format!("/proc/{}/fd", server.pid())).expect("alive") {
        let entry = entry.expect("an entry");
        if fs::read_link(entry.path()).is_ok_and(|target| target.ends_with("app.log")) {
            let name = entry.file_name().into_string().expect("a number");
            let info = fs::read_to_string(format!("/proc/{}/fdinfo/{name}", server.pid()));
            let flags = info.expect("alive");
            let flags = flags
                .lines()
                .find_map(|line| line.strip_prefix("flags:"))
                .expect("flags");
            assert!(flags.trim().ends_with('0'), "opened for writing: {flags}");
            return;
        }
    }
}

#[test]
fn two_servers_may_follow_one_file() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let servers = [0, 1].map(|_| Server::start(&[&dir.path("app.log")]));
    for server in &servers {
        server.reader(&dir, "").expect(&["one"]);
    }
}

#[test]
fn a_wrong_argument_is_repeated_without_what_a_terminal_obeys() {
    let stderr = refused(&["--x\u{1b}[2J\u{202e}"], 2, &[r"--x\u{1b}[2J\u{202e}"]);
    assert!(!stderr.contains(['\u{1b}', '\u{202e}']), "{stderr}");
}
