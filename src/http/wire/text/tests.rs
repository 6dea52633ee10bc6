use crate::http::wire::text::BLOCK_BYTES;
use crate::http::wire::text::string;
use crate::http::wire::text::text_of;

#[test]
fn strings_are_written_as_serde_json_writes_them() {
    let characters = (0..0x100).filter_map(char::from_u32);
    for character in characters.chain(['\u{2028}', '\u{20ac}', '\u{1f600}']) {
        for length in [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, 2 * BLOCK_BYTES + 5] {
            let text = format!("{}{character}{character}b", "a".repeat(length));
            let mut out = Vec::new();
            string(&mut out, &text);
            let expected = serde_json::to_string(&text).expect("a string");
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }
}

#[test]
fn a_cut_line_ends_with_a_whole_character_whatever_stands_before() {
    let check = |bytes: &[u8], is_cut: bool, expected: &str| {
        assert_eq!(text_of(bytes, is_cut), expected);
    };
    check(b"a\xc3", true, "a");
    check(b"\xffa\xe2\x82", true, "\u{fffd}a");
    check(b"a\xff", true, "a\u{fffd}");
    check(b"a\xc3", false, "a\u{fffd}");
    check("aé".as_bytes(), true, "aé");
}
