//! Who is compared, and how each is started on a file.

use std::env;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;

use crate::connect::Door;
use crate::connect::connect;
use crate::connect::free_port;
use crate::group::Group;

/// Where `run` puts what npm installs.
const NPM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/target/compare/node_modules/.bin"
);

/// One way to follow a file.
pub struct Peer {
    pub name: &'static str,
    /// None where it is not installed.
    start: fn(&Path) -> Option<Running>,
}

/// A peer at work.
pub struct Running {
    pub group: Group,
    pub output: Output,
}

/// Where its lines come out.
pub enum Output {
    /// Once.
    Pipe(ChildStdout),
    /// As often as one likes.
    Door(Door),
}

impl Peer {
    pub const ALL: [Peer; 6] = [
        Peer {
            name: "logstream",
            start: logstream,
        },
        Peer {
            name: "yardstick",
            start: yardstick,
        },
        Peer {
            name: "tail -F",
            start: tail,
        },
        Peer {
            name: "nchan",
            start: nchan,
        },
        Peer {
            name: "websocketd",
            start: websocketd,
        },
        Peer {
            name: "frontail",
            start: frontail,
        },
    ];

    /// Starts it on a file: only lines that are appended from now on count.
    pub fn start(&self, log: &Path) -> Option<Running> {
        (self.start)(log)
    }
}

/// The server itself, with further arguments; gives its port. `LOGSTREAM` names another build of it.
pub fn start_logstream(group: &mut Group, log: &Path, args: &[&str]) -> u16 {
    try_start_logstream(group, log, args).expect("a port")
}

/// The same; None when it does not start.
pub fn try_start_logstream(group: &mut Group, log: &Path, args: &[&str]) -> Option<u16> {
    let built = env!("CARGO_BIN_EXE_logstream");
    let program = env::var_os("LOGSTREAM").unwrap_or_else(|| built.into());
    let mut command = Command::new(program);
    command.args(["--quiet", "--port", "0"]).args(args).arg(log);
    let mut output = BufReader::new(piped(group, &mut command));
    let mut address = String::new();
    output.read_line(&mut address).expect("the address");
    let port = address.trim_end_matches(['/', '\n']).rsplit(':').next();
    port.and_then(|port| port.parse().ok())
}

#[expect(clippy::unnecessary_wraps, reason = "as the others are")]
fn logstream(log: &Path) -> Option<Running> {
    let mut group = Group::default();
    let port = start_logstream(&mut group, log, &[]);
    let path = "/events?tail=0".to_owned();
    Some(Running {
        group,
        output: Output::Door(Door::Events { port, path }),
    })
}

fn yardstick(log: &Path) -> Option<Running> {
    let mut group = Group::default();
    let mut command = Command::new(env::current_exe().ok()?);
    let output = piped(&mut group, command.arg("yardstick").arg(log));
    let mut port = String::new();
    BufReader::new(output).read_line(&mut port).ok()?;
    let port = port.trim().parse().ok()?;
    let path = "/".to_owned();
    Some(Running {
        group,
        output: Output::Door(Door::Events { port, path }),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "as the others are")]
fn tail(log: &Path) -> Option<Running> {
    let mut group = Group::default();
    let output = piped(
        &mut group,
        Command::new("tail").args(["-n", "0", "-F"]).arg(log),
    );
    Some(Running {
        group,
        output: Output::Pipe(output),
    })
}

fn nchan(log: &Path) -> Option<Running> {
    let module = "/usr/lib/nginx/modules/ngx_nchan_module.so";
    if !is_installed("nginx") || !Path::new(module).exists() {
        return None;
    }
    let port = free_port();
    let folder = log.parent()?.join("nginx");
    fs::create_dir_all(&folder).ok()?;
    let folder = folder.to_str()?;
    let config = format!(
        "load_module {module};\nworker_processes auto;\ndaemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n\
        worker_rlimit_nofile 8192;\nevents {{ worker_connections 4096; }}\n\
        http {{\n access_log off;\n client_body_temp_path {folder}/body;\n proxy_temp_path {folder}/proxy;\n\
        fastcgi_temp_path {folder}/fastcgi;\n uwsgi_temp_path {folder}/uwsgi;\n scgi_temp_path {folder}/scgi;\n\
        keepalive_requests 100000000;\n client_max_body_size 1m;\n nchan_max_reserved_memory 512m;\n\
        server {{\n listen 127.0.0.1:{port};\n\
        location = /publish {{ nchan_publisher; nchan_channel_id log; nchan_message_buffer_length 20000; }}\n\
        location = /events {{ nchan_subscriber eventsource; nchan_channel_id log; nchan_subscriber_first_message newest; }}\n\
        }}\n}}\n"
    );
    let file = format!("{folder}/nginx.conf");
    fs::write(&file, config).ok()?;
    let mut group = Group::default();
    group.start(
        Command::new("nginx")
            .args(["-c", &file, "-p", folder])
            .stderr(Stdio::null()),
    );
    connect(port).ok()?;
    let mut publisher = Command::new(env::current_exe().ok()?);
    group.start(publisher.arg("publish").arg(log).arg(port.to_string()));
    let path = "/events".to_owned();
    Some(Running {
        group,
        output: Output::Door(Door::Events { port, path }),
    })
}

fn websocketd(log: &Path) -> Option<Running> {
    if !is_installed("websocketd") {
        return None;
    }
    let port = free_port();
    let mut group = Group::default();
    let mut command = Command::new("websocketd");
    command
        .args(["--address=127.0.0.1", "--loglevel=fatal"])
        .arg(format!("--port={port}"))
        .args(["tail", "-n", "0", "-F"])
        .arg(log);
    group.start(command.stdout(Stdio::null()));
    Some(Running {
        group,
        output: Output::Door(Door::Socket {
            port,
            path: "/".to_owned(),
            hello: String::new(),
        }),
    })
}

fn frontail(log: &Path) -> Option<Running> {
    let program = format!("{NPM}/frontail");
    if !Path::new(&program).exists() {
        return None;
    }
    let port = free_port();
    let mut group = Group::default();
    let mut command = Command::new(program);
    command
        .args([
            "-n",
            "0",
            "-h",
            "127.0.0.1",
            "--disable-usage-stats",
            "-p",
            &port.to_string(),
        ])
        .arg(log);
    group.start(command.stdout(Stdio::null()));
    // Its page says under which name the lines are sent.
    let mut page = String::new();
    let mut stream = connect(port).ok()?;
    std::io::Write::write_all(
        &mut stream,
        b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    )
    .ok()?;
    stream.read_to_string(&mut page).ok()?;
    let mut words = page.split(|c: char| !c.is_ascii_hexdigit());
    let name = words.find(|word| word.len() == 32)?;
    Some(Running {
        group,
        output: Output::Door(Door::Socket {
            port,
            path: "/socket.io/?EIO=3&transport=websocket".to_owned(),
            hello: format!("40/{name},"),
        }),
    })
}

fn piped(group: &mut Group, command: &mut Command) -> ChildStdout {
    let child = group.start(command.stdin(Stdio::null()).stdout(Stdio::piped()));
    child.stdout.take().expect("a pipe")
}

/// Whether there is such a program.
pub fn is_installed(program: &str) -> bool {
    let paths = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&paths).any(|folder| folder.join(program).exists())
}
