use std::collections::BTreeMap;

use actix_web::http::StatusCode;

use crate::http::metrics::Answers;
use crate::http::metrics::Figures;

fn figures() -> Figures {
    Figures {
        streams: 3,
        sources: BTreeMap::from([("gone", 0), ("live", 2), ("waiting", 1)]),
        lines: 10,
        bytes: 1_000,
        gaps: 1,
        memory: Some(2_048),
    }
}

#[test]
fn every_figure_has_a_help_and_a_type() {
    let answers = Answers::default();
    answers.note(StatusCode::OK);
    answers.note(StatusCode::OK);
    answers.note(StatusCode::TOO_MANY_REQUESTS);
    let text = figures().text(&answers);
    for line in [
        "logstream_lines_total 10",
        "logstream_bytes_total 1000",
        "logstream_gaps_total 1",
        "logstream_streams 3",
        "logstream_sources{state=\"live\"} 2",
        "logstream_sources{state=\"gone\"} 0",
        "logstream_answers_total{status=\"200\"} 2",
        "logstream_answers_total{status=\"429\"} 1",
        "logstream_memory_bytes 2048",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line} in {text}");
    }
    assert_eq!(
        text.matches("# HELP ").count(),
        text.matches("# TYPE ").count()
    );
}

#[test]
fn a_person_reads_them_on_one_line() {
    assert_eq!(
        figures().line(),
        "3 streams; sources: 2 live, 1 waiting; 10 lines and 1000 bytes read; 1 gaps; 2 KiB of memory"
    );
}
