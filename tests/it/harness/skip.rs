//! Says that a test could not be made here, and why.

use std::io::Write;

/// Writes past the capture of the test's output, so that a skipped test never looks like a passed
/// one; `tests/run` repeats the line.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
