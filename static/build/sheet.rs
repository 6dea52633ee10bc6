//! One style sheet out of those it imports, in few words, and markup without its indentation.

use std::path::Path;

/// The sheets that `entry` imports, in its order, without comments and the space people read by.
pub fn joined(entry: &Path) -> String {
    let text = crate::read(entry);
    let names = text.lines().map(|line| {
        let name = line
            .strip_prefix("@import \"")
            .and_then(|rest| rest.strip_suffix("\";"));
        name.unwrap_or_else(|| panic!("{}: `{line}` is no import", entry.display()))
    });
    names
        .map(|name| tight(&without_comments(&crate::read(&entry.with_file_name(name)))))
        .collect()
}

/// Without indentation and empty lines.
pub fn trimmed(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// As our sheets are written, no string of theirs holds what is taken out.
fn tight(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let sheet: String = lines
        .flat_map(|line| {
            let line = line
                .replace(": ", ":")
                .replace(" {", "{")
                .replace(", ", ",");
            let space = if line.ends_with(['{', '}', ';', ',', ':']) {
                ""
            } else {
                " "
            };
            [line, space.to_owned()]
        })
        .collect();
    let sheet = sheet.replace("{ ", "{").replace("; ", ";");
    sheet.replace(";}", "}")
}

/// `/*` never stands in a string of ours.
fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| {
        let (_, after) = part.split_once("*/").expect("a comment has an end");
        kept + after
    })
}
