//! Text from bytes that come in parts: UTF-8, or UTF-16 with its mark, as Excel's *Unicode Text* has it.

use super::FileProblem;

/// The longest beginning that says what a file is.
const MARK_BYTES: usize = 4;

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

/// Text as far as it could be read.
pub(super) struct Decoded {
    pub(super) text: String,
    /// What follows is no text.
    pub(super) broken: bool,
}

/// Takes bytes in parts, which may end anywhere.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    encoding: Option<Encoding>,
    /// The beginning of a character whose rest is still to come.
    rest: Vec<u8>,
}

impl Decoder {
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Decoded, FileProblem> {
        self.rest.extend_from_slice(bytes);
        if self.encoding.is_none() && self.rest.len() < MARK_BYTES {
            return Ok(Decoded { text: String::new(), broken: false });
        }
        self.decode()
    }

    /// After the last part.
    pub(super) fn finish(&mut self) -> Result<Decoded, FileProblem> {
        let Decoded { text, broken } = self.decode()?;
        Ok(Decoded { text, broken: broken || !self.rest.is_empty() })
    }

    fn decode(&mut self) -> Result<Decoded, FileProblem> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => *self.encoding.insert(recognise(&mut self.rest)?),
        };
        Ok(match encoding {
            Encoding::Utf8 => self.utf8(),
            Encoding::Utf16(unit) => self.utf16(unit),
        })
    }

    fn utf8(&mut self) -> Decoded {
        let (whole, broken) = match std::str::from_utf8(&self.rest) {
            Ok(text) => (text.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some()),
        };
        let text = String::from_utf8_lossy(&self.rest[..whole]).into_owned();
        self.rest.drain(..whole);
        Decoded { text, broken }
    }

    fn utf16(&mut self, unit: fn([u8; 2]) -> u16) -> Decoded {
        let (pairs, _) = self.rest.as_chunks::<2>();
        // The first half of a character of two units waits for the second.
        let waits = pairs.last().is_some_and(|last| (0xd800..0xdc00).contains(&unit(*last)));
        let pairs = &pairs[..pairs.len() - usize::from(waits)];
        let whole = 2 * pairs.len();
        let (mut text, mut broken) = (String::with_capacity(whole), false);
        for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            match c {
                Ok(c) => text.push(c),
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        self.rest.drain(..whole);
        Decoded { text, broken }
    }
}

/// By the first bytes, and without the mark among them.
fn recognise(bytes: &mut Vec<u8>) -> Result<Encoding, FileProblem> {
    let (encoding, mark) = match bytes.as_slice() {
        // A zip archive (xlsx, ods) or an old Excel file.
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(FileProblem::Spreadsheet),
        [0xff, 0xfe, ..] => (Encoding::Utf16(u16::from_le_bytes), 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16(u16::from_be_bytes), 2),
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        _ => (Encoding::Utf8, 0),
    };
    bytes.drain(..mark);
    Ok(encoding)
}
