use crate::store::beginning::Beginning;

#[test]
fn a_text_begins_like_what_it_was_and_goes_on_from() {
    let beginning = Beginning::of(b"one\ntwo\n");
    for head in ["one\ntwo\n", "one\ntwo\nthree\n"] {
        assert!(beginning.is_of(head.as_bytes()), "{head:?}");
    }
    for head in ["", "one\n", "one\ntwX\n"] {
        assert!(!beginning.is_of(head.as_bytes()), "{head:?}");
    }
}

#[test]
fn nothing_begins_like_nothing() {
    for head in ["", "one\n"] {
        assert!(!Beginning::of(b"").is_of(head.as_bytes()), "{head:?}");
    }
}
