use std::fs::File;
use std::io::Write;

use crate::config::RECORD_SEARCH_BYTES_MAX;
use crate::record::Record;
use crate::record::level::Level;
use crate::store::above::recogniser;
use crate::store::encoding::Encoding;

const HEAD: &str = "2026-11-22T10:47:02Z ERROR failed\n";
const FRAME: &str = "\tat com.example.Deep.call(Deep.java:12)\n";

/// What the line at the end of the text would say if it were a frame of a trace.
fn frame_after(text: &str) -> Record {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.write_all(FRAME.as_bytes()).unwrap();
    let mut above = recogniser(&file, Encoding::Bytes, text.len() as u64);
    above.read(FRAME.trim_end().as_bytes())
}

#[test]
fn a_frame_belongs_to_the_error_above() {
    for frames in [0, 1, 300, 3000] {
        let record = frame_after(&format!("{HEAD}{}", FRAME.repeat(frames)));
        assert!(record.continues, "{frames}");
        assert_eq!(record.record_level, Some(Level::Error), "{frames}");
        assert_eq!(record.record_time, Some(1_795_344_422_000), "{frames}");
    }
}

#[test]
fn only_the_nearest_record_counts() {
    let text = format!("{HEAD}{FRAME}2026-11-22T10:47:03Z INFO  went on\n");
    let record = frame_after(&text);
    assert_eq!(record.record_level, Some(Level::Info));
    assert_eq!(record.record_time, Some(1_795_344_423_000));
}

#[test]
fn a_record_longer_than_is_looked_back_has_neither() {
    let frames = RECORD_SEARCH_BYTES_MAX as usize / FRAME.len() + 2;
    let record = frame_after(&format!("{HEAD}{}", FRAME.repeat(frames)));
    assert!(record.continues);
    assert_eq!((record.record_level, record.record_time), (None, None));
}

#[test]
fn at_the_beginning_nothing_stands_above() {
    let file = tempfile::tempfile().unwrap();
    let mut above = recogniser(&file, Encoding::Bytes, 0);
    assert_eq!(above.read(b"m"), Record::default());
}

#[test]
fn bytes_that_are_not_there_say_nothing() {
    let file = tempfile::tempfile().unwrap();
    let mut above = recogniser(&file, Encoding::Bytes, 1000);
    assert_eq!(above.read(b"m"), Record::default());
}
