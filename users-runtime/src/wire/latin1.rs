//! Header values as text.

use std::borrow::Cow;

use http::HeaderValue;

/// Every byte is a character, as Starlette reads headers: the text is whole also where it is no UTF-8.
pub(super) fn text(value: &HeaderValue) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}
