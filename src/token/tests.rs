use super::*;

#[test]
fn a_generated_token_is_160_bits_and_another_each_time() {
    let (one, other) = (Secret::generate(), Secret::generate());
    assert_eq!(one.reveal().len(), 27);
    assert_eq!(
        URL_SAFE_NO_PAD
            .decode(one.reveal())
            .map(|bytes| bytes.len()),
        Ok(GENERATED_BYTES)
    );
    assert!(!one.is(other.reveal().as_bytes()));
}

#[test]
fn a_chosen_token_fits_into_a_header_and_a_link() {
    let check = |text: &str| Secret::chosen(text).map(|secret| secret.reveal().to_owned());
    assert_eq!(check("correct-horse\n"), Ok("correct-horse".to_owned()));
    assert_eq!(check("A.b_c~d+e/f=="), Ok("A.b_c~d+e/f==".to_owned()));
    for short in ["", "\n", "short"] {
        assert_eq!(check(short), Err(TokenError::Short), "{short:?}");
    }
    for odd in [
        "correct horse",
        "two\nlines-long",
        "naïve-token",
        "a#fragment",
        "per%20cent",
    ] {
        assert_eq!(check(odd), Err(TokenError::Character), "{odd:?}");
    }
    assert_eq!(check(&"x".repeat(513)), Err(TokenError::Long));
}

#[test]
fn only_the_whole_token_is_the_token() {
    let secret = Secret::chosen("correct-horse").unwrap();
    assert!(secret.is(b"correct-horse"));
    for guess in [
        &b""[..],
        b"correct-hors",
        b"correct-horse ",
        b"Correct-horse",
    ] {
        assert!(!secret.is(guess), "{}", guess.escape_ascii());
    }
}

#[test]
fn no_message_says_it() {
    let token = Token::new(Secret::chosen("correct-horse").unwrap());
    assert!(!format!("{token:?} {:?}", token.current()).contains("horse"));
}

#[test]
fn a_replaced_token_is_told_to_all() {
    let token = Token::new(Secret::chosen("correct-horse").unwrap());
    let changes = token.clone().changes();
    assert!(!token.replace(Secret::chosen("correct-horse").unwrap()));
    assert!(!changes.has_changed().unwrap());
    assert!(token.replace(Secret::chosen("battery-staple").unwrap()));
    assert!(changes.has_changed().unwrap());
    assert!(token.current().is(b"battery-staple"));
}
