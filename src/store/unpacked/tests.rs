use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;

use flate2::Compression as Effort;
use flate2::write::GzEncoder;

use crate::source::rotated::Compression;
use crate::store::reading::read_full_at;
use crate::store::unpacked::Unpacked;
use crate::store::unpacked::head;

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Effort::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    file
}

fn text_of(file: &File, compression: Compression) -> Vec<u8> {
    let text = Unpacked::default().whole(file, compression).unwrap().file;
    let mut bytes = vec![0; text.metadata().unwrap().len() as usize];
    read_full_at(&text, &mut bytes, 0).unwrap();
    bytes
}

#[test]
fn a_gzipped_file_is_its_text() {
    let text = b"one\ntwo\n".repeat(10_000);
    let file = file_of(&gzipped(&text));
    assert!(text_of(&file, Compression::Gzip) == text);
}

#[test]
fn what_nobody_wants_any_more_is_not_unpacked_to_its_end() {
    let file = file_of(&gzipped(&vec![b'x'; 1 << 24]));
    let mut asked = 0;
    let text = Unpacked::default().whole_while(&file, Compression::Gzip, &mut || {
        asked += 1;
        asked < 3
    });
    assert_eq!(
        text.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionAborted
    );
    assert_eq!(asked, 3);
}

#[test]
fn a_file_of_several_gzip_members_is_all_of_them() {
    let file = file_of(&[gzipped(b"one\n"), gzipped(b"two\n")].concat());
    assert_eq!(text_of(&file, Compression::Gzip), b"one\ntwo\n");
}

#[test]
fn a_damaged_file_is_its_text_up_to_the_damage() {
    let whole = gzipped(&b"one\ntwo\n".repeat(100_000));
    let file = file_of(&whole[..whole.len() / 2]);
    let text = text_of(&file, Compression::Gzip);
    assert!(!text.is_empty() && text.starts_with(b"one\ntwo\n"));
}

/// Each way to damage a packed text of some lines is noticed, and what is read is its beginning.
#[track_caller]
fn check_damage(packed: &[u8], compression: Compression, text: &[u8]) {
    let read = |packed: &[u8]| {
        let text = Unpacked::default().whole(&file_of(packed), compression);
        let text = text.unwrap();
        let mut bytes = vec![0; text.file.metadata().unwrap().len() as usize];
        text.file.read_exact_at(&mut bytes, 0).unwrap();
        (bytes, text.is_damaged)
    };
    assert_eq!(read(packed), (text.to_vec(), false));
    for length in 1..packed.len() {
        let (read, is_damaged) = read(&packed[..length]);
        assert!(is_damaged, "cut after {length} of {} bytes", packed.len());
        assert!(text.starts_with(&read));
    }
    for (byte, bit) in (packed.len() / 2..packed.len()).map(|byte| (byte, byte % 8)) {
        let mut flipped = packed.to_vec();
        flipped[byte] ^= 1 << bit;
        assert!(read(&flipped).1, "bit {bit} of byte {byte} is another one");
    }
}

#[test]
fn whatever_damages_a_file_is_noticed() {
    let text = b"one\ntwo\nthree\n".repeat(20);
    check_damage(&gzipped(&text), Compression::Gzip, &text);
    // As the program `zstd` writes it, with a checksum.
    let packed = b"\x28\xb5\x2f\xfd\x04\x58\x41\0\0one\ntwo\n\xe6\xa6\x0e\x40";
    check_damage(packed, Compression::Zstd, b"one\ntwo\n");
}

#[test]
fn the_head_of_a_damaged_file_is_what_it_has_of_whole_lines() {
    let packed = gzipped(b"one\ntwo\n");
    let cut = file_of(&packed[..packed.len() - 4]);
    assert_eq!(head(&cut, Compression::Gzip).unwrap(), b"one\ntwo\n");
    assert!(head(&file_of(&packed[..12]), Compression::Gzip).is_err());
}

#[test]
fn the_head_needs_no_more_than_the_beginning() {
    let text = b"one\ntwo\n".repeat(1000);
    let file = file_of(&gzipped(&text));
    assert_eq!(head(&file, Compression::Gzip).unwrap(), &text[..1024]);
}

#[test]
fn what_is_not_compressed_has_no_head() {
    assert!(head(&file_of(b"plain text\n"), Compression::Gzip).is_err());
    assert!(head(&file_of(b"plain text\n"), Compression::Zstd).is_err());
}

/// A frame with one raw block (RFC 8878, 3.1.1), so that no encoder is needed.
fn zstd_frame(text: &[u8]) -> Vec<u8> {
    let header = (text.len() as u32) << 3 | 1;
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, text.len() as u8];
    frame.extend(&header.to_le_bytes()[..3]);
    frame.extend(text);
    frame
}

#[test]
fn a_zstd_file_is_the_text_of_all_its_frames() {
    let skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
    let file = file_of(
        &[
            skippable,
            &zstd_frame(b"one\n")[..],
            skippable,
            &zstd_frame(b"two\n"),
        ]
        .concat(),
    );
    assert_eq!(text_of(&file, Compression::Zstd), b"one\ntwo\n");
}

#[test]
fn a_damaged_zstd_file_is_its_text_up_to_the_damage() {
    let file = file_of(&[&zstd_frame(b"one\n")[..], b"rubbish"].concat());
    assert_eq!(text_of(&file, Compression::Zstd), b"one\n");
}
