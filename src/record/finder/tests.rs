use crate::record::finder::level_in;
use crate::record::head::head;
use crate::record::level::Level;

#[track_caller]
fn check(line: &str, expected: impl Into<Option<Level>>) {
    let found = level_in(&head(line.as_bytes()));
    assert_eq!(found, expected.into(), "in {line:?}");
}

#[test]
fn plain_lines_name_their_level_in_capitals() {
    use Level::{Debug, Error, Fatal, Info, Trace, Warn};
    check(
        "2026-11-22 10:47:02,403 INFO [main] org.example.App: started",
        Info,
    );
    check("26/11/22 20:10:40 INFO executor.Backend: Registered", Info);
    check("261122 203615 148 WARN dfs.DataNode: slow", Warn);
    check(
        "app.log.1.2026-11-22_13:53:08 2026-11-22 00:00:00.008 25746 ERROR app.wsgi [req-1] x",
        Error,
    );
    check(
        "2026-11-22 10:47:02.403  WARN 1234 --- [main] c.e.App : odd",
        Warn,
    );
    check("10:47:02.403 [http-8080-exec-1] DEBUG c.e.App - m", Debug);
    check("INFO  [main] 2026-11-22 10:47:02,403 App.java:1 - m", Info);
    check(
        "[2026-11-22T10:47:02,403][WARN ][o.e.c.Node] [node-1] m",
        Warn,
    );
    check(
        "2026-11-22T10:47:02.403Z  INFO app::server: listening",
        Info,
    );
    check("[2026-11-22T10:47:02Z ERROR app] m", Error);
    check("2026-11-22 10:47:02,403 - name - ERROR - m", Error);
    check("2026-11-22 10:47:02,403:CRITICAL:m", Fatal);
    check("ERROR:root:m", Error);
    check("E, [2026-11-22T10:47:02.403 #1234] ERROR -- : m", Error);
    check(
        "[2026-11-22 10:47:02 +0000] [1234] [INFO] Booting worker",
        Info,
    );
    check("[2026-11-22T10:47:02+00:00] app.ERROR: m {}", Error);
    check("[10:47:02] [Server thread/WARN]: Can't keep up!", Warn);
    check("[10:47:02 FTL] gone", Fatal);
    check("2026-11-22 10:47:02.403 | SUCCESS  | app:main:1 - m", Info);
    check(
        "2026-11-22 10:47:02.403 UTC [1234] user@db ERROR:  relation does not exist",
        Error,
    );
    check("INFO[0001] started", Info);
    check("SEVERE: cannot start", Error);
    check("2026-11-22 10:47:02 VERBOSE x", Trace);
    check("npm ERR! code E404", Error);
    check("Nov 22 10:47:02 host app[123]: WARNING low disk", Warn);
    check(
        "Nov 22 10:47:02 host kernel: [   12.345678] WARNING: CPU: 0",
        Warn,
    );
}

#[test]
fn other_spellings_count_only_in_a_place_of_their_own() {
    use Level::{Debug, Error, Fatal, Info, Warn};
    check("[Sun Dec 04 04:47:44 2005] [notice] workers ok", Info);
    check(
        "[Sun Nov 22 10:47:02.123456 2026] [core:error] [pid 1:tid 2] m",
        Error,
    );
    check("2026/11/22 10:47:02 [error] 123#0: *1 open() failed", Error);
    check("2026-11-22 10:47:02.403 [warn] <0.1.0> m", Warn);
    check(
        "2026.11.22 10:47:02.403123 [ 1234 ] {} <Information> Application: m",
        Info,
    );
    check(
        "2026-11-22T10:47:02.403Z 0 [Warning] [MY-010068] [Server] m",
        Warn,
    );
    check("2026-11-22T10:47:02.403Z\tinfo\tapp/main.go:12\tm", Info);
    check("2026-11-22T10:47:02.403Z warn: m", Warn);
    check("fail: Microsoft.Hosting.Lifetime[14]", Error);
    check("dbug: App.Start[0]", Debug);
    check("Error: ENOENT: no such file", Error);
    check("panic: runtime error: index out of range", Fatal);
    check(
        "Nov 22 10:47:02 host sshd[123]: error: Could not load host key",
        Error,
    );
    check("gcc: warning: unused", Warn);
    check(
        "[22-Nov-2026 10:47:02 UTC] PHP Warning:  Undefined variable $x",
        Warn,
    );
    check(
        "[22-Nov-2026 10:47:02 UTC] PHP Fatal error:  Uncaught Error",
        Fatal,
    );
}

