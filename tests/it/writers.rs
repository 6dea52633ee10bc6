//! Unusual ways to write a log: through a mapping, into a full disk.

use std::fs;
use std::process::Command;
use std::process::Stdio;

use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

/// Makes room for 64 KiB and writes two lines through a mapping, the second when it is told to.
const MAPPED: &str = r#"
import mmap, sys
file = open(sys.argv[1], "r+b")
file.truncate(65536)
room = mmap.mmap(file.fileno(), 65536)
room.write(b"one\ntw")
room.flush()
print("written", flush=True)
input()
room.write(b"o\nthree\n")
print("written", flush=True)
input()
"#;

#[test]
fn lines_written_through_a_mapping_arrive_when_they_are_written() {
    let dir = LogDir::new();
    fs::write(dir.path("app.log"), "").expect("create");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    let writer = Command::new("python3")
        .args(["-c", MAPPED, &dir.path("app.log")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut writer) = writer else {
        skipped("only python3 writes through a mapping here");
        return;
    };
    reader.expect(&["one"]);
    let mut orders = writer.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut orders, b"\n").expect("it waits");
    reader.expect(&["two", "three"]);
    drop(orders);
    writer.wait().expect("our child");
}

/// A file system of 64 KiB, unmounted when dropped.
struct SmallDisk(String);

impl SmallDisk {
    fn mount(path: String) -> Option<SmallDisk> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs", &path])
            .stderr(Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(SmallDisk(path))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l", &self.0]).status();
    }
}

#[test]
fn a_line_that_a_full_disk_cut_in_two_arrives_whole() {
    let dir = LogDir::new();
    dir.make_folder("small");
    let Some(_disk) = SmallDisk::mount(dir.path("small")) else {
        skipped("only root may mount a small disk");
        return;
    };
    fs::write(dir.path("small/filler"), vec![0; 56 << 10]).expect("there is room");
    let path = dir.path("small/app.log");
    fs::write(&path, "first\n").expect("there is room");
    let server = Server::start(&[&path]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    let line = "x".repeat(32 << 10);
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("open");
    let written = std::io::Write::write(&mut file, line.as_bytes()).expect("some of it fits");
    assert!(written < line.len(), "the disk is larger than it should be");
    fs::remove_file(dir.path("small/filler")).expect("remove");
    let rest = format!("{}\nlast\n", &line[written..]);
    std::io::Write::write_all(&mut file, rest.as_bytes()).expect("there is room again");
    reader.expect(&[line.as_str(), "last"]);
}
