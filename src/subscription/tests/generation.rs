//! What is written into one file, line by line.

/// The lines of one file, between two truncations.
#[derive(Default)]
pub(in crate::subscription) struct Generation {
    pub lines: Vec<String>,
    /// The part of a line that is there.
    pub part: String,
    /// How many lines are there for whoever looks now or later.
    pub looked_at: usize,
    /// Lines from here on were destroyed before anybody looked.
    pub unseen_from: Option<usize>,
    /// A copy has so many of them, and nothing says that there were more.
    pub copied: Option<usize>,
    /// Whether a follower holds the file open.
    pub is_held: bool,
}

impl Generation {
    /// What is written for so many lines.
    pub(in crate::subscription) fn lines(&mut self, number: usize, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            let (begun, rest) = match std::mem::take(&mut self.part) {
                part if part.is_empty() => {
                    (String::new(), format!("{number}-{}.", self.lines.len()))
                }
                part => (part, ".".to_owned()),
            };
            text = text + &rest + "\n";
            self.lines.push(begun + &rest);
        }
        text
    }

    /// What is written for a part of a line.
    pub(in crate::subscription) fn part(&mut self, number: usize) -> String {
        let rest = match self.part.as_str() {
            "" => format!("{number}-{}", self.lines.len()),
            _ => "-".to_owned(),
        };
        self.part += &rest;
        rest
    }

    /// Its bytes are gone; a follower that holds the file open keeps what it has seen.
    pub(in crate::subscription) fn destroy(&mut self) {
        self.destroy_from(0);
    }

    /// So are those of its lines from number `kept` on.
    pub(in crate::subscription) fn destroy_from(&mut self, kept: usize) {
        let from = self.looked_at.max(kept);
        self.unseen_from = Some(self.unseen_from.map_or(from, |before| before.min(from)));
    }
}
