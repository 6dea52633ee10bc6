use std::collections::HashSet;

use super::*;

/// What is written in so many ticks from a time that is always the same.
fn entries(ticks: i64) -> Vec<Vec<(Log, String)>> {
    let start: Zoned = "2026-11-22T10:47:02.403+00:00[UTC]".parse().unwrap();
    let mut shop = Shop::new();
    let at = |tick: i64| start.saturating_add((250 * tick).milliseconds());
    (0..ticks).map(|tick| shop.tick(&at(tick))).collect()
}

fn of(log: Log, ticks: &[Vec<(Log, String)>]) -> Vec<&str> {
    let entries = ticks.iter().flatten();
    let entries = entries.filter(|(of, _)| *of == log);
    entries.map(|(_, text)| text.as_str()).collect()
}

fn line_count(tick: &[(Log, String)]) -> usize {
    tick.iter().map(|(_, text)| text.lines().count()).sum()
}

#[test]
fn its_life_is_the_same_each_time() {
    assert_eq!(entries(500), entries(500));
}

#[test]
fn it_is_calm_with_a_burst_now_and_then() {
    let ticks = entries(4 * 600);
    let (calm, bursts): (Vec<_>, Vec<_>) = ticks.iter().partition(|tick| line_count(tick) < 40);
    let sum = |ticks: &[&Vec<_>]| ticks.iter().map(|tick| line_count(tick)).sum::<usize>();
    let calm_per_second = sum(&calm) as f64 / (calm.len() as f64 / 4.0);
    assert!(
        (5.0..20.0).contains(&calm_per_second),
        "{calm_per_second} lines/s"
    );
    assert_eq!(bursts.len() as u64, 20 * TICKS_OF_INCIDENT);
    let per_burst = sum(&bursts) / 20;
    assert!(
        (300..1000).contains(&per_burst),
        "{per_burst} lines in a burst"
    );
    assert!(
        ticks[..20].iter().all(|tick| line_count(tick) < 40),
        "calm to begin with"
    );
}

#[test]
fn every_line_of_the_api_is_json() {
    let ticks = entries(2000);
    let mut levels = HashSet::new();
    let mut has_nested_error = false;
    for line in of(Log::Api, &ticks) {
        let value: serde_json::Value = serde_json::from_str(line).expect(line);
        levels.insert(value["level"].as_str().unwrap().to_owned());
        has_nested_error |= value["error"]["cause"]["type"].is_string();
        assert!(
            value["time"]
                .as_str()
                .unwrap()
                .starts_with("2026-11-22T10:")
        );
    }
    let expected = ["debug", "info", "warn", "error"];
    assert_eq!(levels, expected.into_iter().map(str::to_owned).collect());
    assert!(has_nested_error);
}

#[test]
fn a_request_is_found_in_every_log_that_tells_of_it() {
    let ticks = entries(2000);
    let (web, worker) = (of(Log::Web, &ticks), of(Log::Worker, &ticks));
    let orders = of(Log::Api, &ticks)
        .into_iter()
        .filter(|line| line.contains("\"order\""));
    let mut count = 0;
    for line in orders {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let trace = value["trace_id"].as_str().unwrap();
        assert!(
            web.iter()
                .any(|line| line.ends_with(&format!("req={trace}"))),
            "{trace}"
        );
        assert!(
            worker
                .iter()
                .any(|line| line.contains(&format!("(trace {trace})"))),
            "{trace}"
        );
        count += 1;
    }
    assert!(count > 100, "{count} orders");
}

#[test]
fn all_formats_are_there() {
    let ticks = entries(2000);
    for (log, texts) in [
        (
            Log::Web,
            &[
                "[22/Nov/2026:10:47:02 +0000] \"GET /",
                " 404 ",
                "2026/11/22 10:",
                "[error] 31#31: *",
            ][..],
        ),
        (
            Log::Api,
            &[
                "{\"time\":\"2026-11-22T10:47:0",
                "\"msg\":\"checkout failed\"",
            ],
        ),
        (
            Log::Worker,
            &[
                "2026-11-22 10:47:0",
                "\n\tat ",
                "\nCaused by: ",
                "\nTraceback (most",
                "slow query",
            ],
        ),
        (
            Log::Deploy,
            &["\x1b[2m10:47:", "█", "is live", "\x1b[33mwarning"],
        ),
    ] {
        for text in texts {
            assert!(
                of(log, &ticks).iter().any(|line| line.contains(text)),
                "{log:?}: {text:?}"
            );
        }
    }
}
