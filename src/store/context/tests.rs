use crate::store::context::Context;

/// Which of these lines are given, `x` being a match, and how: `X` a match, `c`
/// context, `.` not. Whatever waits in the end is not.
fn given(lines: &str, reach: usize, distance: Option<usize>) -> String {
    let mut context = Context::new(reach, distance);
    let mut given = Vec::new();
    let mut left_out = Vec::new();
    for (number, line) in lines.chars().enumerate() {
        left_out.extend(context.push(number, line == 'x', &mut given));
    }
    let mut told = vec!['.'; lines.len()];
    for (number, is_context) in given {
        told[number] = if is_context { 'c' } else { 'X' };
    }
    assert!(left_out.iter().all(|number| told[*number] == '.'));
    assert!(left_out.is_sorted());
    told.into_iter().collect()
}

#[test]
fn without_context_only_matches_are_given() {
    assert_eq!(given("-x--xx-", 0, None), ".X..XX.");
}

#[test]
fn lines_around_a_match_are_given() {
    assert_eq!(given("---x---", 1, None), "..cXc..");
    assert_eq!(given("---x---", 2, None), ".ccXcc.");
    assert_eq!(given("x-----x", 2, None), "Xcc.ccX");
    assert_eq!(given("x---x", 2, None), "XcccX");
    assert_eq!(given("-x", 9, None), "cX");
}

#[test]
fn a_match_before_the_first_line_counts() {
    assert_eq!(given("-----", 2, Some(1)), "cc...");
    assert_eq!(given("-----", 2, Some(2)), "c....");
    assert_eq!(given("-----", 2, Some(3)), ".....");
    assert_eq!(given("-x---", 1, Some(1)), "cXc..");
}

#[test]
fn another_file_has_nothing_to_do_with_the_last() {
    let mut context = Context::new(2, None);
    let mut given = Vec::new();
    context.push("x", true, &mut given);
    context.push("behind", false, &mut given);
    context.begin_anew();
    context.push("far", false, &mut given);
    context.begin_anew();
    context.push("x", true, &mut given);
    assert_eq!(given, [("x", false), ("behind", true), ("x", false)]);
}
