//! From the bytes of a body to its text: the encoding is guessed and lone surrogates are let through, as Python does.

use std::borrow::Cow;
use std::str;

use super::ReadError;

/// The encodings a body can be in, its byte order mark already set aside.
#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16(Order),
    Utf32(Order),
}

/// Which byte of a unit comes first.
#[derive(Clone, Copy)]
enum Order {
    Big,
    Little,
}

/// The text of a body, as UTF-8 in which each lone surrogate stands as three bytes. Borrowed if it came that way.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    let (encoding, bytes) = by_mark(bytes).unwrap_or_else(|| (by_zeros(bytes), bytes));
    match encoding {
        Encoding::Utf8 => check_utf8(bytes).map(|()| Cow::Borrowed(bytes)),
        Encoding::Utf16(order) => from_utf16(bytes, order).map(Cow::Owned),
        Encoding::Utf32(order) => from_utf32(bytes, order).map(Cow::Owned),
    }
}

/// The encoding according to a byte order mark, and the bytes after the mark.
fn by_mark(bytes: &[u8]) -> Option<(Encoding, &[u8])> {
    // The longer marks go first: the one of little-endian UTF-32 begins with that of UTF-16.
    let marks: [(&[u8], Encoding); 5] = [
        (b"\x00\x00\xfe\xff", Encoding::Utf32(Order::Big)),
        (b"\xff\xfe\x00\x00", Encoding::Utf32(Order::Little)),
        (b"\xfe\xff", Encoding::Utf16(Order::Big)),
        (b"\xff\xfe", Encoding::Utf16(Order::Little)),
        (b"\xef\xbb\xbf", Encoding::Utf8),
    ];
    marks
        .into_iter()
        .find_map(|(mark, encoding)| Some((encoding, bytes.strip_prefix(mark)?)))
}

/// The encoding according to the position of zero bytes, given that JSON begins with ASCII.
fn by_zeros(bytes: &[u8]) -> Encoding {
    match bytes {
        [0, 0, _, _, ..] => Encoding::Utf32(Order::Big),
        [0, _, _, _, ..] | [0, _] => Encoding::Utf16(Order::Big),
        [_, 0, 0, 0, ..] => Encoding::Utf32(Order::Little),
        [_, 0, _, _, ..] | [_, 0] => Encoding::Utf16(Order::Little),
        _ => Encoding::Utf8,
    }
}

/// Accepts UTF-8 and surrogates written the way UTF-8 would write them.
fn check_utf8(bytes: &[u8]) -> Result<(), ReadError> {
    let mut rest = bytes;
    while let Err(error) = str::from_utf8(rest) {
        rest = match rest.get(error.valid_up_to()..) {
            Some([0xed, 0xa0..=0xbf, 0x80..=0xbf, behind @ ..]) => behind,
            _ => return Err(ReadError::Unreadable),
        };
    }
    Ok(())
}

/// Joins surrogate pairs and lets lone surrogates through.
fn from_utf16(bytes: &[u8], order: Order) -> Result<Vec<u8>, ReadError> {
    let (units, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(ReadError::Unreadable);
    }
    let units = units.iter().map(|unit| match order {
        Order::Big => u16::from_be_bytes(*unit),
        Order::Little => u16::from_le_bytes(*unit),
    });
    let mut text = Vec::with_capacity(bytes.len());
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(character) => push_char(&mut text, character),
            Err(lone) => push_surrogate(&mut text, lone.unpaired_surrogate()),
        }
    }
    Ok(text)
}

/// Takes each unit for one code point: here two surrogates do not make a pair.
fn from_utf32(bytes: &[u8], order: Order) -> Result<Vec<u8>, ReadError> {
    let (units, odd) = bytes.as_chunks::<4>();
    if !odd.is_empty() {
        return Err(ReadError::Unreadable);
    }
    let mut text = Vec::with_capacity(bytes.len());
    for unit in units {
        let unit = match order {
            Order::Big => u32::from_be_bytes(*unit),
            Order::Little => u32::from_le_bytes(*unit),
        };
        match (char::from_u32(unit), u16::try_from(unit)) {
            (Some(character), _) => push_char(&mut text, character),
            (None, Ok(surrogate)) => push_surrogate(&mut text, surrogate),
            (None, Err(_)) => return Err(ReadError::Unreadable),
        }
    }
    Ok(text)
}

/// Appends a character in UTF-8.
pub(super) fn push_char(text: &mut Vec<u8>, character: char) {
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends a surrogate the way UTF-8 would write it, so that the text is no UTF-8 any more.
pub(super) fn push_surrogate(text: &mut Vec<u8>, surrogate: u16) {
    let [high, low] = surrogate.to_be_bytes();
    text.extend([
        0xe0 | high >> 4,
        0x80 | (high & 0x0f) << 2 | low >> 6,
        0x80 | low & 0x3f,
    ]);
}
