//! The inner loops, without a server around them: `cargo bench --bench loops`.

use std::path::PathBuf;
use std::sync::Arc;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use logstream::filter::Filter;
use logstream::filter::FilterSpec;
use logstream::http::wire;
use logstream::line::Batch;
use logstream::line::Trail;
use logstream::position::Cursor;
use logstream::position::SegmentId;
use logstream::record::Recogniser;
use logstream::redaction::Mode;
use logstream::redaction::Redaction;
use logstream::store::Store;
use logstream::store::chain::Named;
use logstream::store::encoding::Encoding;
use logstream::store::splitter::Splitter;
use logstream::subscription::update::Lines;
use logstream::subscription::update::Update;

/// Lines of a batch: as many as an event holds.
const LINES: usize = 128;

fn text() -> Vec<u8> {
    let line = |number: usize| {
        format!(
            "2026-11-22T10:47:02.{number:03}Z INFO  http: GET /api/v1/search?q=\"a b\" 200 in {number} ms \
            user=anna@example.org request timeout after 30 s on the way to backend-{number} id={number}\n"
        )
    };
    (0..LINES).map(line).collect::<String>().into_bytes()
}

fn batch() -> Batch {
    let mut splitter = Splitter::new(Encoding::Bytes, 0, Trail::EMPTY);
    splitter.push(&text()).expect("whole lines")
}

fn filter(include: &str) -> Filter {
    let spec = FilterSpec {
        include: vec![include.to_owned()],
        ..FilterSpec::default()
    };
    Filter::new(&spec).expect("a filter")
}

fn loops(criterion: &mut Criterion) {
    let text = text();
    let mut group = criterion.benchmark_group("a batch");
    group.throughput(Throughput::Elements(LINES as u64));
    group.bench_function("split", |bencher| {
        bencher.iter(|| Splitter::new(Encoding::Bytes, 0, Trail::EMPTY).push(&text));
    });
    let redaction = Arc::new(Redaction::new(Mode::Default, &[]).expect("rules"));
    // What stands above the lines would be looked for in the file.
    let file = tempfile::tempfile().expect("a file");
    group.bench_function("split and redact", |bencher| {
        bencher.iter(|| {
            Splitter::redacting(&redaction, &file, Encoding::Bytes, 0, Trail::EMPTY).push(&text)
        });
    });
    let batch = batch();
    group.bench_function("levels and times", |bencher| {
        bencher.iter(|| {
            let mut recogniser = Recogniser::new();
            let lines = batch.lines().iter();
            lines
                .filter(|line| recogniser.read(batch.text(line)).time.is_some())
                .count()
        });
    });
    for (name, include) in [
        ("literal", "meltdown"),
        ("regex", r"timeout after \d+ s.*id=\d*7$"),
    ] {
        let filter = filter(include);
        group.bench_function(format!("filter by a {name}"), |bencher| {
            let keeps = |line: &&_| filter.keeps_text(batch.text(line));
            bencher.iter(|| batch.lines().iter().filter(keeps).count());
        });
    }
    let (update, cursor) = event();
    for (name, filter) in [
        ("", Filter::new(&FilterSpec::default()).expect("no filter")),
        (" with matches", filter("timeout")),
    ] {
        let mut out = Vec::new();
        group.bench_function(format!("encode{name}"), |bencher| {
            bencher.iter(|| {
                out.clear();
                wire::update(&mut out, &update, &filter, &cursor);
            });
        });
    }
    group.finish();
}

/// All lines of a batch, and the place behind them.
fn event() -> (Update, Cursor) {
    let source = Store::default().add_source(Named {
        name: "app.log".to_owned(),
        path: PathBuf::from("/var/log/app.log"),
        is_named: true,
    });
    let batch = batch();
    let records = batch.records(&mut Recogniser::new()).to_vec();
    let update = Update::Lines(Lines {
        segment: SegmentId::of(source.id, &text(), 0).expect("a whole line"),
        source,
        kept: (0..LINES as u32).collect(),
        records,
        context: Vec::new(),
        end: batch.end(),
        file: None,
        batch: Arc::new(batch),
    });
    let cursor = Cursor {
        selection: 0,
        made: 0,
        is_complete: true,
        places: Vec::new(),
    };
    (update, cursor)
}

criterion_group!(benches, loops);
criterion_main!(benches);
