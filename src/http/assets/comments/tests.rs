use super::without;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(without(text, true), expected);
}

#[test]
fn comments_that_begin_a_line_are_left_out() {
    check("// one\nlet a;\n  // two\nlet b;\n", "let a;\nlet b;\n");
    check("/** @type {X} */\nlet a;\n", "let a;\n");
    check("/**\n * Many lines.\n *\n */\nlet a;\n", "let a;\n");
}

#[test]
fn code_after_a_comment_stays() {
    check("  /** @type {X} */ (a).b();\n", " (a).b();\n");
    check("/* a */ /* b */ c;\n", " c;\n");
    check("/*\n * a\n */ b;\n", " b;\n");
}

#[test]
fn what_only_looks_like_a_comment_stays() {
    check("let a = 'https://x';\n", "let a = 'https://x';\n");
    check("let a = '/*';\nlet b;\n", "let a = '/*';\nlet b;\n");
    assert_eq!(without("//x\n", false), "//x\n");
}

#[test]
fn empty_lines_go() {
    check("a\n\n  \nb", "a\nb\n");
}
