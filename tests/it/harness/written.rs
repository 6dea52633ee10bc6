//! What was written, file by file: the truth a reader is checked against.
//!
//! It is a tiny file system: names that point at files, files that are bytes. Renaming moves a
//! name, truncating begins another file, and a file remembers every name it ever had. A reader that
//! reports a line must be able to name a file that once had the name of its source and holds
//! exactly that line at that offset.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;

/// Everything written below one folder.
#[derive(Default)]
pub struct Written(Mutex<Files>);

#[derive(Default)]
struct Files {
    contents: Vec<File>,
    by_name: HashMap<String, usize>,
}

#[derive(Default)]
struct File {
    names: Vec<String>,
    bytes: Vec<u8>,
}

/// A line as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenLine {
    /// Without `\n`, and without a `\r` before it.
    pub bytes: Vec<u8>,
    /// Offset past the terminator.
    pub end: u64,
}

impl Written {
    fn files(&self) -> MutexGuard<'_, Files> {
        self.0.lock().expect("a test has failed already")
    }

    /// Appends to the file this name points at.
    pub fn append(&self, name: &str, bytes: &[u8]) {
        let mut files = self.files();
        let index = files.index(name);
        files.contents[index].bytes.extend_from_slice(bytes);
    }

    /// Lets the name point at a new file with this content: it was replaced, truncated or
    /// rewritten.
    pub fn begin(&self, name: &str, bytes: &[u8]) {
        let mut files = self.files();
        files.by_name.remove(name);
        let index = files.index(name);
        files.contents[index].bytes = bytes.to_vec();
    }

    /// The file has another name now.
    pub fn rename(&self, from: &str, to: &str) {
        let mut files = self.files();
        if let Some(index) = files.by_name.remove(from) {
            files.contents[index].names.push(to.to_owned());
            files.by_name.insert(to.to_owned(), index);
        }
    }

    /// The name points at nothing now.
    pub fn remove(&self, name: &str) {
        self.files().by_name.remove(name);
    }

    /// A second name for the same file.
    pub fn link(&self, name: &str, other: &str) {
        let mut files = self.files();
        let index = files.index(name);
        files.contents[index].names.push(other.to_owned());
        files.by_name.insert(other.to_owned(), index);
    }

    /// Every file that ever had a name of this source.
    pub fn files_of(&self, source: &str) -> Vec<usize> {
        let files = self.files();
        (0..files.contents.len())
            .filter(|index| {
                let names = &files.contents[*index].names;
                names.iter().any(|name| is_named(name, source))
            })
            .collect()
    }

    /// The line that starts at this offset of a file; none when no line starts there.
    pub fn line_at(&self, file: usize, offset: u64) -> Option<WrittenLine> {
        let files = self.files();
        let bytes = &files.contents[file].bytes;
        let start = offset as usize;
        if start >= bytes.len() || (start > 0 && bytes[start - 1] != b'\n') {
            return None;
        }
        let rest = &bytes[start..];
        let (line, end) = match memchr::memchr(b'\n', rest) {
            Some(length) => (&rest[..length], start + length + 1),
            None => (rest, bytes.len()),
        };
        Some(WrittenLine {
            bytes: line.strip_suffix(b"\r").unwrap_or(line).to_vec(),
            end: end as u64,
        })
    }
}

impl Files {
    fn index(&mut self, name: &str) -> usize {
        if let Some(index) = self.by_name.get(name) {
            return *index;
        }
        let index = self.contents.len();
        self.contents.push(File {
            names: vec![name.to_owned()],
            bytes: Vec::new(),
        });
        self.by_name.insert(name.to_owned(), index);
        index
    }
}

/// A source may be named by any tail of its path.
fn is_named(path: &str, source: &str) -> bool {
    path == source
        || path
            .strip_suffix(source)
            .is_some_and(|folder| folder.ends_with('/'))
        || source
            .strip_suffix(path)
            .is_some_and(|folder| folder.ends_with('/'))
}
