use crate::line::Trail;
use crate::line::wire_bytes;

fn trail(parts: &[&[u8]]) -> Vec<u8> {
    let mut trail = Trail::EMPTY;
    for part in parts {
        trail.push(part);
    }
    trail.as_bytes().to_vec()
}

#[test]
fn a_trail_holds_the_newest_64_bytes_however_they_were_read() {
    let all: Vec<u8> = (0..=255).collect();
    for cut in 0..=255 {
        assert_eq!(
            trail(&[&all[..cut], &all[cut..]]),
            &all[192..],
            "cut at {cut}"
        );
    }
    let bytes: Vec<&[u8]> = all.chunks(1).collect();
    assert_eq!(trail(&bytes), &all[192..]);
}

#[test]
fn a_short_trail_holds_all_there_is() {
    assert_eq!(trail(&[b"ab", b"", b"c"]), b"abc");
    assert_eq!(trail(&[]), b"");
}

#[test]
fn a_control_character_takes_six_bytes_on_the_wire_wherever_it_stands() {
    for length in [0, 1, 127, 128, 129, 400] {
        assert_eq!(wire_bytes(&vec![b'a'; length]), length);
        assert_eq!(wire_bytes(&vec![b'\x1b'; length]), 6 * length);
        let mut text = vec![b'a'; length + 1];
        text[length] = 0;
        assert_eq!(wire_bytes(&text), length + 6);
    }
}