#[test]
fn systems_have_columns_of_their_own() {
    use Level::{Debug, Error, Fatal, Info, Trace, Warn};
    check("2026-11-22 10:47:02 0 [Note] mariadbd: ready", Info);
    check("2026-11-22 10:47:02 [info     ] hello key=val", Info);
    check("2026-11-22T10:47:02Z [warning  ] hello [app]", Warn);
    check("[2026-11-22 10:47:02,403: ERROR/ForkPoolWorker-1] x", Error);
    check("2026-11-22 10:47:02 | info | x", Info);
    check("2026-11-22 10:47:02 | error     | x", Error);
    check("2026-11-22 10:47:02 - warn - x", Warn);
    check("2026-11-22T10:47:02.403Z error vpxd[1234] x", Error);
    check("2026-11-22T10:47:02.403+0000 I NETWORK  [conn1] x", Info);
    check("2026-11-22T10:47:02.403+0000 W -        [conn1] x", Warn);
    check("1234:M 22 Nov 2026 10:47:02.403 # low memory", Warn);
    check("1234:M 22 Nov 2026 10:47:02.403 * Ready", Info);
    check("1234:S 22 Nov 2026 10:47:02.403 - DB 0: 1 keys", Trace);
    check("1234:S 22 Nov 2026 10:47:02.403 . 0 clients", Debug);
    check("11/22/2026 10:47:02 AM\tError\tDisk\t7", Error);
    check("Error\t11/22/2026 10:47:02 AM\tDisk\t7", Error);
    check("Information,11/22/2026 10:47:02 AM,Disk", Info);
    check("\"Critical\",\"11/22/2026 10:47:02 AM\"", Fatal);
    check(
        "2026-11-22 10:47:02.40 spid7s      Error: 17204, Severity: 16",
        Error,
    );
    check(
        "Nov 22 10:47:02 host gpm[1]: *** info [mice.c(1766)]: ",
        Info,
    );
}

#[test]
fn letters_and_numbers_stand_for_levels() {
    use Level::{Debug, Error, Fatal, Info, Trace, Warn};
    check("E1122 10:47:02.403210    1234 server.go:12] m", Error);
    check("W20261122 10:47:02.403210 1234 server.cc:12] m", Warn);
    check("03-17 16:13:38.811  1702  2395 D WindowManager: m", Debug);
    check(
        "2026-03-17 16:13:38.811  1702  2395 V WindowManager: m",
        Trace,
    );
    check("03-17 16:13:38.811 W/WindowManager( 1702): m", Warn);
    check("I/WindowManager( 1702): m", Info);
    check("[I 261122 10:47:02 web:12] 200 GET /", Info);
    check("[E] m", Error);
    check("<34>Oct 11 22:14:15 host su: m", Fatal);
    check("<165>1 2026-11-22T10:47:02.403Z host app - ID47 - m", Info);
    check("<11>Oct 11 22:14:15 host su: m", Error);
}

