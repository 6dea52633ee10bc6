//! The lines of any file say something of themselves, and what one says holds
//! together: a line of its own time or level continues nothing, a continuation
//! has the level of its record, and only the head of a line is read.

#![no_main]

use libfuzzer_sys::fuzz_target;

use logstream::record::Recogniser;
use logstream::record::Record;

/// So much is read of a line, and no more.
const HEAD_BYTES: usize = 4096;

/// The years -9999 to 9999 in milliseconds, as far as any time goes.
const TIMES: std::ops::RangeInclusive<i64> = -377_705_116_800_000..=253_402_300_799_999;

fuzz_target!(|bytes: &[u8]| {
    check_head(bytes);
    let mut recogniser = Recogniser::new();
    let mut above: Option<Record> = None;
    for line in bytes.split(|&byte| byte == b'\n') {
        let again = recogniser.clone().read(line);
        let record = recogniser.read(line);
        assert_eq!(record, again);
        assert!(record.time.is_none_or(|time| TIMES.contains(&time)));
        if record.continues {
            let above = above.expect("a first line continues nothing");
            assert_eq!(record.record_level, above.record_level);
            // What wraps a line, as Docker does, may say when it was written.
            assert_eq!(record.level, None);
        } else {
            assert_eq!(record.record_level, record.level);
        }
        above = Some(record);
    }
});

/// What stands far behind in a line changes nothing.
fn check_head(line: &[u8]) {
    let mut long = line.to_vec();
    long.resize(HEAD_BYTES.max(line.len()), b' ');
    let record = Recogniser::new().read(&long);
    long.extend_from_slice(b" 2026-11-22T14:02:00Z FATAL ");
    assert_eq!(Recogniser::new().read(&long), record);
}
