//! The real binary, started on a free port and ended with the test.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::process::Child;
use std::process::ChildStdin;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::kill_process;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::http;
use crate::harness::http::Response;
use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;

/// The program's path.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_logstream");

/// Makes every server of a run look at the files by polling alone.
const POLL: &str = "LOGSTREAM_POLL";

/// The program as a command: nothing inherited that could change what it does.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    prepare(&mut command, args);
    command
}

fn prepare(command: &mut Command, args: &[&str]) {
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == POLL))
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

/// A running server. It is killed when dropped.
pub struct Server {
    child: Child,
    args: Vec<String>,
    port: u16,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Server {
    /// Starts the program with these arguments on a free port.
    #[track_caller]
    pub fn start(args: &[&str]) -> Server {
        Server::spawn(command(&with_port(args, 0)), args)
    }

    /// Starts the program with these flags and a log of one line, `one`, in the folder.
    #[track_caller]
    pub fn of_one_line(flags: &[&str]) -> (LogDir, Server) {
        let dir = LogDir::new();
        dir.append("app.log", "one\n");
        let server = Server::start(&[flags, &[&dir.path("app.log")]].concat());
        (dir, server)
    }

    /// Starts the program with this folder as the place for its temporary files.
    #[track_caller]
    pub fn start_in(folder: &LogDir, args: &[&str]) -> Server {
        let mut command = command(&with_port(args, 0));
        command.env("TMPDIR", folder.path(""));
        Server::spawn(command, args)
    }

    /// Starts the program with this variable in its environment.
    #[track_caller]
    pub fn start_in_environment(variable: (&str, &str), args: &[&str]) -> Server {
        let mut command = command(&with_port(args, 0));
        command.env(variable.0, variable.1);
        Server::spawn(command, args)
    }

    /// Starts the program with a pipe as its standard input.
    #[track_caller]
    pub fn start_reading_stdin(args: &[&str]) -> (Server, ChildStdin) {
        let mut command = command(&with_port(args, 0));
        command.stdin(Stdio::piped());
        let mut server = Server::spawn(command, args);
        let stdin = server.child.stdin.take().expect("stdin is a pipe");
        (server, stdin)
    }

    /// Starts the program as a user who owns nothing. None where this user cannot do that.
    pub fn start_as_nobody(args: &[&str]) -> Option<Server> {
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", PROGRAM];
        let can = Command::new("setpriv")
            .args(nobody)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success());
        if !can {
            return None;
        }
        let mut command = Command::new("setpriv");
        prepare(&mut command, &nobody);
        command.args(with_port(args, 0));
        Some(Server::spawn(command, args))
    }

