//! What a secret looks like.
//!
//! What a pattern's first group that takes part matches is the secret; without a
//! group all of it is. No pattern needs more than [`AHEAD_BYTES`] to be sure, and
//! all are open to the right: of a secret that is cut off, the part that is there is
//! found. Unbounded repeats are much faster than large bounded ones.
//!
//! Every line that a pattern matches has one of the words, in any case, or one of
//! the tokens below, as written: that is how lines are found that are worth a look.

use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

/// Bytes that a pattern has to see to be sure.
pub const AHEAD_BYTES: usize = 1024;

/// How one kind of secret looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// What stands for it.
    pub kind: &'static str,
    /// What it matches.
    pub pattern: &'static str,
    /// Whether what was matched is one after all; given what stands before the
    /// secret in the match, and the secret.
    pub is_secret: fn(&[u8], &[u8]) -> bool,
}

const fn look(kind: &'static str, pattern: &'static str) -> Look {
    Look {
        kind,
        pattern,
        is_secret: |_, _| true,
    }
}

/// What is looked for wherever others can read. Where two match, the first one says
/// what it is.
pub(super) const LOOKS: [Look; 23] = [
    // To its end on the same line, or all the rest of it.
    look(
        "private-key",
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:.*?-----END [A-Z0-9 ]{1,40}-----|.*)",
    ),
    look(
        "authorization",
        r#"(?i)\b(?:proxy-)?authorization(?:\\{0,3}["'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\{0,3}["'])?(?:(?:digest|aws4-hmac-sha256|hmac|oauth)[ \t]{1,4}(.{4,})|(?:(?:basic|bearer|token|negotiate|ntlm|apikey|key)[ \t]{1,4})?([^\s"',;\\]{4,}))"#,
    ),
    Look {
        kind: "bearer",
        pattern: r"(?i)\bbearer[ \t]{1,4}([A-Za-z0-9._~+/=-]{8,})",
        // "bearer authentication" is none.
        is_secret: |_, secret| secret.len() >= 24 || secret.iter().any(u8::is_ascii_digit),
    },
    look(
        "cookie",
        r#"(?i)\b(?:set-)?cookie(?:\\{0,3}["'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\{0,3}["'])?([^\r\n"'\\]{3,})"#,
    ),
    Look {
        kind: "value",
        pattern: r#"(?i)(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|session[_-]?id|sessid|(?:\b|_)[ht]?otp)[a-z0-9_.-]{0,24}(?:\\{0,3}["'])?[ \t]{0,4}(?:=>|[:=>])[ \t]{0,4}(?:\\{1,3}"((?:[^"\\]|\\\\\\?.)+)|"((?:[^"\\]|\\.)+)|'((?:[^'\\]|\\.)+)|([^\s"'&,;{}()\[\]<>\\]{3,}))"#,
        is_secret: is_value,
    },
    Look {
        kind: "value",
        pattern: r#"(?i)(?:\b(?:x-amz-signature|signature|sig|pass)=|(?:^|[\s"'])--?(?:[a-z0-9]{1,16}-){0,4}(?:password|passwd|pass|secret|token|api-?key)[ \t]{1,4})(?:"((?:[^"\\]|\\.)+)|'((?:[^'\\]|\\.)+)|([^\s"'&,;{}()\[\]<>\\-][^\s"'&,;{}()\[\]<>\\]{2,}))"#,
        is_secret: is_value,
    },
    look(
        "url-password",
        r#"(?i)\b[a-z][a-z0-9+.-]{1,15}://[^/\s:@"'?#]*:([^/\s@"']+)@"#,
    ),
    look(
        "jwt",
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
    ),
    look(
        "aws-key-id",
        r"\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|AIPA)[A-Z0-9]{16}\b",
    ),
    look(
        "github",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})",
    ),
    look(
        "gitlab",
        r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_.-]{20,}",
    ),
    look(
        "slack",
        r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|https://hooks\.slack\.com/services/[A-Za-z0-9/_-]{10,}",
    ),
    look(
        "stripe",
        r"\b(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{20,})",
    ),
    look(
        "google",
        r"\b(?:AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{20,64})",
    ),
    look(
        "ai-key",
        r"\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,}|\bhf_[A-Za-z0-9]{30,64}\b",
    ),
    look(
        "registry",
        r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-[A-Za-z0-9_-]{50,}|\bcio[A-Za-z0-9]{32}\b",
    ),
    look(
        "sendgrid",
        r"\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}",
    ),
    look("digitalocean", r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    look("vault", r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}"),
    look("age-key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b"),
    look("telegram", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    look("twilio", r"\bSK[0-9a-f]{32}\b"),
    look(
        "password-hash",
        r"\$(?:2[abxy]|[156y]|argon2(?:id?|d))\$[A-Za-z0-9./$=,+-]{20,}",
    ),
];

/// What `strict` looks for as well. Lines that have none cannot be told at a glance.
pub(super) const STRICT_LOOKS: [Look; 4] = [
    look(
        "email",
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    ),
    Look {
        kind: "ip",
        pattern: r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b",
        is_secret: |_, secret| text(secret).parse::<Ipv4Addr>().is_ok(),
    },
    Look {
        kind: "ip",
        pattern: r"(?i)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3})?",
        // "Vec::new" has an address in it, as far as letters tell.
        is_secret: |_, secret| {
            let has_digit = secret.iter().any(u8::is_ascii_digit);
            has_digit && text(secret).parse::<Ipv6Addr>().is_ok()
        },
    },
    Look {
        kind: "card",
        pattern: r"\b(?:4|5[1-5]|2[2-7]|3[0-9]|6[0-9])(?:[ -]?[0-9]){11,17}\b",
        is_secret: |_, secret| is_card(secret),
    },
];

/// Words of the patterns above that may be written in any case.
pub(super) const WORDS: [&str; 39] = [
    "passw",
    "passphrase",
    "-pass",
    "pass=",
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "access-key",
    "privatekey",
    "private_key",
    "private-key",
    "accountkey",
    "account_key",
    "account-key",
    "sessionid",
    "session_id",
    "session-id",
    "sessid",
    "otp",
    "sig=",
    "signature=",
    "authorization",
    "bearer",
    "cookie",
    "$1$",
    "$5$",
    "$6$",
    "$y$",
    "$2a$",
    "$2b$",
    "$2x$",
    "$2y$",
    "$argon2",
];

/// Beginnings of the others. They are found many times faster without the dollar signs of
/// hashes, which stand above.
pub(super) const TOKENS: &str = r"-----BEGIN |://|eyJ|AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|AIPA|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat)-|xox|[sr]k_live_|[sr]k_test_|whsec_|AIza|ya29\.|GOCSPX-|sk-|hf_|npm_|pypi-|cio|SG\.|do[opr]_v1_|hv[sbr]\.|AGE-SECRET|:AA|SK";

/// Words that stand where a secret could, and are none.
const NO_VALUES: [&str; 8] = [
    "null",
    "none",
    "nil",
    "undefined",
    "true",
    "false",
    "empty",
    "unset",
];

fn is_value(before: &[u8], secret: &[u8]) -> bool {
    let is_named = NO_VALUES
        .iter()
        .any(|word| secret.eq_ignore_ascii_case(word.as_bytes()));
    let is_masked = secret.iter().all(|byte| b"*.-_".contains(byte));
    let name = before.trim_ascii_end();
    let name = name.strip_suffix(b"=").or(name.strip_suffix(b":"));
    let name = name.unwrap_or_default().trim_ascii_end();
    // What a shell calls PWD is where it stands; tokens that are counted are words.
    let is_place = name.ends_with(b"PWD") && secret.starts_with(b"/") && !secret.contains(&b'=');
    let is_number = secret
        .iter()
        .all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_count = is_number && name.to_ascii_lowercase().ends_with(b"tokens");
    // "at AppWindowToken.destroySurfaces:363" is a place in a program.
    let is_line = is_number && secret.len() <= 5 && before.ends_with(b":") && name.contains(&b'.');
    // "token=AppWindowToken{9f4ef63" is an object.
    let is_class = secret.ends_with(b"Token") && secret.iter().all(u8::is_ascii_alphabetic);
    !(is_named || is_masked || is_place || is_count || is_line || is_class)
}

/// Whether these digits, whatever stands between them, have the check digit of a card
/// (Luhn).
fn is_card(number: &[u8]) -> bool {
    let digits = number.iter().rev().filter(|byte| byte.is_ascii_digit());
    let mut count = 0;
    let sum: u32 = digits
        .map(|byte| u32::from(byte - b'0'))
        .enumerate()
        .map(|(place, digit)| {
            count = place + 1;
            match digit * if place % 2 == 1 { 2 } else { 1 } {
                doubled @ 10.. => doubled - 9,
                digit => digit,
            }
        })
        .sum();
    (13..=19).contains(&count) && sum.is_multiple_of(10)
}

fn text(secret: &[u8]) -> &str {
    str::from_utf8(secret).unwrap_or_default()
}
