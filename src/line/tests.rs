use crate::line::Trail;

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
