//! A real nginx in front of the server, as it is set up without much thought.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;

/// It listens on a socket in the file system, so that no port has to be guessed.
pub struct Nginx {
    child: Child,
    folder: LogDir,
}

impl Nginx {
    /// With these lines in its `server` block. None where there is no nginx.
    #[track_caller]
    pub fn start(lines: &str) -> Option<Nginx> {
        let folder = LogDir::new();
        let at = folder.path("");
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {at}/{name};"))
            .concat();
        let config = format!(
            "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log;\n\
             events {{}}\n\
             http {{ access_log {at}/access.log; {places}\n\
             server {{ listen unix:{at}/socket; {lines} }} }}\n"
        );
        fs::write(folder.path("nginx.conf"), config).expect("write");
        let child = Command::new("nginx")
            .args([
                "-e",
                &folder.path("error.log"),
                "-c",
                &folder.path("nginx.conf"),
            ])
            .env(
                "PATH",
                "/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/bin",
            )
            .stdin(Stdio::null())
            .spawn()
            .ok()?;
        let nginx = Nginx { child, folder };
        eventually(PATIENCE, || {
            UnixStream::connect(nginx.socket())
                .map_err(|error| format!("{error}; {}", nginx.log("error.log")))
        });
        Some(nginx)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path("socket").into()
    }

    /// What it has noted so far.
    pub fn log(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path(name)).unwrap_or_default()
    }

    /// A request, whose answer is read as it comes.
    #[track_caller]
    pub fn open(&self, method: &str, target: &str, headers: &[&str]) -> BufReader<UnixStream> {
        let mut stream = UnixStream::connect(self.socket()).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let headers = [headers, &["Connection: close"]].concat().join("\r\n");
        let request =
            format!("{method} {target} HTTP/1.1\r\nHost: logs.example\r\n{headers}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("write");
        BufReader::new(stream)
    }

    /// A whole answer, head and all.
    #[track_caller]
    pub fn ask(&self, method: &str, target: &str, headers: &[&str]) -> String {
        let mut answer = Vec::new();
        self.open(method, target, headers)
            .read_to_end(&mut answer)
            .expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Reads until a line has this text in it; gives that line.
#[track_caller]
pub fn line_with(stream: &mut impl BufRead, text: &str) -> String {
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = stream.read_until(b'\n', &mut line).expect("it goes on");
        assert!(count > 0, "it ended before {text:?}");
        let line = String::from_utf8_lossy(&line);
        if line.contains(text) {
            return line.into_owned();
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
