use proptest::prelude::ProptestConfig;
use proptest::proptest;

use crate::record::Recogniser;
use crate::record::level::Level;

/// Every line begins with `|` where it continues the record above, with a blank where not.
#[track_caller]
fn check(marked: &str) {
    let mut recogniser = Recogniser::new();
    let read = |line: &str| {
        let mark = if recogniser.read(line.as_bytes()).continues {
            '|'
        } else {
            ' '
        };
        format!("{mark}{line}\n")
    };
    let found: String = marked.lines().map(|line| &line[1..]).map(read).collect();
    assert_eq!(found, marked);
}

#[test]
fn java_traces_belong_to_their_error() {
    check(concat!(
        " 2026-11-22 10:47:02,403 ERROR [main] App: failed\n",
        "|java.lang.IllegalStateException: no\n",
        "|\tat com.example.App.main(App.java:12)\n",
        "|Caused by: java.io.IOException: broken pipe\n",
        "|\tat com.example.Pipe.write(Pipe.java:3)\n",
        "|\t... 23 more\n",
        " 2026-11-22 10:47:03,403 INFO [main] App: went on\n",
    ));
}

#[test]
fn python_tracebacks_end_with_the_exception() {
    check(concat!(
        " 2026-11-22 10:47:02,403 - app - ERROR - failed\n",
        "|Traceback (most recent call last):\n",
        "|  File \"app.py\", line 1, in <module>\n",
        "|    run()\n",
        "|ValueError: no\n",
        "|\n",
        "|During handling of the above exception, another exception occurred:\n",
        "|\n",
        "|Traceback (most recent call last):\n",
        "|  File \"app.py\", line 3, in <module>\n",
        "|app.errors.Timeout\n",
        " ready: yes\n",
    ));
}

#[test]
fn go_panics_belong_together() {
    check(concat!(
        " panic: runtime error: index out of range [5] with length 3\n",
        "|\n",
        "|goroutine 1 [running]:\n",
        "|main.run(...)\n",
        "|\t/srv/app/main.go:12\n",
        "|main.main()\n",
        "|\t/srv/app/main.go:5 +0x1d\n",
        "|exit status 2\n",
        " started\n",
    ));
}

#[test]
fn rust_panics_belong_to_the_line_above() {
    check(concat!(
        " 2026-11-22T10:47:02Z  INFO app: working\n",
        "|thread 'main' panicked at src/main.rs:2:5:\n",
        "|index out of bounds: the len is 3 but the index is 5\n",
        "|stack backtrace:\n",
        "|   0: rust_begin_unwind\n",
        "|             at /rustc/abc/library/std/src/panicking.rs:652:5\n",
        "|note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
        " started\n",
    ));
}

#[test]
fn node_php_and_printed_objects_continue() {
    check(concat!(
        " Error: connect ECONNREFUSED\n",
        "|    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1606:16) {\n",
        "|  errno: -111,\n",
        "|}\n",
        " [22-Nov-2026 10:47:02 UTC] PHP Fatal error:  Uncaught Exception: no\n",
        "|Stack trace:\n",
        "|#0 /srv/app/a.php(3): run()\n",
        "|#1 {main}\n",
        "|  thrown in /srv/app/a.php on line 3\n",
    ));
}

#[test]
fn dot_net_and_ruby_traces_belong_to_their_error() {
    check(concat!(
        " 2026-11-22 10:47:02.403 +01:00 [ERR] failed\n",
        "|System.InvalidOperationException: no\n",
        "| ---> System.IO.IOException: broken pipe\n",
        "|   at App.Pipe.Write() in /srv/app/Pipe.cs:line 3\n",
        "|   --- End of inner exception stack trace ---\n",
        "|   at App.Main() in /srv/app/Main.cs:line 12\n",
        " 2026-11-22 10:47:03.403 +01:00 [INF] went on\n",
    ));
    check(concat!(
        " F, [2026-11-22T10:47:02.403210 #1] FATAL -- : RuntimeError (no):\n",
        "|  \n",
        "|app/models/user.rb:12:in `save'\n",
        "|lib/tasks.rb:3:in 'block in run'\n",
        " I, [2026-11-22T10:47:03.403210 #1]  INFO -- : went on\n",
    ));
}

