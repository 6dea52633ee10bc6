//! A temporary folder of logs, and what programs, logrotate and editors do to files.
//!
//! Every action is noted in [`Written`] before it happens, so that a reader never sees what is not
//! there yet.

use std::fmt::Write as _;
use std::fs;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::ops::Range;
use std::os::unix;
use std::path::PathBuf;
use std::sync::Arc;

use rustix::fs::CWD;
use rustix::fs::FileType;
use rustix::fs::Mode;
use rustix::fs::mknodat;
use tempfile::TempDir;

use crate::harness::written::Written;

/// The folder; it is removed when dropped.
pub struct LogDir {
    folder: TempDir,
    written: Arc<Written>,
}

impl LogDir {
    pub fn new() -> LogDir {
        LogDir {
            folder: tempfile::Builder::new()
                .prefix("logstream-it-")
                .tempdir()
                .expect("a temporary folder"),
            written: Arc::default(),
        }
    }

    /// What was written so far.
    pub fn written(&self) -> &Arc<Written> {
        &self.written
    }

    /// The path of a file, or a pattern, below the folder.
    pub fn path(&self, name: &str) -> String {
        self.folder
            .path()
            .join(name)
            .into_os_string()
            .into_string()
            .expect("the temporary folder has a name in UTF-8")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// As a program logs: opened for appending, made when it is not there, one write.
    pub fn append(&self, name: &str, text: impl AsRef<[u8]>) {
        self.written.append(name, text.as_ref());
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.at(name))
            .and_then(|mut file| file.write_all(text.as_ref()))
            .unwrap_or_else(|error| panic!("cannot append to {name}: {error}"));
    }

    /// Appends numbered lines, `line 7` for 7, in one write; gives their texts.
    pub fn append_lines(&self, name: &str, numbers: Range<usize>) -> Vec<String> {
        let texts: Vec<String> = numbers.map(|number| format!("line {number}")).collect();
        let mut bytes = String::new();
        for text in &texts {
            writeln!(bytes, "{text}").expect("memory");
        }
        self.append(name, bytes);
        texts
    }

    /// Makes an empty file.
    pub fn create(&self, name: &str) {
        self.written.begin(name, b"");
        fs::File::create(self.at(name)).expect("create");
    }

    pub fn rename(&self, from: &str, to: &str) {
        self.written.rename(from, to);
        fs::rename(self.at(from), self.at(to)).expect("rename");
    }

    /// As logrotate in `create` mode: older files move up, the file becomes `.1`, an empty one
    /// takes its place.
    pub fn rotate(&self, name: &str) {
        self.shift(name);
        self.rename(name, &format!("{name}.1"));
        self.create(name);
    }

    /// As logrotate in `copytruncate` mode.
    pub fn copytruncate(&self, name: &str) {
        self.shift(name);
        fs::copy(self.at(name), self.at(&format!("{name}.1"))).expect("copy");
        self.rewrite(name, "");
    }

    fn shift(&self, name: &str) {
        let mut newest = 1;
        while self.at(&format!("{name}.{newest}")).exists() {
            newest += 1;
        }
        for number in (1..newest).rev() {
            self.rename(
                &format!("{name}.{number}"),
                &format!("{name}.{}", number + 1),
            );
        }
    }

    /// As `> file` in a shell: the same file, emptied, with new content.
    pub fn rewrite(&self, name: &str, text: impl AsRef<[u8]>) {
        self.written.begin(name, text.as_ref());
        fs::write(self.at(name), text).expect("rewrite");
    }

    /// As an editor saves: another file, renamed over this one.
    pub fn replace(&self, name: &str, text: impl AsRef<[u8]>) {
        let new = format!(".{name}.new");
        fs::write(self.at(&new), text.as_ref()).expect("write");
        self.written.begin(name, text.as_ref());
        fs::rename(self.at(&new), self.at(name)).expect("rename");
    }

    pub fn remove(&self, name: &str) {
        self.written.remove(name);
        fs::remove_file(self.at(name)).expect("remove");
    }

    pub fn make_folder(&self, name: &str) {
        fs::create_dir_all(self.at(name)).expect("folder");
    }

    pub fn remove_folder(&self, name: &str) {
        fs::remove_dir_all(self.at(name)).expect("remove the folder");
    }

    /// A symlink `name` to `target`; whatever stood there is replaced in one step.
    pub fn symlink(&self, target: &str, name: &str) {
        let new = self.at(&format!("{name}.link"));
        unix::fs::symlink(target, &new).expect("symlink");
        fs::rename(new, self.at(name)).expect("rename");
    }

    /// A FIFO nobody writes to.
    pub fn fifo(&self, name: &str) {
        let path = self.at(name);
        let mode = Mode::RUSR | Mode::WUSR;
        mknodat(CWD, path, FileType::Fifo, mode, 0).expect("mkfifo");
    }

    pub fn set_mode(&self, name: &str, mode: u32) {
        let permissions = unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(self.at(name), permissions).expect("chmod");
    }
}
