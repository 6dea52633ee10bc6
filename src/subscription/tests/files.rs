//! The files of a log as their writer and its rotation leave them, and what was in them: the model
//! of what a reader is to be given.

use std::fs;
use std::fs::File;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::subscription::tests::generation::Generation;
use crate::subscription::tests::late::may_be_begun;
use crate::subscription::tests::packing::packed;

/// A rotated file.
struct Rotated {
    /// The generation that it holds.
    number: usize,
    is_copy: bool,
    is_packed: bool,
}

pub(in crate::subscription) struct Files {
    dir: TempDir,
    pub path: PathBuf,
    pub generations: Vec<Generation>,
    /// Which of them the path names.
    pub current: Option<usize>,
    /// The file renamed last, while its writer may expect to be heard.
    late: Option<(usize, File)>,
    /// Those that were deleted: the follower alone holds them.
    deleted: Vec<usize>,
    /// The rotated files, oldest first.
    rotated: Vec<Rotated>,
    /// The newest of them is a copy in the making, of so many lines of the current file.
    copied: Option<usize>,
    /// Those before this number were there before the server.
    history: usize,
    /// How the current file was when the follower closed it.
    at_rest: Option<Metadata>,
}

impl Files {
    /// One empty file, which is followed.
    pub(in crate::subscription) fn new() -> Files {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        fs::write(&path, "").unwrap();
        Files::followed(dir, path)
    }

    /// The same behind a symbolic link.
    pub(in crate::subscription) fn linked() -> Files {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        let target = dir.path().join("0");
        fs::write(&target, "").unwrap();
        symlink(target, &path).unwrap();
        Files::followed(dir, path)
    }

    fn followed(dir: TempDir, path: PathBuf) -> Files {
        let first = Generation {
            is_held: true,
            ..Generation::default()
        };
        Files {
            dir,
            path,
            generations: vec![first],
            current: Some(0),
            late: None,
            deleted: Vec::new(),
            rotated: Vec::new(),
            copied: None,
            history: 0,
            at_rest: None,
        }
    }

    pub(in crate::subscription) fn write(
        &mut self,
        grow: impl FnOnce(&mut Generation, usize) -> String,
    ) {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap();
        let number = self.current.unwrap_or_else(|| self.add(false));
        self.current = Some(number);
        let text = grow(&mut self.generations[number], number);
        file.write_all(text.as_bytes()).unwrap();
    }

    pub(in crate::subscription) fn write_late(
        &mut self,
        grow: impl FnOnce(&mut Generation, usize) -> String,
    ) {
        if let Some((number, file)) = &mut self.late {
            let text = grow(&mut self.generations[*number], *number);
            file.write_all(text.as_bytes()).unwrap();
        }
    }

    fn add(&mut self, is_held: bool) -> usize {
        self.generations.push(Generation {
            is_held,
            ..Generation::default()
        });
        self.generations.len() - 1
    }

    fn name(&self, age: usize) -> PathBuf {
        let rotated = &self.rotated[self.rotated.len() - age];
        self.numbered(age, rotated.is_packed)
    }

    fn numbered(&self, age: usize, is_packed: bool) -> PathBuf {
        let end = if is_packed { ".gz" } else { "" };
        self.path.with_extension(format!("log.{age}{end}"))
    }

    /// Each rotated file is one older; the name for the next.
    fn make_room(&mut self, number: usize, is_copy: bool) -> PathBuf {
        self.finish_packing();
        for age in (1..=self.rotated.len()).rev() {
            let is_packed = self.rotated[self.rotated.len() - age].is_packed;
            let to = self.numbered(age + 1, is_packed);
            fs::rename(self.name(age), to).unwrap();
        }
        self.rotated.push(Rotated {
            number,
            is_copy,
            is_packed: false,
        });
        self.name(1)
    }

    pub(in crate::subscription) fn drop_oldest(&mut self) {
        self.truncate_copied();
        self.finish_packing();
        if self.rotated.is_empty() {
            return;
        }
        fs::remove_file(self.name(self.rotated.len())).unwrap();
        let oldest = self.rotated.remove(0);
        self.remove(oldest.number, oldest.is_copy || oldest.is_packed);
    }

    /// What a follower holds open is there for it; what it did not see of a copy is not.
    fn remove(&mut self, number: usize, is_copy: bool) {
        if self.generations[number].is_held && !is_copy {
            self.deleted.push(number);
        } else {
            self.generations[number].destroy();
        }
    }

