//! What is looked at of a line of a piece.

use std::borrow::Cow;
use std::ops::Range;

use crate::config::LINE_BYTES_MAX;
use crate::line::Line;
use crate::store::encoding::Encoding;
use crate::store::search::pieces::Piece;
use crate::store::search::pieces::terminator;
use crate::store::splitter::BYTE_ORDER_MARK;
use crate::store::splitter::SEEN_BYTES_MAX;

/// A line, and what can be looked at to tell what is shown of it.
#[derive(Debug)]
pub(super) struct Seen<'p> {
    /// Where it is.
    pub(super) line: Line,
    /// Its text, and a little more of one that is cut.
    pub(super) text: Cow<'p, [u8]>,
    /// So many bytes of the text are shown.
    pub(super) shown: usize,
}

impl<'p> Seen<'p> {
    /// The line between two places of the piece, as the splitter would give it.
    pub(super) fn of(piece: &Piece<'p>, encoding: Encoding, at: Range<usize>) -> Seen<'p> {
        let offset = piece.offset + at.start as u64;
        // Of a long line there is only the beginning, without its terminator.
        let is_whole = piece.bytes.len() as u64 == piece.end - piece.offset;
        let (terminator, line_end) = if is_whole {
            (
                terminator(encoding, &piece.bytes[at.clone()]),
                piece.offset + at.end as u64,
            )
        } else {
            (piece.terminator, piece.end)
        };
        let bytes = &piece.bytes[at];
        let length = line_end - offset - terminator as u64;
        let seen = length.min(SEEN_BYTES_MAX as u64) as usize;
        let mut shown = length.min(LINE_BYTES_MAX as u64) as usize;
        let is_cut = length > shown as u64;
        let mut text = match encoding {
            Encoding::Bytes => Cow::Borrowed(&bytes[..seen]),
            Encoding::Utf16Little | Encoding::Utf16Big => {
                let mut text = Vec::new();
                encoding.append_text(&bytes[..shown], &mut text);
                let ahead = &bytes[shown..seen];
                shown = text.len();
                encoding.append_text(ahead, &mut text);
                Cow::Owned(text)
            }
        };
        if offset == 0 && text[..shown].starts_with(BYTE_ORDER_MARK) {
            shown -= BYTE_ORDER_MARK.len();
            text = match text {
                Cow::Borrowed(text) => Cow::Borrowed(&text[BYTE_ORDER_MARK.len()..]),
                Cow::Owned(text) => Cow::Owned(text[BYTE_ORDER_MARK.len()..].to_vec()),
            };
        }
        let line = Line {
            offset,
            end: line_end,
            text: (0, shown as u32),
            terminator: terminator as u8,
            is_cut,
        };
        Seen { line, text, shown }
    }

    /// What is shown, with the secrets in it.
    pub(super) fn shown(self) -> Cow<'p, [u8]> {
        match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..self.shown]),
            Cow::Owned(mut text) => {
                text.truncate(self.shown);
                Cow::Owned(text)
            }
        }
    }
}
