//! Strings and their escapes.

use super::ReadError;
use super::cursor::Cursor;
use super::encoding::{push_char, push_surrogate};

const UNTERMINATED: &str = "Unterminated string starting at";
const CONTROL: &str = "Invalid control character at";
const ESCAPE: &str = r"Invalid \escape";
const UNICODE_ESCAPE: &str = r"Invalid \uXXXX escape";

/// Reads the string whose opening quote comes next. Nothing is returned for one with lone surrogates.
pub(super) fn string(cursor: &mut Cursor<'_>) -> Result<Option<String>, ReadError> {
    let opening = cursor.offset();
    cursor.skip(1);
    let mut text = Vec::new();
    loop {
        let rest = cursor.rest();
        let plain = rest
            .iter()
            .take_while(|&&byte| byte >= 0x20 && byte != b'"' && byte != b'\\')
            .count();
        text.extend_from_slice(rest.get(..plain).unwrap_or_default());
        cursor.skip(plain);
        match cursor.peek() {
            Some(b'"') => break,
            Some(b'\\') => escape(cursor, opening, &mut text)?,
            Some(_) => return Err(cursor.invalid(CONTROL)),
            None => return Err(cursor.invalid_at(opening, UNTERMINATED)),
        }
    }
    cursor.skip(1);
    // The text is UTF-8 except for lone surrogates, so those are all that can fail here.
    Ok(String::from_utf8(text).ok())
}

/// Reads the escape whose backslash comes next and appends what it stands for.
fn escape(cursor: &mut Cursor<'_>, opening: usize, text: &mut Vec<u8>) -> Result<(), ReadError> {
    let plain = match cursor.rest().get(1) {
        Some(b'u') => return unicode_escape(cursor, text),
        Some(&same @ (b'"' | b'\\' | b'/')) => same,
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(_) => return Err(cursor.invalid(ESCAPE)),
        None => return Err(cursor.invalid_at(opening, UNTERMINATED)),
    };
    text.push(plain);
    cursor.skip(2);
    Ok(())
}

/// Reads `\uXXXX`, and a second one with it if the two are a surrogate pair.
fn unicode_escape(cursor: &mut Cursor<'_>, text: &mut Vec<u8>) -> Result<(), ReadError> {
    let Some((first, behind)) = code_unit(cursor.rest()) else {
        return Err(cursor.invalid_at(cursor.offset() + 1, UNICODE_ESCAPE));
    };
    cursor.skip(6);
    // A broken second escape is not looked at here: it is refused when its turn comes.
    let second = code_unit(behind).map(|(second, _)| second);
    let units = [Some(first), second].into_iter().flatten();
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => {
            push_char(text, character);
            if character > '\u{ffff}' {
                cursor.skip(6);
            }
        }
        _ => push_surrogate(text, first),
    }
    Ok(())
}

/// The value of the `\uXXXX` at the start of `text`, and what is behind it. Python wants a further character there.
fn code_unit(text: &[u8]) -> Option<(u16, &[u8])> {
    let (digits, behind) = text.strip_prefix(br"\u")?.split_first_chunk::<4>()?;
    if behind.is_empty() {
        return None;
    }
    let value = digits.iter().try_fold(0, |value, &digit| {
        Some(value << 4 | char::from(digit).to_digit(16)?)
    })?;
    Some((u16::try_from(value).ok()?, behind))
}
