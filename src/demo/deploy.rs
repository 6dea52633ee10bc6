//! `deploy.log`: a release tool that writes for a terminal, with colours and progress bars.

use jiff::Zoned;

use crate::demo::random::Random;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";
const RESET: &str = "\x1b[0m";

/// Cells of a progress bar.
const BAR: u64 = 20;

/// One release on its way.
#[derive(Debug)]
pub(super) struct Deploy {
    version: u64,
    percent: u64,
    stage: Stage,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Begin,
    Build,
    Check,
    Switch,
}

impl Deploy {
    /// It has said nothing so far.
    pub(super) fn new(version: u64) -> Self {
        Self {
            version,
            percent: 0,
            stage: Stage::Begin,
        }
    }

    /// The next line, and whether it was the last.
    pub(super) fn advance(&mut self, random: &mut Random, at: &Zoned) -> (String, bool) {
        let version = self.version;
        let (text, stage) = match self.stage {
            Stage::Begin => (
                format!("{CYAN}==>{RESET} {BOLD}Deploying shop 1.{version}.0{RESET} to production"),
                Some(Stage::Build),
            ),
            Stage::Build => {
                self.percent = (self.percent + random.between(8, 30)).min(100);
                let is_built = self.percent == 100;
                let stage = if is_built { Stage::Check } else { Stage::Build };
                (progress("build", self.percent), Some(stage))
            }
            Stage::Check if random.once_in(3) => (
                format!("{YELLOW}warning{RESET} health check answered after 2.1 s, trying again"),
                Some(Stage::Check),
            ),
            Stage::Check => (
                format!("    {GREEN}✓{RESET} health check passed on 3 of 3 machines"),
                Some(Stage::Switch),
            ),
            Stage::Switch if random.once_in(5) => (
                format!(
                    "    {RED}✗ error: error rate above 2 %, back to 1.{}.0{RESET}",
                    version - 1
                ),
                None,
            ),
            Stage::Switch => (format!("    {GREEN}✓ 1.{version}.0 is live{RESET}"), None),
        };
        self.stage = stage.unwrap_or(self.stage);
        let line = format!("{DIM}{}{RESET} {text}", at.strftime("%H:%M:%S"));
        (line, stage.is_none())
    }
}

fn progress(name: &str, percent: u64) -> String {
    let full = percent * BAR / 100;
    let (full, empty) = ("█".repeat(full as usize), "░".repeat((BAR - full) as usize));
    format!("    {name} {GREEN}{full}{DIM}{empty}{RESET} {percent:>3} %")
}