#[test]
fn fields_say_the_level() {
    use Level::{Debug, Error, Fatal, Info, Trace, Warn};
    check(r#"{"level":"error","msg":"m"}"#, Error);
    check(
        r#"{"ts":1763808422.4,"msg":"level is \"info\"","Level":"Warning"}"#,
        Warn,
    );
    check(r#"{ "severity" : "ERROR", "message": "m" }"#, Error);
    check(
        r#"{"name":"app","hostname":"h","pid":1,"level":30,"msg":"m"}"#,
        Info,
    );
    check(r#"{"level":10}"#, Trace);
    check(r#"{"level": 60 }"#, Fatal);
    check(r#"{"log":{"level":"debug","logger":"x"}}"#, Debug);
    check(r#"{"log.level":"WARN"}"#, Warn);
    check(
        r#"{"time":"2026-11-22T10:47:02Z","level":"ERROR+1"}"#,
        Error,
    );
    check("time=2026-11-22T10:47:02Z level=DEBUG-4 msg=m", Debug);
    check(r#"{"L":"INFO","T":"2026-11-22T10:47:02Z","M":"x"}"#, Info);
    check(r#"{"TimeCreated":"x","Level":2}"#, Error);
    check(r#"{"LevelDisplayName":"Warning","Level":3}"#, Warn);
    check("event='x' level='warning'", Warn);
    check(r#"{"version":"1.1","level":3}"#, Error);
    check(r#"{"PRIORITY":"6","MESSAGE":"m"}"#, Info);
    check(
        r#"{"t":{"$date":"2026-11-22T10:47:02.403+00:00"},"s":"W","c":"NETWORK"}"#,
        Warn,
    );
    check("time=2026-11-22T10:47:02Z level=INFO msg=m", Info);
    check(
        "ts=2026-11-22T10:47:02Z caller=main.go:1 level=warn msg=m",
        Warn,
    );
    check(r#"msg="level=error is not mine" lvl=dbug"#, Debug);
    check(
        "Nov 22 10:47:02 host app[1]: time=x level=error msg=m",
        Error,
    );
    check(r#"app_1  | {"level":"warn"}"#, Warn);
    check(
        r#"2026-11-22T10:47:02.4Z stdout F {"level":"fatal"}"#,
        Fatal,
    );
}

#[test]
fn colour_codes_around_the_level_do_not_matter() {
    check(
        "\x1b[2m2026-11-22T10:47:02Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mapp\x1b[0m: m",
        Level::Info,
    );
    check("[\x1b[31;1mERROR\x1b[0m] m", Level::Error);
    check("\x1b[33mwarn\x1b[39m: m", Level::Warn);
    check("\x1b", None);
    check("\x1b[", None);
}

#[test]
fn words_of_the_message_are_not_levels() {
    for line in [
        "",
        "no error found",
        "2026-11-22 10:47:02 no error found",
        "2026-11-22 10:47:02 error while reading was expected",
        "2026-11-22 10:47:02 upstream error: timeout",
        "Dec 10 06:55:46 host sshd[1]: mapping failed - POSSIBLE ERROR ATTEMPT!",
        "Nov 22 10:47:02 host app[1]: User pressed ERROR",
        "Jun 14 15:16:01 host sshd(pam_unix)[1]: authentication failure; logname= uid=0 user=root",
        r#"1.2.3.4 - - [22/Nov/2026:10:47:02 +0000] "GET /error HTTP/1.1" 500 12 "-" "ERROR""#,
        "2026-11-22 10:47:02 ERROR_CODE is 5",
        "com.example.ERROR thrown",
        "information is power",
        "I/O error, dev sda",
        "10:47:02 I am here",
        "2026-11-22T10:47:02Z I am here",
        "[1795344422] SERVICE ALERT: host;HTTP;OK;HARD;1;x",
        "note: run with `RUST_BACKTRACE=1`",
        "2026-11-22 10:47:02 upload failed - error - again",
        "2026-11-22 10:47:02 error handling [1] is on",
        "Error, 11 of them",
        "[error in line 3]",
        r#"{"level":"ERROR+"}"#,
        r#"{"level":"+1"}"#,
        "    at com.example.Main.error(Main.java:12)",
        r#"{"msg":"m","water":{"level":"high"}}"#,
        r#"{"level"#,
        r#"{"level":"#,
        "level=",
        "<999>m",
        "<>m",
    ] {
        check(line, None);
    }
}

#[test]
fn only_the_head_of_a_long_line_is_read() {
    check(&format!("{} ERROR m", "x".repeat(300)), None);
    check(
        &format!(r#"{{"msg":"{}","level":"error"}}"#, "x".repeat(3000)),
        Level::Error,
    );
    check(
        &format!(r#"{{"msg":"{}","level":"error"}}"#, "x".repeat(5000)),
        None,
    );
}

#[test]
fn names_are_read_in_any_usual_form() {
    for (name, level) in [
        ("trace", Level::Trace),
        ("DEBUG", Level::Debug),
        ("notice", Level::Info),
        ("Warning", Level::Warn),
        ("err", Level::Error),
        ("crit", Level::Fatal),
        ("emerg", Level::Fatal),
        ("alert", Level::Fatal),
        ("panic", Level::Fatal),
    ] {
        assert_eq!(name.parse(), Ok(level), "{name}");
    }
    for level in Level::ALL {
        assert_eq!(level.as_str().parse(), Ok(level));
    }
    for name in ["", "loud", "informational"] {
        assert!(name.parse::<Level>().is_err(), "{name}");
    }
}
