//! Where the program listens, and what it says of that.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::process::Stdio;

use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::kill_process;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::server::PROGRAM;
use crate::harness::server::Server;
use crate::harness::server::command;
use crate::harness::skip::skipped;

fn log() -> LogDir {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    dir
}

/// The first line of an answer to a request without a token.
fn status(mut stream: impl Read + Write, target: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.lines().next().expect("a status line").to_owned()
}

#[test]
fn several_addresses_share_one_port() {
    let dir = log();
    let server = Server::start(&["-b", "127.0.0.1", "-b", "127.0.0.2", &dir.path("app.log")]);
    for address in ["127.0.0.1", "127.0.0.2"] {
        let stream = TcpStream::connect((address, server.port())).expect("it listens");
        assert_eq!(
            status(stream, "/api/sources"),
            "HTTP/1.1 200 OK",
            "{address}"
        );
    }
    assert_eq!(server.stdout().lines().count(), 1, "{}", server.stdout());
}

#[test]
fn only_the_address_that_was_named_is_listened_at() {
    let dir = log();
    let server = Server::start(&["-b", "127.0.0.2", &dir.path("app.log")]);
    assert!(TcpStream::connect(("127.0.0.1", server.port())).is_err());
    assert!(
        server.stdout().starts_with("http://127.0.0.2:"),
        "{}",
        server.stdout()
    );
}

#[test]
fn sharing_prints_a_link_for_each_address_of_the_machine() {
    let dir = log();
    let server = Server::start(&["--share", &dir.path("app.log")]);
    let token = server.token();
    let share = server.get_with(
        "/api/share",
        &[("Authorization", &format!("Bearer {token}"))],
    );
    assert!(!share.text().contains(&token));
    let share = share.json();
    assert_eq!(
        (&share["access"], &share["loopback"]),
        (&"token".into(), &false.into())
    );
    let links = share["links"].as_array().expect("links").iter();
    let links: Vec<&str> = links.map(|link| link.as_str().expect("text")).collect();
    let printed: Vec<String> = links
        .iter()
        .map(|link| format!("{link}#t={token}"))
        .collect();
    let local = format!("http://localhost:{}/#t={token}", server.port());
    let expected = [vec![local], printed].concat();
    eventually(PATIENCE, || match server.stdout() {
        text if text.lines().eq(&expected) => Ok(()),
        text => Err(text),
    });
    for link in links {
        let authority = link
            .strip_prefix("http://")
            .and_then(|link| link.strip_suffix('/'));
        let stream = TcpStream::connect(authority.expect("a link")).expect("it listens");
        assert_eq!(
            status(stream, "/api/sources"),
            "HTTP/1.1 401 Unauthorized",
            "{link}"
        );
    }
    eventually(PATIENCE, || match server.stderr() {
        text if text.contains("links begin with http, not https") => Ok(()),
        text => Err(text),
    });
}

#[test]
fn on_loopback_there_is_no_link_for_others() {
    let dir = log();
    let server = Server::start(&[&dir.path("app.log")]);
    let share = server.get("/api/share").json();
    assert_eq!(share["links"].as_array().map(Vec::len), Some(0));
    assert_eq!(
        (&share["access"], &share["loopback"]),
        (&"owner".into(), &true.into())
    );
    assert!(
        !server.stderr().contains("http, not https"),
        "{}",
        server.stderr()
    );
    assert_eq!(server.get("/api/share?x=1").status(), 400);
}

#[test]
fn a_socket_in_the_file_system_is_for_its_user_only() {
    let dir = log();
    let path = dir.path("logs.sock");
    let bind = format!("unix:{path},127.0.0.1");
    let mut server = Server::start(&["-b", &bind, &dir.path("app.log")]);
    let mode = fs::metadata(&path).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let stream = UnixStream::connect(&path).expect("it listens");
    assert_eq!(status(stream, "/api/sources"), "HTTP/1.1 200 OK");
    eventually(PATIENCE, || match server.stdout() {
        text if text.ends_with(&format!("unix:{path}\n")) => Ok(()),
        text => Err(text),
    });
    assert!(server.stop().success());
    assert!(
        !fs::exists(&path).expect("a folder"),
        "the socket was left behind"
    );
}

