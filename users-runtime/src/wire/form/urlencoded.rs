//! The `application/x-www-form-urlencoded` body.

use super::{FormError, FormValue, MAX_FIELD_SIZE, MAX_FIELDS, TOO_MANY_FIELDS};

/// The answer to a field whose undecoded name and value are longer than [`MAX_FIELD_SIZE`] together.
const FIELD_TOO_LARGE: FormError = FormError("Field exceeded maximum size of 1024KB.");

/// Splits the body into its fields and decodes them; empty pieces between `&` are no fields.
pub(super) fn read(body: &[u8]) -> Result<Vec<(String, FormValue)>, FormError> {
    let mut fields = Vec::new();
    for piece in body
        .split(|&byte| byte == b'&')
        .filter(|piece| !piece.is_empty())
    {
        let mut halves = piece.splitn(2, |&byte| byte == b'=');
        let name = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        if name.len() + value.len() > MAX_FIELD_SIZE {
            return Err(FIELD_TOO_LARGE);
        }
        if fields.len() == MAX_FIELDS {
            return Err(TOO_MANY_FIELDS);
        }
        fields.push((decode(name), FormValue::Text(decode(value))));
    }
    Ok(fields)
}

/// Undoes the encoding of one name or value.
///
/// Escapes stand for UTF-8, with U+FFFD where they are not; bytes above 0x7F that were not escaped are Latin-1
/// characters of their own, which also end a run of escapes.
fn decode(encoded: &[u8]) -> String {
    let mut text = String::with_capacity(encoded.len());
    for run in encoded.chunk_by(|left, right| left.is_ascii() == right.is_ascii()) {
        if run.is_ascii() {
            text.push_str(&String::from_utf8_lossy(&unescape(run)));
        } else {
            text.extend(run.iter().map(|&byte| char::from(byte)));
        }
    }
    text
}

/// Replaces `+` and the `%` escapes of an ASCII run; a `%` without two hexadecimal digits stays as it is.
fn unescape(run: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(run.len());
    let mut rest = run;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            (&other, _) => bytes.push(other),
        }
    }
    bytes
}

/// The value of a hexadecimal digit in either case.
fn digit(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => character - b'0',
        _ => (character | 0x20).wrapping_sub(b'a').wrapping_add(10),
    }
}
