//! Compressed files are text that strangers may have made. Any bytes at all
//! give some text or an error, in bounded memory (`-malloc_limit_mb`). What was
//! packed comes out as it was: of several parts in a row all of them, and of a
//! file that is cut off the beginning.

#![no_main]

use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::io::Write;
use std::sync::Arc;

use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use ruzstd::encoding::CompressionLevel;
use ruzstd::encoding::compress_to_vec;

use logstream::position::HEAD_BYTES;
use logstream::source::rotated::Compression;
use logstream::store::unpacked;
use logstream::store::unpacked::Unpacked;

/// A skippable frame, as `pzstd` writes them: RFC 8878, 3.1.2.
const SKIPPABLE: [u8; 12] = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];

fuzz_target!(|bytes: &[u8]| {
    for compression in [Compression::Gzip, Compression::Zstd] {
        check_stranger(bytes, compression);
    }
    let (one, other) = bytes.split_at(bytes.len() / 2);
    check_own([gzip(one), gzip(other)].concat(), bytes, Compression::Gzip);
    check_own([zstd(one), zstd(other)].concat(), bytes, Compression::Zstd);
    check_own(
        [&SKIPPABLE[..], &zstd(bytes)].concat(),
        bytes,
        Compression::Zstd,
    );
});

fn check_stranger(packed: &[u8], compression: Compression) {
    let head = unpacked::head(&file(packed), compression);
    let Some(text) = whole(packed, compression) else {
        assert!(head.is_err(), "the whole is refused where the head is not");
        return;
    };
    if let Ok(head) = head {
        let text = contents(&text);
        let beginning = behind_hole(&text);
        assert!(head == beginning[..beginning.len().min(HEAD_BYTES)]);
    }
}

fn check_own(mut packed: Vec<u8>, text: &[u8], compression: Compression) {
    let head = unpacked::head(&file(&packed), compression).expect("it is whole");
    let behind_hole = behind_hole(text);
    assert!(head == behind_hole[..behind_hole.len().min(HEAD_BYTES)]);
    let all = whole(&packed, compression).expect("it is whole");
    assert!(contents(&all) == text);

    // Cut where the text itself says, so that every place has its turn.
    let place = usize::from(text.first().copied().unwrap_or_default());
    packed.truncate(packed.len() * place / 256);
    if let Some(beginning) = whole(&packed, compression) {
        assert!(text.starts_with(&contents(&beginning)));
    }
}

/// What a text is taken to begin with.
fn behind_hole(text: &[u8]) -> &[u8] {
    let nuls = text.iter().take_while(|&&byte| byte == 0).count();
    &text[nuls..]
}

fn whole(packed: &[u8], compression: Compression) -> Option<Arc<File>> {
    let text = Unpacked::default().whole(&file(packed), compression).ok()?.file;
    text.as_ref().rewind().expect("a temporary file");
    Some(text)
}

fn contents(mut file: &File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).expect("a temporary file");
    bytes
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("a temporary file");
    file.rewind().expect("a temporary file");
    file
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

fn zstd(text: &[u8]) -> Vec<u8> {
    compress_to_vec(text, CompressionLevel::Fastest)
}
