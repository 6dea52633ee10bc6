use super::*;

const NOW: u64 = 1_800_000_000;

fn secret() -> Secret {
    Secret::chosen("correct-horse").unwrap()
}

#[test]
fn a_session_holds_for_twelve_hours() {
    let session = Session::begin(NOW);
    let value = session.sign(&secret());
    let verify = |now| Session::verify(&value, &secret(), now);
    assert_eq!(verify(NOW), Some(session.clone()));
    assert_eq!(verify(NOW + 12 * 3600 - 1), Some(session));
    assert_eq!(verify(NOW + 12 * 3600), None);
}

#[test]
fn no_two_sessions_are_the_same() {
    assert_ne!(Session::begin(NOW).id, Session::begin(NOW).id);
}

#[test]
fn another_token_ends_it() {
    let value = Session::begin(NOW).sign(&secret());
    let other = Secret::chosen("battery-staple").unwrap();
    assert_eq!(Session::verify(&value, &other, NOW), None);
}

#[test]
fn whatever_was_changed_is_refused() {
    let value = Session::begin(NOW).sign(&secret());
    for at in 0..value.len() {
        let mut changed = value.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(Session::verify(&changed, &secret(), NOW), None, "{changed}");
        assert_eq!(Session::verify(&value[..at], &secret(), NOW), None);
    }
    let later = value.replace(
        &(NOW + 12 * 3600).to_string(),
        &(NOW + 12 * 3600 + 1).to_string(),
    );
    for garbage in [
        &later,
        &value.replace("v1.", "v2."),
        "",
        ".",
        "...",
        "v1...",
        &"x".repeat(9000),
        &format!("{value}."),
        &format!("{value}="),
    ] {
        assert_eq!(Session::verify(garbage, &secret(), NOW), None, "{garbage}");
    }
}

#[test]
fn a_session_never_holds_longer_than_the_span() {
    let session = Session::begin(NOW + 1);
    assert_eq!(
        Session::verify(&session.sign(&secret()), &secret(), NOW),
        None
    );
}

#[test]
fn a_cookie_is_found_among_others() {
    let find =
        |headers: &[&'static str]| cookies(headers.iter().copied(), "ls_5647").collect::<Vec<_>>();
    assert_eq!(find(&["ls_5647=a"]), ["a"]);
    assert_eq!(find(&["x=1; ls_5647=a; y=2", "ls_5647=b"]), ["a", "b"]);
    assert_eq!(find(&["ls_56470=a; xls_5647=b; ls_5647; =; ;"]), [""; 0]);
    assert_eq!(find(&["ls_5647=a=b"]), ["a=b"]);
    assert_eq!(find(&[]), [""; 0]);
}
