//! As many as there may be, what each costs, and what is said to one more: streams of one address,
//! filters, descriptors, memory. What floods and hostile connections cost is in [`crate::hostile`].

use std::fs;
use std::io::Read;
use std::io::Write;
use std::net::IpAddr;
use std::net::TcpStream;
use std::net::UdpSocket;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use rustix::process::Pid;
use rustix::process::Resource;
use rustix::process::Rlimit;
use rustix::process::getrlimit;
use rustix::process::prlimit;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::http;
use crate::harness::http::Body;
use crate::harness::http::Head;
use crate::harness::log_dir::LogDir;
use crate::harness::server::PROGRAM;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

/// Streams that one address may have open.
const STREAMS_PER_ADDRESS: usize = 64;

/// A stream, which is open as long as its body is kept.
#[track_caller]
fn stream(server: &Server, query: &str, headers: &[(&str, &str)]) -> (Head, Body) {
    let target = format!("/events?{query}");
    let request = http::request("GET", &target, server.port(), headers);
    http::open(server.port(), request.as_bytes()).expect("an answer")
}

/// Waits until one more stream like this is let in.
#[track_caller]
fn is_let_in(server: &Server, query: &str, headers: &[(&str, &str)]) {
    eventually(PATIENCE, || match stream(server, query, headers).0.status {
        200 => Ok(()),
        other => Err(other.to_string()),
    });
}

#[track_caller]
fn is_too_much(answer: &(Head, Body)) {
    assert_eq!(answer.0.status, 429);
    assert_eq!(answer.0.header("retry-after"), Some("5"));
}

#[test]
fn one_reader_behind_a_proxy_has_so_many_streams_and_others_have_theirs() {
    let (_dir, server) = Server::of_one_line(&["--no-auth", "--trusted-proxy=127.0.0.0/8"]);
    let from = |address| stream(&server, "", &[("X-Forwarded-For", address)]);
    let mut open: Vec<_> = (0..STREAMS_PER_ADDRESS)
        .map(|_| from("192.0.2.7"))
        .collect();
    assert!(open.iter().all(|(head, _)| head.status == 200));
    is_too_much(&from("192.0.2.7"));
    assert_eq!(from("192.0.2.8").0.status, 200);
    assert_eq!(stream(&server, "", &[]).0.status, 200, "this machine");
    // Pages that end are not streams.
    let one = [("X-Forwarded-For", "192.0.2.7")];
    assert_eq!(server.get_with("/api/history", &one).status(), 200);
    drop(open.pop());
    is_let_in(&server, "", &one);
}

/// The address under which others of the network know this machine, if it is in one. Nothing is
/// sent: it is only looked up by which way that would go.
fn network_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

#[test]
fn one_address_of_the_network_has_so_many_streams() {
    let Some(address) = network_address() else {
        return skipped("this machine is in no network");
    };
    let bind = format!("--bind={address}");
    let (_dir, server) = Server::of_one_line(&["--no-auth", &bind]);
    let open = || {
        let mut stream = TcpStream::connect((address, server.port())).expect("it listens");
        let request = http::request("GET", "/events", server.port(), &[]);
        stream.write_all(request.as_bytes()).expect("write");
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("an answer");
        (String::from_utf8_lossy(&status).into_owned(), stream)
    };
    let all: Vec<_> = (0..STREAMS_PER_ADDRESS).map(|_| open()).collect();
    assert!(all.iter().all(|(status, _)| status == "HTTP/1.1 200"));
    assert_eq!(open().0, "HTTP/1.1 429", "H58");
}

#[test]
fn so_many_filters_and_any_number_of_streams_with_the_same() {
    let (_dir, server) = Server::of_one_line(&["--no-auth", "--max-filters=2"]);
    let open = |query: &str| {
        let answer = stream(&server, query, &[]);
        assert_eq!(answer.0.status, 200, "{query}");
        answer
    };
    let one = open("q=one");
    let same = [open("q=one"), open("q=one&since=-3h"), open("q=two")];
    let _without = [open(""), open("level=warn"), open("tail=0")];
    is_too_much(&stream(&server, "q=three", &[]));
    is_too_much(&stream(&server, "x=one", &[]));
    let tail = server.get("/tail?q=three&follow=0");
    assert_eq!(
        (tail.status(), tail.code().as_str()),
        (429, "too_many_requests")
    );
    // Pages and searches keep no filter.
    assert_eq!(server.get("/api/history?q=three").status(), 200);
    assert_eq!(server.get("/api/search?q=three").status(), 200);
    drop((one, same));
    is_let_in(&server, "q=three", &[]);
}

#[test]
fn who_wants_very_many_streams_is_told_what_it_takes() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let flags = ["--max-streams", "2000", &dir.path("app.log")];
    let start = |descriptors: u32| {
        let limited = format!("ulimit -n {descriptors} && exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited, PROGRAM]).args(flags);
        command.output().expect("it ends")
    };
    let refused = start(2000);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    let needed = said.split("of ").nth(1).and_then(|rest| {
        let digits = rest.split(' ').next()?;
        digits.parse::<usize>().ok()
    });
    let needed = needed.unwrap_or_else(|| panic!("no number in {said:?}"));
    assert!(needed < 3000, "{said}");
    let server = Server::start_with_descriptors(needed, &flags);
    assert_eq!(server.get("/healthz").status(), 200);
}