    pub(in crate::subscription) fn rotate(&mut self) {
        self.truncate_copied();
        if let Some(number) = self.current.take() {
            let file = OpenOptions::new().append(true).open(&self.path).unwrap();
            self.late = Some((number, file));
            let to = self.make_room(number, false);
            fs::rename(&self.path, to).unwrap();
        }
    }

    /// The link points to another file; the other stays, under a name that nobody knows.
    pub(in crate::subscription) fn switch(&mut self) {
        let Some(number) = self.current else { return };
        let file = OpenOptions::new().append(true).open(&self.path).unwrap();
        self.late = Some((number, file));
        self.remove(number, false);
        let number = self.add(false);
        self.current = Some(number);
        let target = self.dir.path().join(number.to_string());
        let link = self.dir.path().join("next");
        fs::write(&target, "").unwrap();
        symlink(target, &link).unwrap();
        fs::rename(link, &self.path).unwrap();
    }

    /// Begins to copy the current file: nothing, about half of its lines or all of it is there for
    /// a while.
    pub(in crate::subscription) fn begin_copy(&mut self, part: usize) {
        self.truncate_copied();
        let Some(number) = self.current else { return };
        let text = fs::read(&self.path).unwrap();
        let to = self.make_room(number, true);
        let mut part = &text[..text.len() * part / 2];
        if part.len() < text.len() {
            let newline = part.iter().rposition(|&byte| byte == b'\n');
            part = &part[..newline.map_or(0, |newline| newline + 1)];
        }
        fs::write(to, part).unwrap();
        self.copied = Some(self.generations[number].lines.len());
    }

    /// Copies all that is there, and truncates.
    pub(in crate::subscription) fn copy_truncate(&mut self, leaves_hole: bool, count: usize) {
        if self.copied.is_none() {
            self.begin_copy(0);
        }
        if let Some(number) = self.current {
            self.copied = Some(self.generations[number].lines.len());
            self.truncate_with(leaves_hole, count);
        }
    }

    /// Truncates; what was written since the copy began is lost.
    pub(in crate::subscription) fn truncate_copied(&mut self) {
        if self.copied.is_some() {
            self.truncate_with(false, 0);
        }
    }

    fn truncate_with(&mut self, leaves_hole: bool, count: usize) {
        let number = self.current.expect("it is being copied");
        let copied = self.copied.take().expect("it is being copied");
        let generation = &mut self.generations[number];
        let is_whole = generation.lines.len() == copied;
        if !is_whole || !generation.part.is_empty() {
            generation.destroy_from(copied);
            generation.copied = Some(copied);
        }
        let text = fs::read(&self.path).unwrap();
        let copy = OpenOptions::new().write(true).open(self.name(1)).unwrap();
        let lines = self.generations[number].lines[..copied].iter();
        let length: usize = lines.map(|line| line.len() + 1).sum();
        let hole = text.iter().take_while(|&&byte| byte == 0).count();
        let end = if is_whole { text.len() } else { hole + length };
        copy.write_all_at(&text[..end], 0).unwrap();
        self.begin_again(if leaves_hole { text.len() } else { 0 }, count);
    }

    /// Truncates without a copy, and writes so many lines at once.
    pub(in crate::subscription) fn refill(&mut self, count: usize) {
        self.truncate_copied();
        if let Some(number) = self.current {
            self.generations[number].destroy();
            self.begin_again(0, count);
        }
    }

    /// The current file is empty, and then has so many lines, behind a hole perhaps.
    fn begin_again(&mut self, hole: usize, count: usize) {
        let before = self.current.expect("it was truncated");
        let is_held = std::mem::take(&mut self.generations[before].is_held);
        let number = self.add(is_held);
        self.current = Some(number);
        let text = self.generations[number].lines(number, count);
        let file = OpenOptions::new().write(true).open(&self.path).unwrap();
        file.set_len(0).unwrap();
        if !text.is_empty() {
            file.write_all_at(text.as_bytes(), hole as u64).unwrap();
        }
    }

    /// Begins to compress the newest plain rotated file, which is still there.
    pub(in crate::subscription) fn begin_packing(&mut self) {
        if let Some(age) = self.to_pack() {
            let text = packed(&self.name(age));
            fs::write(self.numbered(age, true), &text[..text.len() / 2]).unwrap();
        }
    }

    /// Compresses it.
    pub(in crate::subscription) fn pack(&mut self) {
        if let Some(age) = self.to_pack() {
            self.pack_that_of(age);
        }
    }

