//! A query string as names and values.

use percent_encoding::percent_decode_str;

use crate::config::TAIL_LINES_MAX;
use crate::http::error::ApiError;

/// The names and values of a query, in its order.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, ApiError> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

/// As forms are encoded: `+` is a blank.
fn decoded(text: &str) -> Result<String, ApiError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| bad("a parameter is not UTF-8"))
}

/// The values of a parameter that may be repeated.
pub(super) fn all<'a>(
    pairs: &'a [(String, String)],
    name: &'a str,
) -> impl Iterator<Item = &'a str> {
    pairs
        .iter()
        .filter(move |(n, _)| n == name)
        .map(|(_, value)| &**value)
}

/// The value of a parameter that may be given once.
pub(super) fn single<'a>(
    pairs: &'a [(String, String)],
    name: &'a str,
) -> Result<Option<&'a str>, ApiError> {
    let mut values = all(pairs, name);
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(bad("a parameter is given twice that can be given once")),
    }
}

/// Digits only; more than the limit is the limit.
pub(super) fn whole_number(text: &str) -> Option<usize> {
    let is_number =
        !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = is_number.then(|| text.parse().ok()).flatten()?;
    Some(number.min(TAIL_LINES_MAX) as usize)
}

/// What is wrong, as a sentence.
pub(super) fn bad(message: &str) -> ApiError {
    ApiError::BadQuery(message.to_owned())
}
