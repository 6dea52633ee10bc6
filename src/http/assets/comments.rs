//! Comments are for those who read the sources. A browser is sent a script or a
//! style sheet without them, which is a third less.
//!
//! Only comments that begin a line are taken out, so that nothing has to be known
//! of strings; the page's sources have no others that are worth it.

/// `text` without its comments and empty lines; `has_line_comments` where `//`
/// begins one.
pub fn without(text: &str, has_line_comments: bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_inside = false;
    for line in text.lines() {
        let mut rest = line;
        if !is_inside && has_line_comments && line.trim_start().starts_with("//") {
            continue;
        }
        // A cast of types may stand before code on the same line.
        while is_inside || rest.trim_start().starts_with("/*") {
            let Some((_, after)) = rest.split_once("*/") else {
                is_inside = true;
                rest = "";
                break;
            };
            is_inside = false;
            rest = after;
        }
        if !rest.trim().is_empty() {
            kept.push_str(rest);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests;