    fn pack_that_of(&mut self, age: usize) {
        let (plain, to) = (self.name(age), self.numbered(age, true));
        fs::write(to, packed(&plain)).unwrap();
        fs::remove_file(plain).unwrap();
        let at = self.rotated.len() - age;
        self.rotated[at].is_packed = true;
        let number = self.rotated[at].number;
        // Its writer has been told to begin another file.
        self.late.take_if(|(late, _)| *late == number);
    }

    /// The age of the newest rotated file that is complete and not compressed. One that only holds
    /// an unfinished line would be told from no other.
    fn to_pack(&self) -> Option<usize> {
        let newest = 1 + usize::from(self.copied.is_some());
        let mut ages = newest..=self.rotated.len();
        ages.find(|age| {
            let rotated = &self.rotated[self.rotated.len() - age];
            let generation = &self.generations[rotated.number];
            let is_told = generation.part.is_empty() || !generation.lines.is_empty();
            !rotated.is_packed && is_told
        })
    }

    /// What is being compressed is compressed before anything is renamed or removed.
    fn finish_packing(&mut self) {
        let is_begun = |&age: &usize| {
            let rotated = &self.rotated[self.rotated.len() - age];
            !rotated.is_packed && self.numbered(age, true).exists()
        };
        if let Some(age) = (1..=self.rotated.len()).find(is_begun) {
            self.pack_that_of(age);
        }
    }

    pub(in crate::subscription) fn delete(&mut self) {
        self.truncate_copied();
        if let Some(number) = self.current.take() {
            fs::remove_file(&self.path).unwrap();
            self.remove(number, false);
        }
    }

    /// The follower looks, and the grace of renamed files is over or not.
    pub(in crate::subscription) fn note_look(&mut self, ends_grace: bool) {
        let is_over = |(_, late): &mut (usize, File)| ends_grace || may_be_begun(late, &self.path);
        self.late.take_if(is_over);
        self.note_held();
        // While there is no file, nobody knows of one that came and was renamed.
        let is_there = self.current.is_some();
        for (number, generation) in self.generations.iter_mut().enumerate() {
            let is_news = number >= self.history && is_there;
            if is_news || generation.is_held {
                generation.looked_at = generation.lines.len();
            }
        }
    }

    /// The follower has closed the current file, and opens it when it has changed.
    pub(in crate::subscription) fn note_rest(&mut self) {
        if let Some(number) = self.current {
            self.generations[number].is_held = false;
            self.at_rest = self.path.metadata().ok();
        }
    }

    /// Another server follows. Nothing tells it of what goes or is gone but a reader's place
    /// there.
    pub(in crate::subscription) fn note_restart(&mut self, has_lines_of: impl Fn(usize) -> bool) {
        let late = self.late.take();
        self.late = late.filter(|(number, _)| self.may_be_late(*number));
        self.at_rest = None;
        self.history = self.generations.len();
        for number in std::mem::take(&mut self.deleted) {
            self.generations[number].destroy();
        }
        for (number, generation) in self.generations.iter_mut().enumerate() {
            generation.is_held = false;
            generation.unseen_from = generation.copied.or(generation.unseen_from);
            if !has_lines_of(number) {
                generation.looked_at = 0;
                generation.unseen_from = generation.unseen_from.map(|_| 0);
            }
        }
        // It looks at once, at what is there.
        self.note_held();
        if let Some(number) = self.current {
            let generation = &mut self.generations[number];
            generation.looked_at = generation.lines.len();
        }
    }

    /// Whether another server hears a writer that has not noticed that its file was renamed: it is
    /// the newest rotated one, ends with a line, and was surely not made of the current one.
    fn may_be_late(&self, number: usize) -> bool {
        let made = |path: &PathBuf| path.metadata().and_then(|file| file.created()).ok();
        let is_it = |newest: &Rotated| newest.number == number && !newest.is_copy;
        self.rotated.last().is_some_and(is_it)
            && self.generations[number].part.is_empty()
            && self.name(1).metadata().is_ok_and(|file| file.len() > 0)
            && (self.current.is_none() || made(&self.name(1)) < made(&self.path))
    }

    fn note_held(&mut self) {
        let now = self.path.metadata().ok();
        let is_as_it_was = |then: &Metadata, now: &Metadata| {
            (then.ino(), then.ctime(), then.ctime_nsec())
                == (now.ino(), now.ctime(), now.ctime_nsec())
        };
        let both = self.at_rest.as_ref().zip(now.as_ref());
        if both.is_some_and(|(then, now)| is_as_it_was(then, now)) {
            return;
        }
        self.at_rest = None;
        if let Some(number) = self.current {
            self.generations[number].is_held = true;
        }
    }
}