#[test]
fn a_long_line_leaves_nothing_large_behind_for_each_of_its_readers() {
    const READERS: u64 = 300;
    const BYTES_EACH: u64 = 30 << 10;
    /// For what is kept for all of them.
    const BYTES: u64 = 6 << 20;
    let (dir, server) = Server::of_one_line(&["--no-auth"]);
    let open = |_| {
        let mut reader = server.reader(&dir, "tail=0");
        reader.until("ping");
        reader
    };
    let mut readers: Vec<_> = (0..READERS).map(open).collect();
    let before = server.memory();
    dir.append("app.log", ("long ".repeat(12_000) + "\n").repeat(7));
    for reader in &mut readers {
        reader.texts(7);
    }
    let grown = server.memory().saturating_sub(before);
    let most = BYTES + READERS * BYTES_EACH;
    assert!(grown < most, "{} KiB", grown >> 10);
}

/// Ticks of the processor that it has used; there are a hundred in a second.
fn ticks(server: &Server) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid())).expect("alive");
    let (_, fields) = stat.rsplit_once(')').expect("a name");
    let fields = fields.split_whitespace().skip(11).take(2);
    fields
        .map(|field| field.parse::<u64>().expect("ticks"))
        .sum()
}

#[test]
fn without_descriptors_it_waits_at_rest_and_goes_on_when_there_are_some() {
    let (dir, server) = Server::of_one_line(&["--no-auth"]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    let pid = Pid::from_raw(server.pid().cast_signed());
    let most = getrlimit(Resource::Nofile).maximum;
    let allow = |descriptors| {
        let limit = Rlimit {
            current: Some(descriptors),
            maximum: most,
        };
        prlimit(pid, Resource::Nofile, limit).expect("the program is ours")
    };
    let limit = allow(server.descriptors() as u64 + 2);
    let mut late: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("a queue");
            stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
            let request = http::request("GET", "/healthz", server.port(), &[]);
            stream.write_all(request.as_bytes()).expect("write");
            stream
        })
        .collect();
    let complaint = "Too many open files";
    eventually(PATIENCE, || {
        let said = server.stderr();
        let has_said = said.contains(complaint);
        if has_said { Ok(()) } else { Err(said) }
    });
    reader.expect(&dir.append_lines("app.log", 0..10));
    let used = ticks(&server);
    // Five seconds, in which it tries again ten times.
    reader.until("ping");
    reader.until("ping");
    let used = ticks(&server) - used;
    assert!(
        used < 50,
        "{used} hundredths of a second of the processor in five"
    );
    assert_eq!(server.stderr().matches(complaint).count(), 1);
    allow(limit.current.expect("it was raised"));
    for stream in &mut late {
        let mut status = [0; 12];
        stream.read_exact(&mut status).expect("an answer");
        assert_eq!(&status, b"HTTP/1.1 200");
    }
    reader.expect(&dir.append_lines("app.log", 10..20));
}

/// A group of processes with a limit for their memory; removed when dropped.
struct Group {
    folder: PathBuf,
    file: &'static str,
}

impl Group {
    /// Below the group of this process. None where that is not allowed.
    fn with_limit(bytes: u64) -> Option<Group> {
        let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
        let (root, path, file) = groups.lines().find_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let (controllers, path) = (parts.next()?, parts.next()?);
            let root = Path::new("/sys/fs/cgroup");
            match controllers {
                "" if root.join("cgroup.controllers").exists() => {
                    Some((root.to_owned(), path, "memory.max"))
                }
                "memory" => Some((root.join("memory"), path, "memory.limit_in_bytes")),
                _ => None,
            }
        })?;
        let folder = root.join(path.trim_start_matches('/'));
        let folder = folder.join(format!("logstream-test-{}", std::process::id()));
        fs::create_dir(&folder).ok()?;
        let group = Group { folder, file };
        group.limit(bytes).ok()?;
        Some(group)
    }

    fn limit(&self, bytes: u64) -> std::io::Result<()> {
        fs::write(self.folder.join(self.file), bytes.to_string())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Its processes have to be gone, which takes a moment.
        eventually(PATIENCE, || {
            fs::remove_dir(&self.folder).map_err(|error| format!("not removed: {error}"))
        });
    }
}

#[test]
fn where_memory_is_short_nothing_is_begun_that_lasts() {
    const LIMIT: u64 = 20 << 20;
    let Some(group) = Group::with_limit(LIMIT) else {
        return skipped("there can be no group of processes with a limit for memory");
    };
    let dir = LogDir::new();
    dir.append("app.log", "");
    let path = dir.path("app.log");
    let server = Server::start_in_group(&group.folder, &["--no-auth", &path]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    // It read its limit when it started, and is not killed by it now.
    group.limit(LIMIT * 100).expect("the group is ours");
    // The newest lines are kept, up to more than three quarters of that.
    let lines = ("a line of a hundred bytes ".repeat(4) + "\n").repeat(2_000);
    for _ in 0..100 {
        dir.append("app.log", &lines);
        reader.texts(2_000);
    }
    for target in ["/events", "/tail", "/api/search?q=a", "/raw/app.log"] {
        let answer = server.get(target);
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (503, "busy"),
            "{target}"
        );
        assert_eq!(answer.header("retry-after"), Some("5"), "{target}");
    }
    for target in ["/", "/healthz", "/api/sources", "/api/history?limit=1"] {
        assert_eq!(server.get(target).status(), 200, "{target}");
    }
    reader.expect(&dir.append_lines("app.log", 0..10));
    drop((reader, server));
}
