//! Header values as text.

use http::HeaderValue;

/// Every byte is a character, as Starlette reads headers: the text is whole also where it is no UTF-8.
pub(super) fn text(value: &HeaderValue) -> String {
    value.as_bytes().iter().copied().map(char::from).collect()
}
