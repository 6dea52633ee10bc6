use crate::line::Batch;
use crate::line::Trail;
use crate::record::Recogniser;
use crate::store::encoding::Encoding;
use crate::store::splitter::Splitter;
use crate::subscription::records::ABOVE_MAX;
use crate::subscription::records::Records;

fn split(text: &str) -> Batch {
    let mut splitter = Splitter::new(Encoding::Bytes, 0, Trail::EMPTY);
    splitter.push(text.as_bytes()).expect("whole lines")
}

/// Whichever lines are asked for, they say what they say when all are read.
#[track_caller]
fn check(text: &str) {
    let batch = split(text);
    let all = batch.records(&mut Recogniser::new());
    let numbers = 0..batch.lines().len();
    for step in numbers.clone().skip(1) {
        let mut recogniser = Recogniser::new();
        let mut records = Records::as_asked(&mut recogniser);
        for number in numbers.clone().step_by(step) {
            let record = records.of(&batch, number).expect("it can be told");
            let told = (record.time, record.level, record.continues);
            let expected = (all[number].time, all[number].level, all[number].continues);
            assert_eq!(told, expected, "line {number} of every {step}");
        }
    }
}

#[test]
fn a_line_says_the_same_whichever_others_are_asked_for() {
    check(
        "2026-11-22T10:47:02Z ERROR it failed\n\
         java.io.IOException: broken pipe\n\
         \tat a.b.C(D.java:1)\n\
         Caused by: x\n\
         2026-11-22T10:47:03Z INFO on\n\
         WARN no time\n\
         \x20 indented\n\
         2026-11-22T10:47:04Z INFO Traceback (most recent call last):\n\
         Traceback (most recent call last):\n\
         \x20 File \"x.py\"\n\
         ValueError: x\n\
         2026-11-22T10:47:05.403210987Z stderr F thread 'main' panicked at src/main.rs:2:5:\n\
         2026-11-22T10:47:05.403210987Z stderr F the message\n\
         2026-11-22T10:47:05.403210987Z stderr F note: run with `RUST_BACKTRACE=1`\n\
         INFO[0001] goroutine 1 [running]:\n\
         main.main()\n",
    );
}

#[test]
fn what_a_line_owes_to_lines_far_above_is_not_guessed() {
    let trace = "\tat a.b.C(D.java:1)\n";
    let text = format!(
        "2026-11-22T10:47:02Z ERROR x\n{}",
        trace.repeat(2 * ABOVE_MAX)
    );
    let batch = split(&text);
    let of = |batch: &Batch, number| Records::as_asked(&mut Recogniser::new()).of(batch, number);
    assert!(of(&batch, ABOVE_MAX).is_some_and(|record| record.continues));
    assert_eq!(of(&batch, ABOVE_MAX + 1), None);
    assert_eq!(of(&split(trace), 0), None);
}
