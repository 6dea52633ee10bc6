//! The figures as Markdown: a table for each work, and at the end one of ratios.

use std::fmt::Display;

use crate::receipt::Receipt;

/// Which figures of a work are the better ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    Less,
    More,
}

/// The figures of one peer.
#[derive(Debug, Default)]
pub struct Row {
    peer: &'static str,
    /// What is compared.
    figure: f64,
    /// What stands beside it, with its heading.
    beside: Vec<(&'static str, String)>,
}

/// All figures of a run.
#[derive(Debug, Default)]
pub struct Table {
    works: Vec<(String, &'static str, Better, Vec<Row>)>,
}

impl Row {
    pub fn new(peer: &'static str, figure: f64) -> Row {
        Row {
            peer,
            figure,
            beside: Vec::new(),
        }
    }

    /// One more figure.
    #[must_use]
    pub fn with(mut self, heading: &'static str, value: impl Display) -> Row {
        self.beside.push((heading, format!("{value}")));
        self
    }

    /// The same, with so many digits behind the point.
    #[must_use]
    pub fn number(self, heading: &'static str, value: f64, digits: usize) -> Row {
        self.with(heading, format!("{value:.digits$}"))
    }

    /// What the readers were not given, out of so many lines each.
    #[must_use]
    pub fn receipts(self, receipts: &[Receipt], readers: usize, lines: u64) -> Row {
        let given: u64 = receipts
            .iter()
            .map(|receipt| receipt.lines - receipt.disorder)
            .sum();
        let disorder: u64 = receipts.iter().map(|receipt| receipt.disorder).sum();
        let lost = (lines * readers as u64).saturating_sub(given);
        self.with("lost", lost).with("twice or late", disorder)
    }
}

impl Table {
    pub fn begin(&mut self, name: &str, what: &str, unit: (&'static str, Better)) {
        println!("\n### {name}: {what}\n");
        self.works
            .push((name.to_owned(), unit.0, unit.1, Vec::new()));
    }

    pub fn add(&mut self, row: Row) {
        let (_, unit, _, rows) = self.works.last_mut().expect("a work has begun");
        if rows.is_empty() {
            let headings: Vec<&str> = row.beside.iter().map(|(heading, _)| *heading).collect();
            println!("| peer | {unit} | {} |", headings.join(" | "));
            println!("|---|{}", "---:|".repeat(headings.len() + 1));
        }
        let beside: Vec<&str> = row.beside.iter().map(|(_, value)| value.as_str()).collect();
        println!(
            "| {} | {} | {} |",
            row.peer,
            short(row.figure),
            beside.join(" | ")
        );
        rows.push(row);
    }

    /// It is not installed, or cannot do the work.
    pub fn skip(&mut self, peer: &str, why: &str) {
        let (.., rows) = self.works.last().expect("a work has begun");
        let text = format!("{peer}: skipped, {why}");
        if rows.is_empty() {
            println!("{text}\n");
        } else {
            println!("| {text} |");
        }
    }

    /// How each stands to logstream; above 1 it is better.
    pub fn ratios(&self) {
        let mut peers: Vec<&str> = Vec::new();
        for (.., rows) in &self.works {
            // How it grows by itself is compared with nobody.
            let has_own = rows.iter().any(|row| row.peer == "logstream");
            for row in rows.iter().filter(|_| has_own) {
                if !peers.contains(&row.peer) {
                    peers.push(row.peer);
                }
            }
        }
        println!("\n### Ratios: so many times as good as logstream\n");
        println!("| work | {} |", peers.join(" | "));
        println!("|---|{}", "---:|".repeat(peers.len()));
        for (name, unit, better, rows) in &self.works {
            let figure = |peer: &str| {
                rows.iter()
                    .find(|row| row.peer == peer)
                    .map(|row| row.figure)
            };
            let Some(own) = figure("logstream") else {
                continue;
            };
            let cells = peers.iter().map(|peer| match figure(peer) {
                None => "–".to_owned(),
                Some(figure) if *peer == "logstream" => format!("{} {unit}", short(figure)),
                Some(figure) if *better == Better::Less => format!("{:.2}", own / figure),
                Some(figure) => format!("{:.2}", figure / own),
            });
            println!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
        }
    }
}

fn short(figure: f64) -> String {
    if figure >= 100.0 {
        format!("{figure:.0}")
    } else {
        format!("{figure:.3}")
    }
}

/// The value below which this share of the values lies.
pub fn percentile(values: &mut [f32], share: f64) -> f64 {
    values.sort_by(f32::total_cmp);
    values
        .get(((values.len().max(1) - 1) as f64 * share) as usize)
        .map_or(f64::NAN, |value| f64::from(*value))
}