#[test]
fn traces_in_containers_belong_to_their_error() {
    check(concat!(
        " 2026-11-22T10:47:02.403210987Z stderr F ERROR failed\n",
        "|2026-11-22T10:47:02.403210988Z stderr F java.io.IOException: broken pipe\n",
        "|2026-11-22T10:47:02.403210989Z stderr F \tat com.example.Pipe.write(Pipe.java:3)\n",
        " 2026-11-22T10:47:03.403210987Z stderr F another line\n",
        " 2026-11-22T10:47:03.403210987Z stdout F 2026-11-22 10:47:03 line\n",
    ));
    check(concat!(
        " {\"log\":\"ERROR failed\\n\",\"time\":\"2026-11-22T10:47:02.403210987Z\"}\n",
        "|{\"log\":\"\\tat com.example.Pipe.write\\n\",\"time\":\"2026-11-22T10:47:02.403210988Z\"}\n",
        " {\"log\":\"another line\\n\",\"time\":\"2026-11-22T10:47:03.403210987Z\"}\n",
    ));
}

#[test]
fn what_a_container_writes_has_the_level_of_its_text_and_a_time() {
    let mut recogniser = Recogniser::new();
    let mut read = |line: &str| {
        let record = recogniser.read(line.as_bytes());
        (record.time, record.level)
    };
    let time = Some(1_795_344_422_403);
    assert_eq!(
        read("2026-11-22T10:47:02.403210987Z stderr F E1122 10:47:02.403210 1 a.go:1] m"),
        (time, Some(Level::Error))
    );
    assert_eq!(
        read(r#"{"log":"{\"level\":\"warn\"}\n","time":"2026-11-22T10:47:02.403210987Z"}"#),
        (time, Some(Level::Warn))
    );
    assert_eq!(
        read(r#"{"log":"hello\n","stream":"stderr","time":"2026-11-22T10:47:02.403210987Z"}"#),
        (time, None)
    );
}

#[test]
fn plain_lines_do_not_continue() {
    check(" one\n two\n \n three\n at\n");
}

#[test]
fn nothing_precedes_the_first_line() {
    check("   indented\n|  too\n");
    check(" Caused by: x\n|Caused by: y\n");
}

#[test]
fn an_indented_line_that_names_its_time_or_level_is_a_record() {
    check(" one\n   INFO app: two\n|  three\n   2026-11-22T10:47:02Z four\n");
}

#[test]
fn a_continuation_has_the_level_of_its_record() {
    let mut recogniser = Recogniser::new();
    let mut levels = |line: &str| {
        let record = recogniser.read(line.as_bytes());
        (record.level, record.record_level)
    };
    assert_eq!(
        levels("ERROR failed"),
        (Some(Level::Error), Some(Level::Error))
    );
    assert_eq!(levels("\tat a.b(c.java:1)"), (None, Some(Level::Error)));
    assert_eq!(levels("\tat a.b(c.java:2)"), (None, Some(Level::Error)));
    assert_eq!(levels("another line"), (None, None));
    assert_eq!(levels("  with more"), (None, None));
}

#[test]
fn a_line_without_a_time_has_that_of_the_line_above() {
    let mut recogniser = Recogniser::new();
    let mut times = |line: &str| {
        let record = recogniser.read(line.as_bytes());
        (record.time, record.record_time)
    };
    let (first, second) = (Some(1_795_344_422_000), Some(1_795_344_423_000));
    assert_eq!(times("no time yet"), (None, None));
    assert_eq!(times("2026-11-22T10:47:02Z ERROR failed"), (first, first));
    assert_eq!(times("\tat a.b(c.java:1)"), (None, first));
    assert_eq!(times("INFO a record without a time"), (None, first));
    assert_eq!(times(""), (None, first));
    assert_eq!(times("2026-11-22T10:47:03Z m"), (second, second));
}

#[test]
fn a_trace_may_be_the_first_thing_in_a_log() {
    check(concat!(
        " thread 'main' (12) panicked at src/main.rs:2:5:\n",
        "|no\n",
        " thread 'main' started\n",
    ));
    check(concat!(
        " Traceback (most recent call last):\n",
        "|  File \"app.py\", line 1, in <module>\n",
        "|ValueError\n",
        " one\n",
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(
        line in "([\\[\\]{}()<>:=\"'\\\\/|., +-]|[0-9]{1,4}|\u{1b}\\[|Nov|Sun|ERROR|warn|D|level|time|.){0,60}",
        cut in 0_usize..80,
    ) {
        let line = line.as_bytes();
        let mut recogniser = Recogniser::new();
        recogniser.read(&line[..cut.min(line.len())]);
        recogniser.read(line);
    }
}
