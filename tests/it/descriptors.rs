//! More files than may be open.

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

const DESCRIPTORS: usize = 256;
const FILES: usize = 400;

fn name(number: usize) -> String {
    format!("{number}.log")
}

/// So many files, and a server that cannot have all of them open.
fn many_files() -> (LogDir, Server) {
    let dir = LogDir::new();
    for number in 0..FILES {
        dir.append(&name(number), format!("first of {number}\n"));
    }
    let server = Server::start_with_descriptors(DESCRIPTORS, &[&dir.path("*.log")]);
    (dir, server)
}

#[test]
fn lines_of_more_files_than_may_be_open_arrive() {
    let (dir, server) = many_files();
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    for round in 0..3 {
        for number in 0..FILES {
            dir.append(&name(number), format!("{round} of {number}\n"));
        }
        reader.texts(FILES);
    }
    let said = server.stderr();
    assert!(!said.contains("too many"), "{said}");
}

#[test]
fn files_that_are_quiet_are_closed_for_those_that_are_not() {
    let (dir, server) = many_files();
    eventually(PATIENCE, || {
        let open = server.descriptors();
        if open < DESCRIPTORS / 2 {
            Ok(())
        } else {
            Err(format!("{open} are open"))
        }
    });
    let mut reader = server.reader(&dir, "tail=1");
    reader.texts(FILES);
    let mut late = server.reader(&dir, "tail=0");
    late.until("ping");
    for number in [0, FILES / 2, FILES - 1] {
        dir.append(&name(number), "before\n");
        dir.rename(&name(number), &format!("{}.1", name(number)));
        dir.append(&name(number), "after\n");
        late.expect(&["before", "after"]);
    }
}