    /// Starts the program with so many descriptors.
    #[track_caller]
    pub fn start_with_descriptors(most: usize, args: &[&str]) -> Server {
        let limited = format!("ulimit -n {most} && exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        prepare(&mut command, &["-c", &limited, PROGRAM]);
        command.args(with_port(args, 0));
        Server::spawn(command, args)
    }

    /// Starts the program where it may watch so many directories. None where this user cannot
    /// make such a place.
    pub fn start_with_watches(most: usize, args: &[&str]) -> Option<Server> {
        let limited = format!("echo {most} > /proc/sys/user/max_inotify_watches && exec \"$@\"");
        Server::start_within(&["--user"], &limited, args)
    }

    /// Starts the program where the system does not list connections. None as above.
    pub fn start_where_connections_are_not_listed(args: &[&str]) -> Option<Server> {
        let hidden = "mount -t tmpfs none /proc && exec \"$@\"";
        Server::start_within(&["--user", "--mount"], hidden, args)
    }

    /// Starts the program in namespaces of its own, behind what this script does there.
    fn start_within(namespaces: &[&str], script: &str, args: &[&str]) -> Option<Server> {
        let shell = ["--map-root-user", "sh", "-c", script, "sh"];
        let within = [namespaces, &shell].concat();
        let can = Command::new("unshare").args(&within).arg("true").output();
        if !can.is_ok_and(|output| output.status.success()) {
            return None;
        }
        let mut command = Command::new("unshare");
        prepare(&mut command, &within);
        command.arg(PROGRAM).args(with_port(args, 0));
        Some(Server::spawn(command, args))
    }

    /// Starts the program in the control group that has this folder.
    #[track_caller]
    pub fn start_in_group(folder: &Path, args: &[&str]) -> Server {
        let grouped = format!(
            "echo $$ > {}/cgroup.procs && exec \"$0\" \"$@\"",
            folder.display()
        );
        let mut command = Command::new("sh");
        prepare(&mut command, &["-c", &grouped, PROGRAM]);
        command.args(with_port(args, 0));
        Server::spawn(command, args)
    }

    #[track_caller]
    fn spawn(mut command: Command, args: &[&str]) -> Server {
        let mut child = command.spawn().expect("the program starts");
        let stderr = collected(child.stderr.take().expect("stderr is a pipe"));
        let (stdout, first_line) = first_line_of(child.stdout.take().expect("stdout is a pipe"));
        let mut server = Server {
            child,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            port: 0,
            stdout,
            stderr,
        };
        let Ok(address) = first_line.recv_timeout(PATIENCE) else {
            panic!("no address on stdout; stderr: {}", server.stderr());
        };
        server.port = port_of(&address).unwrap_or_else(|| {
            panic!("no port in {address:?}; stderr: {}", server.stderr());
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything on stdout so far.
    pub fn stdout(&self) -> String {
        self.stdout.lock().expect("no panic").clone()
    }

    /// Everything on stderr so far.
    pub fn stderr(&self) -> String {
        self.stderr.lock().expect("no panic").clone()
    }

    #[track_caller]
    pub fn get(&self, target: &str) -> Response {
        http::get(self.port, target)
    }

    /// Asks with these headers.
    #[track_caller]
    pub fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Response {
        self.ask("GET", target, headers)
    }

    /// Asks by this method with these headers.
    #[track_caller]
    pub fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
        let request = http::request(method, target, self.port, headers);
        http::send(self.port, request.as_bytes())
    }

    /// The token in the link that was printed.
    #[track_caller]
    pub fn token(&self) -> String {
        let stdout = self.stdout();
        let link = stdout.lines().next().expect("a link");
        let (_, token) = link.split_once("#t=").expect("a token in the link");
        token.to_owned()
    }

    /// Begins a session; gives the cookie as a browser sends it back.
    #[track_caller]
    pub fn sign_in(&self) -> String {
        let bearer = format!("Bearer {}", self.token());
        let answer = self.ask("POST", "/api/session", &[("Authorization", &bearer)]);
        assert_eq!(answer.status(), 204, "{}", answer.text());
        let cookie = answer.header("set-cookie").expect("a cookie");
        cookie.split(';').next().expect("its value").to_owned()
    }

    /// A reader of `/events` that is checked against what was written below this folder.
    #[track_caller]
    pub fn reader(&self, dir: &LogDir, query: &str) -> Reader {
        Reader::open(self.port, query, Some(Arc::clone(dir.written())))
    }

    /// A reader whose lines stand in no file the test wrote.
    #[track_caller]
    pub fn unchecked_reader(&self, query: &str) -> Reader {
        Reader::open(self.port, query, None)
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the server is alive");
    }

    /// Ends it without a word, as a crash would.
    pub fn kill_9(&mut self) {
        self.child.kill().expect("the server is alive");
        self.child.wait().expect("it is our child");
    }

    /// Asks it to end and gives its exit status.
    #[track_caller]
    pub fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.wait()
    }

    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        eventually(PATIENCE, || match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            other => Err(format!("{other:?}")),
        })
    }

    /// Starts it again on the same port with the same arguments; it must have ended.
    #[track_caller]
    pub fn restart(&mut self) {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        *self = Server::spawn(command(&with_port(&args, self.port)), &args);
    }

    /// Kills and starts it again.
    #[track_caller]
    pub fn crash_and_restart(&mut self) {
        self.kill_9();
        self.restart();
    }

    /// The state of the only source that has this name.
    #[track_caller]
    pub fn state_of(&self, source: &str) -> String {
        let sources = self.get("/api/sources").json();
        let listed = sources["sources"].as_array().expect("a list of sources");
        listed
            .iter()
            .find(|listed| listed["source"] == source)
            .and_then(|listed| listed["state"].as_str())
            .unwrap_or("not listed")
            .to_owned()
    }

    #[track_caller]
    pub fn wait_for_state(&self, source: &str, state: &str) {
        eventually(PATIENCE, || {
            let seen = self.state_of(source);
            if seen == state { Ok(()) } else { Err(seen) }
        });
    }

    /// Resident memory in bytes.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("alive");
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
        1024 * kilobytes
            .and_then(|text| text.parse::<u64>().ok())
            .expect("VmRSS")
    }

    /// Open descriptors.
    pub fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.pid()))
            .expect("alive")
            .count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- stderr of the server ---\n{}", self.stderr());
        }
    }
}

fn with_port<'a>(args: &[&'a str], port: u16) -> Vec<&'a str> {
    // Leaked on purpose: a few bytes for each server of a test run.
    let port: &'static str = port.to_string().leak();
    [&["--port", port], args].concat()
}

fn port_of(address: &str) -> Option<u16> {
    let (_, rest) = address.trim().split_once("://")?;
    let authority = rest.split('/').next()?;
    authority.rsplit_once(':')?.1.parse().ok()
}

fn collected(mut pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&text);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            let piece = String::from_utf8_lossy(&buffer[..count]);
            shared.lock().expect("no panic").push_str(&piece);
        }
    });
    text
}

/// Collects the pipe, and gives its first line as soon as it is there.
fn first_line_of(pipe: impl Read + Send + 'static) -> (Arc<Mutex<String>>, mpsc::Receiver<String>) {
    let text = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&text);
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut text = shared.lock().expect("no panic");
            text.push_str(&line);
            text.push('\n');
            drop(text);
            let _ = sender.send(line);
        }
    });
    (text, receiver)
}
