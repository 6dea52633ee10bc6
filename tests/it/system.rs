//! What the system does to whoever follows a file: limits, permissions, sizes.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::os::unix::fs::FileExt;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

/// Takes all watchers that this user may have, and says so.
const TAKE_WATCHERS: &str = "
import ctypes, sys
libc = ctypes.CDLL(None)
while libc.inotify_init() >= 0:
    pass
print('none is left', flush=True)
sys.stdin.read()
";

/// All watchers of the user who owns nothing are taken while this lives.
struct NoWatchers(Child);

impl NoWatchers {
    fn take() -> Option<NoWatchers> {
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        let mut child = Command::new("setpriv")
            .args(nobody)
            .args(["python3", "-c", TAKE_WATCHERS])
            // Not one in the folder of whoever runs the tests.
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let stdout = child.stdout.take().expect("a pipe");
        let said = BufReader::new(stdout).lines().next();
        let is_taken = matches!(said, Some(Ok(_)));
        let taken = NoWatchers(child);
        is_taken.then_some(taken)
    }
}

impl Drop for NoWatchers {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn without_watchers_files_are_polled_with_one_warning() {
    let dir = LogDir::new();
    dir.set_mode("", 0o755);
    dir.append("app.log", "");
    let Some(_none) = NoWatchers::take() else {
        skipped("only root with setpriv and python3 can take all watchers of a user");
        return;
    };
    let server = Server::start_as_nobody(&[&dir.path("*.log")]).expect("setpriv works");
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    for round in 0..3 {
        let text = format!("round {round}");
        dir.append("app.log", format!("{text}\n"));
        dir.append(&format!("{round}.log"), format!("new in {text}\n"));
        let mut texts = reader.texts(2);
        texts.sort();
        assert_eq!(texts, [format!("new in {text}"), text]);
    }
    let said = server.stderr();
    let warnings = said.matches("so files are polled").count();
    assert_eq!(warnings, usize::from(!said.is_empty()), "{said}");
    if std::env::var_os("LOGSTREAM_POLL").is_none() {
        assert!(said.contains("max_user_instances"), "{said}");
    }
}

#[test]
fn folders_for_which_there_is_no_watch_are_polled_with_one_warning() {
    let dir = LogDir::new();
    let names = ["a", "b", "c"].map(|folder| {
        dir.make_folder(folder);
        let name = format!("{folder}/app.log");
        dir.append(&name, "");
        name
    });
    let paths = names.each_ref().map(|name| dir.path(name));
    let Some(server) = Server::start_with_watches(1, &paths.each_ref().map(String::as_str)) else {
        skipped("only who may make a user namespace can lower the limit of watches");
        return;
    };
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    for round in 0..3 {
        let lines = names.each_ref().map(|name| format!("{round} in {name}"));
        for (name, line) in names.iter().zip(&lines) {
            dir.append(name, format!("{line}\n"));
        }
        let mut texts = reader.texts(names.len());
        texts.sort();
        assert_eq!(texts, lines);
    }
    let said = server.stderr();
    let polls = std::env::var_os("LOGSTREAM_POLL").is_some();
    let warnings = said.matches("max_user_watches").count();
    assert_eq!(warnings, usize::from(!polls), "{said}");
}

#[test]
fn a_folder_that_may_not_be_entered_for_a_while_is_followed_on() {
    let dir = LogDir::new();
    dir.set_mode("", 0o755);
    dir.make_folder("logs");
    dir.append("logs/app.log", "one\n");
    let Some(server) = Server::start_as_nobody(&[&dir.path("logs/app.log")]) else {
        skipped("only root with setpriv can start the server as another user");
        return;
    };
    let mut reader = server.reader(&dir, "");
    reader.expect(&["one"]);
    dir.set_mode("logs", 0o000);
    server.wait_for_state("app.log", "unreadable");
    dir.append("logs/app.log", "two\n");
    dir.set_mode("logs", 0o755);
    server.wait_for_state("app.log", "live");
    dir.rotate("logs/app.log");
    dir.append("logs/app.log", "three\n");
    reader.expect(&["two", "three"]);
}

#[test]
fn lines_behind_four_gigabytes_have_their_place() {
    let dir = LogDir::new();
    let place = 5 << 30;
    let file = fs::File::create(dir.path("app.log")).expect("create");
    file.write_all_at(b"first\n", 0).expect("write");
    file.write_all_at(b"\nbefore\nlast\n", place)
        .expect("write");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.unchecked_reader("tail=1");
    let line = reader.line();
    assert_eq!((line.text.as_str(), line.offset), ("last", place + 8));
    dir.append("app.log", "new\n");
    let line = reader.line();
    assert_eq!((line.text.as_str(), line.offset), ("new", place + 13));
}

#[test]
fn a_file_that_may_only_be_appended_to_is_followed() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let attribute = |flag: &str| {
        let changed = Command::new("chattr")
            .args([flag, &dir.path("app.log")])
            .stderr(Stdio::null())
            .status();
        changed.is_ok_and(|status| status.success())
    };
    if !attribute("+a") {
        skipped("only root can make a file append-only, and not on every file system");
        return;
    }
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "");
    reader.expect(&["one"]);
    dir.append("app.log", "two\n");
    reader.expect(&["two"]);
    assert!(attribute("-a"), "or the folder stays");
}