#[test]
fn curl_reads_through_a_socket_in_the_file_system() {
    let dir = log();
    let path = dir.path("logs.sock");
    let log_path = dir.path("app.log");
    let mut program = command(&["-b", &format!("unix:{path}"), &log_path]);
    let mut program = program
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let url = "http://localhost/tail?follow=0";
    let answer = eventually(PATIENCE, || {
        match Command::new("curl")
            .args(["-sN", "--unix-socket", &path, url])
            .output()
        {
            Ok(output) if output.status.success() => Ok(Some(output.stdout)),
            Ok(output) => Err(format!("{output:?}")),
            Err(_) => Ok(None),
        }
    });
    program.kill().expect("it runs");
    program.wait().expect("it is our child");
    match answer {
        Some(lines) => assert_eq!(String::from_utf8_lossy(&lines), "one\n"),
        None => skipped("curl is missing"),
    }
}

#[test]
fn an_abandoned_socket_is_taken_over_and_one_in_use_is_not() {
    let dir = log();
    let path = dir.path("logs.sock");
    drop(UnixListener::bind(&path).expect("a socket"));
    let bind = format!("unix:{path}");
    let args = ["-b", &bind, "-b", "127.0.0.1", &dir.path("app.log")];
    let _server = Server::start(&args);
    let output = command(&args).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.contains("address already in use"), "{stderr}");
    assert_eq!(
        fs::read_to_string(dir.path("app.log")).expect("the log"),
        "one\n"
    );
    let over_a_file = [
        "-b",
        &format!("unix:{}", dir.path("app.log")),
        &dir.path("app.log"),
    ];
    let output = command(&over_a_file).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(dir.path("app.log")).expect("the log"),
        "one\n"
    );
}

#[test]
fn an_address_of_another_machine_is_said_to_be_none_of_ours() {
    let dir = log();
    let args = ["-b", "198.51.100.1", &dir.path("app.log")];
    let output = command(&args).output().expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("cannot listen on \"198.51.100.1:5647\""),
        "{stderr}"
    );
}

/// What the program says in a terminal until a line contains this; none where there is no
/// `script`, which makes one.
fn said_in_a_terminal(flags: &str, last: &str) -> Option<String> {
    let dir = log();
    let command = format!("{PROGRAM} --port 0 {flags} {}", dir.path("app.log"));
    let mut script = Command::new("script");
    script.args(["-qefc", &command, "/dev/null"]);
    script.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = script.spawn().ok()?;
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut text = String::new();
    for line in lines.map_while(Result::ok) {
        text.push_str(&line);
        text.push('\n');
        if line.contains(last) {
            break;
        }
    }
    // It passes this on; killed itself, it would leave behind a program that ignores hang-ups.
    kill_process(Pid::from_child(&child), Signal::TERM).expect("it runs");
    child.wait().expect("it is our child");
    Some(text)
}

#[test]
fn in_a_terminal_the_link_is_shown_as_a_picture_too() {
    let Some(shared) = said_in_a_terminal("--share", "http, not https") else {
        skipped("script is missing");
        return;
    };
    assert!(shared.contains("/#t="), "{shared}");
    assert!(
        shared.contains('\u{2588}') && shared.contains('\u{2580}'),
        "{shared}"
    );
    let open = said_in_a_terminal("--no-auth", "because of --no-auth");
    let open = open.expect("script is there");
    assert!(!open.contains('\u{2588}'), "{open}");
}

#[test]
fn a_browser_is_not_given_the_token_where_all_users_see_it() {
    let dir = log();
    let said = dir.path("said");
    let browser = dir.path("xdg-open");
    let script = format!(
        "#!/bin/sh\nstat -c %a \"$1\" >{said}.new; cat \"$1\" >>{said}.new; mv {said}.new {said}\n"
    );
    fs::write(&browser, script).expect("write");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).expect("a file");
    let path = format!(
        "{}:{}",
        dir.path(""),
        std::env::var("PATH").expect("a path")
    );
    let args = ["--token=correct-horse", "--open", &dir.path("app.log")];
    let server = Server::start_in_environment(("PATH", &path), &args);
    let page = eventually(PATIENCE, || {
        fs::read_to_string(&said).map_err(|e| e.to_string())
    });
    let link = format!("http://localhost:{}/#t=correct-horse", server.port());
    assert!(page.starts_with("600\n"), "{page}");
    assert!(page.contains(&link), "{page}");
}
