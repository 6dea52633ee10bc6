use crate::record::window::Window;

fn window(since: Option<i64>, until: Option<i64>) -> Window {
    Window { since, until }
}

#[test]
fn it_begins_with_its_first_moment_and_ends_before_its_last() {
    let window = window(Some(10), Some(20));
    let inside: Vec<i64> = (8..22)
        .filter(|time| window.contains(Some(*time)))
        .collect();
    assert_eq!(inside, (10..20).collect::<Vec<i64>>());
}

#[test]
fn a_line_of_unknown_time_is_only_kept_out_by_an_end() {
    assert!(window(None, None).contains(None));
    assert!(window(Some(10), None).contains(None));
    assert!(!window(None, Some(20)).contains(None));
    assert!(!window(Some(10), Some(20)).contains(None));
}

#[test]
fn two_windows_have_in_common_what_is_in_both() {
    let both = |one: Window, two: Window| {
        assert_eq!(one.and(two), two.and(one));
        one.and(two)
    };
    let all = Window::ALL;
    let since = window(Some(10), None);
    let until = window(None, Some(20));
    assert_eq!(both(all, since), since);
    assert_eq!(both(all, until), until);
    assert_eq!(both(since, until), window(Some(10), Some(20)));
    assert_eq!(
        both(window(Some(5), Some(15)), window(Some(10), Some(20))),
        window(Some(10), Some(15))
    );
}
