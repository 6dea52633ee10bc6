//! Lines of a segment, read from its file.

use std::fs::File;
use std::io;

use crate::line::Batch;
use crate::store::reading::read_full_at;
use crate::store::splitter::Splitter;

/// Reads the next lines of `file` where `splitter` stands, which is where a line
/// starts, `bytes` of them or one, and not past `head`, which is greater. `None` when the bytes before it
/// are not those that were read: the file was truncated or refilled.
pub fn read_lines(
    file: &File,
    mut splitter: Splitter,
    head: u64,
    bytes: usize,
) -> io::Result<Option<Batch>> {
    let trail = *splitter.trail();
    let back = trail.as_bytes().len();
    let most = ((head - splitter.read_to()) as usize).min(bytes);
    let mut buffer = vec![0; back + most];
    let mut is_checked = false;
    loop {
        let at = splitter.read_to();
        let wanted = ((head - at) as usize).min(bytes);
        // One read checks what stands before the offset and brings what follows.
        let skip = if is_checked { 0 } else { back };
        let filled = read_full_at(file, &mut buffer[..skip + wanted], at - skip as u64)?;
        if filled < skip + wanted || buffer[..skip] != trail.as_bytes()[..skip] {
            return Ok(None);
        }
        is_checked = true;
        if let Some(batch) = splitter.push(&buffer[skip..filled]) {
            return Ok(Some(batch));
        }
        if splitter.read_to() == head {
            // The unfinished last line of a finished segment.
            return Ok(splitter.finish());
        }
    }
}

#[cfg(test)]
mod tests;
