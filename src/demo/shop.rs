//! The life of the imagined shop: calm, with an incident now and then.

use jiff::ToSpan;
use jiff::Zoned;

use crate::demo::api;
use crate::demo::deploy::Deploy;
use crate::demo::random::Random;
use crate::demo::visit::Visit;
use crate::demo::web;
use crate::demo::worker;

/// Ticks from one incident to the next: half a minute while it is watched.
const TICKS_BETWEEN_INCIDENTS: u64 = 120;

/// For so many ticks everybody tries again at once.
const TICKS_OF_INCIDENT: u64 = 5;

/// Ticks from the beginning of one release to the next.
const TICKS_BETWEEN_DEPLOYS: u64 = 280;

/// The files that are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Log {
    Web,
    Api,
    Worker,
    Deploy,
}

impl Log {
    pub(super) const ALL: [Self; 4] = [Self::Web, Self::Api, Self::Worker, Self::Deploy];

    pub(super) fn file_name(self) -> &'static str {
        match self {
            Self::Web => "web.log",
            Self::Api => "api.log",
            Self::Worker => "worker.log",
            Self::Deploy => "deploy.log",
        }
    }
}

/// Everything that the shop remembers.
#[derive(Debug)]
pub(super) struct Shop {
    random: Random,
    ticks: u64,
    orders: u64,
    deploys: u64,
    deploy: Option<Deploy>,
}

impl Shop {
    /// It has the same life each time.
    pub(super) fn new() -> Self {
        Self {
            random: Random::new(0x5eed_f00d),
            ticks: 0,
            orders: 10_000,
            deploys: 40,
            deploy: None,
        }
    }

    /// What is written in a quarter of a second that ends at `now`, in order of time. An entry
    /// may have several lines; its last newline is left out.
    pub(super) fn tick(&mut self, now: &Zoned) -> Vec<(Log, String)> {
        self.ticks += 1;
        let until_next = TICKS_BETWEEN_INCIDENTS - self.ticks % TICKS_BETWEEN_INCIDENTS;
        let is_incident = until_next <= TICKS_OF_INCIDENT;
        let visits = if is_incident {
            self.random.between(25, 45)
        } else {
            self.random.between(0, 2)
        };
        let mut entries = Vec::new();
        for visit in 1..=visits {
            // They share the quarter of a second among them.
            let before = (250 * (visits - visit) / visits) as i64;
            let at = now.saturating_sub(before.milliseconds());
            self.visit(&at, is_incident, &mut entries);
        }
        if self.random.once_in(12) {
            entries.push((Log::Worker, worker::background(&mut self.random, now)));
        }
        self.deploy(now, &mut entries);
        entries
    }

    fn visit(&mut self, at: &Zoned, is_incident: bool, entries: &mut Vec<(Log, String)>) {
        let buys_one_in = if is_incident { 3 } else { 12 };
        if self.random.once_in(buys_one_in) {
            self.orders += 1;
            let visit = Visit::order(&mut self.random, at, self.orders);
            let fails_one_in = if is_incident { 2 } else { 25 };
            let fails = self.random.once_in(fails_one_in);
            let visit = if fails { visit.timed_out() } else { visit };
            tell_of_order(&visit, entries);
        } else {
            let visit = Visit::page(&mut self.random, at);
            entries.push((Log::Web, web::access(&visit)));
            if visit.path.starts_with("/products") {
                if self.random.once_in(4) {
                    entries.push((Log::Api, api::cache_missed(&visit)));
                }
                entries.push((Log::Api, api::served(&visit)));
            }
        }
    }

    fn deploy(&mut self, now: &Zoned, entries: &mut Vec<(Log, String)>) {
        if self.ticks % TICKS_BETWEEN_DEPLOYS == TICKS_BETWEEN_DEPLOYS / 4 {
            self.deploys += 1;
            self.deploy = Some(Deploy::new(self.deploys));
        }
        if let Some(deploy) = &mut self.deploy
            && self.random.once_in(3)
        {
            let (line, is_last) = deploy.advance(&mut self.random, now);
            entries.push((Log::Deploy, line));
            if is_last {
                self.deploy = None;
            }
        }
    }
}

/// One order leaves its trace in three logs.
fn tell_of_order(visit: &Visit, entries: &mut Vec<(Log, String)>) {
    let Some(order) = visit.order else { return };
    if visit.status == 504 {
        entries.push((Log::Api, api::failed(visit, order)));
        entries.push((Log::Worker, worker::payment_failed(visit, order)));
        entries.push((Log::Worker, worker::payment_retried(visit, order)));
        entries.push((Log::Web, web::timed_out(visit)));
    } else {
        entries.push((Log::Api, api::ordered(visit, order)));
        entries.push((Log::Worker, worker::receipt_sent(visit, order)));
    }
    entries.push((Log::Web, web::access(visit)));
}

#[cfg(test)]
mod tests;
