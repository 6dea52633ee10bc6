use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;

fn redaction(mode: Mode) -> Redaction {
    Redaction::new(mode, &[]).expect("no pattern")
}

fn default() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    let rules = || redaction(Mode::Default).rules();
    Arc::clone(RULES.get_or_init(rules))
}

#[track_caller]
fn shown(rules: &Rules, line: &str) -> String {
    let text = rules.redact(line.as_bytes(), line.len(), None);
    text.map_or(line.to_owned(), |text| {
        String::from_utf8(text).expect("UTF-8")
    })
}

/// A kind, and a line with the secret in braces; `<20>` stands for so many letters and digits,
/// `<A20>` for capitals, `<h20>` for hexadecimal digits.
const SAMPLES: &str = r#"
private-key     key {-----BEGIN PRIVATE KEY-----\n<64>\n-----END PRIVATE KEY-----} was read
private-key     {-----BEGIN EC PRIVATE KEY----- <30> and the rest}
authorization   > Authorization: Basic {<11>=}
authorization   "authorization":"Bearer {abc.def}","host":"a"
authorization   Proxy-Authorization: Digest {username="bob", response="<h32>"}
bearer          sent bearer {<12>} to upstream
cookie          Set-Cookie: {sid=31d4d96e407aad42; Path=/; HttpOnly}
cookie          cookie='{a=1; b=2}' ip=1
value           login password={hunter2} user=bob
value           ["user":"bob","Password": "{hun\"ter 2}","ok":1]
value           msg="(\"client_secret\":\"{s3cr3t}\")"
value           [\"pwd\":\"{s3\\\"cr3t}\"]
value           DB_PASSWD: '{correct horse}' # prod
value           GET /login?token={abc123}&next=/ 200
value           aws_secret_access_key = {<40>}
value           <password>{hunter2}</password>
value           ran mysqldump --password {hunter2} shop
value           apiKey => {k-12345}; retry
value           totp={123456} for bob
value           user_hotp: {123456}
value           GET /blob?sv=1&sig={<44>} 200
url-password    connecting to postgres://app:{p!ss}@db/shop
url-password    redis://:{hunter2}@cache:6379/0 down
jwt             got {eyJ<20>.<30>.<25>} from bob
aws-key-id      using {AKIA<A16>} in eu
github          clone with {ghp_<36>}
github          clone with {github_pat_<40>}
gitlab          runner {glrt-<20>} ok
slack           hook {https://hooks.slack.com/services/T0/B0/<24>} failed
slack           bot {xoxb-12345-<12>}
stripe          charge with {sk_live_<24>}
google          maps {AIza<35>} quota
ai-key          model {sk-ant-<40>}
ai-key          pull {hf_<34>}
registry        publish {npm_<36>}
registry        upload {pypi-<60>}
sendgrid        mail {SG.<22>.<43>}
digitalocean    droplet {dop_v1_<h64>}
vault           lease {hvs.<24>}
age-key         {AGE-SECRET-KEY-1<A58>}
telegram        bot {123456789:AA<33>}
twilio          sms {SK<h32>}
password-hash   shadow bob:{$6$salt$<86>}:19000
password-hash   stored {$2b$12$<53>}
"#;

/// Kinds, and lines with the secret in braces.
fn samples() -> Vec<(&'static str, String)> {
    let blank = regex::Regex::new("<([Ah]?)([0-9]+)>").expect("a regex");
    let filled = |found: &regex::Captures<'_>| {
        let letters = match &found[1] {
            "A" => "AB3DE6GH9JK2MN5PQ8ST1VW4YZ7",
            "h" => "0a1b2c3d4e5f",
            _ => "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7",
        };
        let count = found[2].parse().expect("a number");
        letters.chars().cycle().take(count).collect::<String>()
    };
    let lines = SAMPLES.trim().lines();
    let samples = lines.map(|line| line.split_once(' ').expect("a kind"));
    let samples =
        samples.map(|(kind, line)| (kind, blank.replace_all(line.trim(), filled).into_owned()));
    samples.collect()
}

#[test]
fn each_kind_of_secret_is_replaced_and_nothing_else() {
    let rules = default();
    for (kind, sample) in samples() {
        let start = sample.rfind('{').expect("a secret");
        let end = start + 1 + sample[start + 1..].find('}').expect("its end");
        let (before, secret, after) = (
            &sample[..start],
            &sample[start + 1..end],
            &sample[end + 1..],
        );
        let line = format!("{before}{secret}{after}");
        assert_eq!(
            shown(&rules, &line),
            format!("{before}[redacted:{kind}]{after}"),
            "{line}"
        );
        assert_ne!(
            rules.suspects(line.as_bytes()),
            Suspects::At(Vec::new()),
            "{line}"
        );
    }
}

#[test]
fn every_kind_has_a_sample() {
    for look in &LOOKS {
        assert!(
            samples().iter().any(|(kind, _)| *kind == look.kind),
            "{}",
            look.kind
        );
    }
}

#[test]
fn ordinary_lines_stay_as_they_are() {
    let rules = default();
    for line in [
        "Failed password for root from 183.62.140.253 port 22 ssh2",
        "sudo: bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/ls",
        "session opened for user cyrus by (uid=0)",
        "GET https://example.org:8443/a/b?user=bob&page=2 200 12ms",
        "bearer authentication failed for bob",
        "finished with maxTokens: 4096, tokens=512.5",
        "password=*** token=null secret: none",
        "Skipping AppWindowToken{df0798e token=Token{78af589 ActivityRecord{3b04890 u0",
        "wm.AppWindowToken.destroySurfaces:363 com.android.server.wm.WindowState",
        "Unexpected token } in JSON at position 4",
        "-----BEGIN CERTIFICATE-----",
        "memory footprint: 12 MB, hotplug=on",
        "blk_-1608999687919862906 of size 91178 from /10.250.14.224",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b by bob@example.org",
        "2026-11-22T10:47:02.114Z INFO task-scheduler: SK done, risk=low",
        "the cookies were eaten; no authorization needed",
        "java.lang.SecurityException: token expired at org.acme.Token.check(Token.java:42)",
        "see postgres://db.example.org/shop for the schema",
    ] {
        assert_eq!(shown(&rules, line), line);
    }
}

#[test]
fn strict_looks_for_addresses_and_cards_too() {
    let rules = redaction(Mode::Strict).rules();
    for (line, expected) in [
        (
            "mail to bob.smith@mail.example.org failed",
            "mail to [redacted:email] failed",
        ),
        ("from 183.62.140.253 port 22", "from [redacted:ip] port 22"),
        ("from [2001:db8::1]:443 ok", "from [[redacted:ip]]:443 ok"),
        (
            "card 4111 1111 1111 1111 declined",
            "card [redacted:card] declined",
        ),
        (
            "card 4111111111111112 is none",
            "card 4111111111111112 is none",
        ),
        (
            "10:47:02 Vec::new took 300.1.2.999 ms",
            "10:47:02 Vec::new took 300.1.2.999 ms",
        ),
        ("at 1763808422403123456 ns", "at 1763808422403123456 ns"),
    ] {
        assert_eq!(shown(&rules, line), expected);
        assert_eq!(rules.suspects(line.as_bytes()), Suspects::All);
    }
    let line = "from 183.62.140.253 for bob@example.org";
    assert_eq!(shown(&default(), line), line);
}

#[test]
fn what_the_operator_looks_for_is_replaced_in_every_mode() {
    for mode in [Mode::Off, Mode::Default, Mode::Strict] {
        let added = [
            "customer-[0-9]+".to_owned(),
            "iban ([A-Z]{2}[0-9 ]{6,})".to_owned(),
        ];
        let rules = Redaction::new(mode, &added).expect("patterns").rules();
        let line = "customer-17 paid by iban DE12 3456 today";
        assert_eq!(
            shown(&rules, line),
            "[redacted:custom] paid by iban [redacted:custom]today"
        );
        assert_ne!(rules.suspects(line.as_bytes()), Suspects::At(Vec::new()));
    }
    let error = Redaction::new(Mode::Off, &["a(b".to_owned()]).expect_err("no regex");
    assert_eq!(error.message(), "unclosed group at character 2");
}

#[test]
fn our_own_token_is_replaced_in_every_mode_and_may_change() {
    let redaction = Redaction::default();
    assert!(redaction.rules().are_empty());
    redaction.hide(&["first-token"]);
    let line = "GET /#t=first-token HTTP/1.1 ls_5647=v1.1763.abcdef; other=1";
    assert_eq!(
        shown(&redaction.rules(), line),
        "GET /#t=[redacted:own-token] HTTP/1.1 ls_5647=[redacted:own-token]; other=1"
    );
    redaction.hide(&["second-token"]);
    assert_eq!(
        shown(&redaction.rules(), "first-token second-token"),
        "first-token [redacted:own-token]"
    );
    redaction.hide(&[]);
    assert!(redaction.rules().are_empty());
    assert!(!format!("{redaction:?}{:?}", redaction.rules()).contains("token"));
}

#[test]
fn a_secret_that_the_cut_goes_through_is_replaced_whole() {
    let rules = default();
    let line = format!("{} AKIA{} end", "x".repeat(100), "ABCDEFGH".repeat(2));
    for shown in 0..line.len() {
        let text = rules.redact(line.as_bytes(), shown, None);
        let text = text.unwrap_or(line.as_bytes()[..shown].to_vec());
        let text = String::from_utf8(text).unwrap();
        assert!(
            !text.contains("AKIA") && text.len() <= 100 + 23 + 4,
            "{shown}: {text}"
        );
        assert!(shown >= 100 || text.len() == shown);
    }
}

#[test]
fn of_a_line_that_is_being_written_no_beginning_of_a_secret_is_shown() {
    let rules = default();
    for (_, sample) in samples() {
        let start = sample.rfind('{').expect("a secret");
        let line = [&sample[..start], &sample[start + 1..]].concat();
        let secret = &line[start..line.find('}').expect("its end")];
        for end in start..start + secret.len() {
            let text = rules.redact_unfinished(&line.as_bytes()[..end], end, None);
            let text = text.unwrap_or(line.as_bytes()[..end].to_vec());
            let text = String::from_utf8(text).unwrap();
            let beginning = &secret[..secret.len().min(12)];
            assert!(
                end < start + beginning.len() || !text.contains(beginning),
                "{text}"
            );
        }
    }
    assert_eq!(rules.redact_unfinished(b"loading 45%", 11, None), None);
    let prompt = b"Enter password: ";
    assert_eq!(
        rules
            .redact_unfinished(prompt, prompt.len(), None)
            .as_deref(),
        Some(&b"Enter [redacted:unfinished]"[..])
    );
}

#[test]
fn the_lines_worth_a_look_are_found_wherever_they_stand_in_a_block() {
    let rules = default();
    let filler = "all is well here\n".repeat(3000);
    for before in [0, 1, 963, 964, 1000, 2999] {
        let head: String = filler.chars().take(before * 17).collect();
        for secret in ["x Password=hunter2", "x ghp_", "x PASSWORD=a ghp_"] {
            let block = format!("{head}{secret}\n{filler}");
            let Suspects::At(places) = rules.suspects(block.as_bytes()) else {
                panic!("every line");
            };
            let line = head.len()..=head.len() + secret.len();
            assert!(!places.is_empty() && places.iter().all(|place| line.contains(place)));
        }
    }
}

fn announced() -> impl Strategy<Value = (String, String, String)> {
    let word = prop::sample::select(vec![
        "password",
        "PassWord",
        "pwd",
        "db_password",
        "api_key",
        "apiKey",
        "X-Api-Key",
        "client_secret",
        "TOKEN",
        "access-token",
        "sessionId",
        "otp",
        "credential",
    ]);
    let before = r#"[a-z0-9 .,:/\[\]{}"'=-]{0,40}"#;
    let between = prop::sample::select(vec!["=", ": ", "=>", " = ", "\":\"", "='", "=\""]);
    let secret = "[A-Za-z0-9!#$%*+/?^_~-]{6,40}";
    (before, word, between, secret, "[ ,;}]?[a-z ]{0,20}").prop_map(
        |(before, word, between, secret, after)| {
            let close = between.trim_start_matches(|c| c != '"' && c != '\'');
            let close = close.chars().last().map(String::from).unwrap_or_default();
            (
                format!("{before} {word}{between}"),
                secret,
                format!("{close}{after}"),
            )
        },
    )
}

#[test]
fn what_announces_a_secret_may_stand_at_the_end_of_another_one() {
    let rules = default();
    for line in [
        "token='a password='hunter2'",
        r#"token=\"a password="hunter2""#,
        "PWD=/a?password=hunter2",
        "cookie: a' password='hunter2",
        "password=x&password=hunter2",
    ] {
        assert!(!shown(&rules, line).contains("hunter2"), "{line}");
    }
}

proptest! {
    #[test]
    fn no_announced_secret_is_shown((before, secret, after) in announced()) {
        prop_assume!(secret.bytes().any(|b| b.is_ascii_alphanumeric()));
        prop_assume!(!before.contains(&secret) && !after.contains(&secret));
        let rules = default();
        let line = format!("{before}{secret}{after}");
        let text = shown(&rules, &line);
        prop_assert!(!text.contains(&secret), "{line}: {text}");
        prop_assert_eq!(shown(&rules, &text), text.clone());
        prop_assert_ne!(rules.suspects(line.as_bytes()), Suspects::At(Vec::new()));
    }

    #[test]
    fn what_is_no_suspect_stays(line in r#"[a-zA-Z0-9 .:/=_"$@-]{0,80}"#) {
        let rules = default();
        if rules.suspects(line.as_bytes()) == Suspects::At(Vec::new()) {
            prop_assert_eq!(shown(&rules, &line), line.clone());
        }
    }
}

#[test]
fn of_a_very_long_secret_nothing_is_shown() {
    let rules = default();
    for (line, expected) in [
        (
            format!("a cookie: {}\" end", "b=1; ".repeat(9000)),
            "a cookie: [redacted:cookie]\" end",
        ),
        (
            format!("password=\"{}\" end", "a b".repeat(9000)),
            "password=\"[redacted:value]\" end",
        ),
        (
            format!("ftp://me:{}@host", "abc".repeat(9000)),
            "ftp://me:[redacted:url-password]@host",
        ),
        (
            format!("-----BEGIN PRIVATE KEY-----{}", "abc ".repeat(9000)),
            "[redacted:private-key]",
        ),
    ] {
        assert_eq!(shown(&rules, &line), expected);
    }
}
