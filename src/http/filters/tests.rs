use std::sync::Arc;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::http::filters::Filters;
use crate::http::filters::InUse;
use crate::record::window::Window;

fn filter(pattern: &str) -> Filter {
    let include = vec![pattern.to_owned()];
    let (exclude, spec) = (Vec::new(), FilterSpec::default());
    Filter::new(&FilterSpec {
        include,
        exclude,
        ..spec
    })
    .expect("a pattern")
}

fn share(filters: &Arc<Filters>, mut filter: Filter) -> Option<InUse> {
    InUse::share(filters, &mut filter)
}

#[test]
fn one_too_many_is_refused_until_another_is_given_back() {
    let filters = Filters::new(2);
    let one = share(&filters, filter("one")).expect("a place");
    let same = share(&filters, filter("one")).expect("the same");
    let _two = share(&filters, filter("two")).expect("a place");
    assert!(share(&filters, filter("three")).is_none());
    assert!(share(&filters, filter("one")).is_some());
    drop(one);
    assert!(share(&filters, filter("three")).is_none());
    drop(same);
    assert!(share(&filters, filter("three")).is_some());
}

#[test]
fn who_asks_for_no_pattern_needs_no_place() {
    let filters = Filters::new(0);
    let _all: Vec<InUse> = (0..3)
        .map(|_| share(&filters, filter("")).expect("nothing to keep"))
        .collect();
    assert!(share(&filters, filter("one")).is_none());
}

#[test]
fn another_time_is_no_other_filter_and_stays() {
    let filters = Filters::new(1);
    let since = |since| Window {
        since: Some(since),
        until: None,
    };
    let _in_use: Vec<InUse> = (0..3)
        .map(|moment| {
            let mut wanted = filter("one").during(since(moment));
            let in_use = InUse::share(&filters, &mut wanted).expect("the same");
            assert_eq!(wanted.window(), since(moment));
            assert!(wanted.keeps_text(b"one") && !wanted.keeps_text(b"two"));
            in_use
        })
        .collect();
    assert!(share(&filters, filter("two")).is_none());
}
