use crate::store::encoding::Encoding;

fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
    match encoding {
        Encoding::Bytes => text.as_bytes().to_vec(),
        Encoding::Utf16Little => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Big => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

const ALL: [Encoding; 3] = [Encoding::Bytes, Encoding::Utf16Little, Encoding::Utf16Big];

#[test]
fn the_byte_order_mark_tells() {
    assert_eq!(Encoding::of(b"\xff\xfea\0"), Encoding::Utf16Little);
    assert_eq!(Encoding::of(b"\xfe\xff\0a"), Encoding::Utf16Big);
    assert_eq!(Encoding::of(b"\xef\xbb\xbfa"), Encoding::Bytes);
    assert_eq!(Encoding::of(b"a"), Encoding::Bytes);
    assert_eq!(Encoding::of(b""), Encoding::Bytes);
}

#[test]
fn lines_end_where_the_newlines_are_and_nowhere_else() {
    // U+0A0A and U+010A have the byte of a newline in them.
    let text = "a\n\u{a0a}\u{10a}\u{a00}b\n\nc";
    for encoding in ALL {
        let bytes = encoded(encoding, text);
        let ends: Vec<_> = encoding.line_ends(&bytes).collect();
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        let mut end = 0;
        let expected: Vec<_> = lines
            .map(|line| {
                end += encoded(encoding, line).len();
                end
            })
            .collect();
        assert_eq!(ends, expected, "{encoding:?}");
        let mut back: Vec<_> = encoding.line_ends_back(&bytes).collect();
        back.reverse();
        assert_eq!(back, expected, "{encoding:?} from the end");
    }
}

#[test]
fn text_becomes_utf_8() {
    for encoding in ALL {
        let mut text = Vec::new();
        encoding.append_text(&encoded(encoding, "Grüße, 𝄞!"), &mut text);
        assert_eq!(text, "Grüße, 𝄞!".as_bytes(), "{encoding:?}");
    }
}

#[test]
fn half_a_character_is_replaced() {
    let mut text = Vec::new();
    Encoding::Utf16Little.append_text(b"\x34\xd8a\0", &mut text);
    assert_eq!(text, "\u{fffd}a".as_bytes());
}

#[test]
fn a_carriage_return_is_a_whole_unit() {
    for encoding in ALL {
        assert!(encoding.ends_with_return(&encoded(encoding, "a\r")));
        assert!(!encoding.ends_with_return(&encoded(encoding, "a\u{d00}")));
    }
}
