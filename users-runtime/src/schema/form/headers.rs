//! Header values with parameters: `Content-Type` of the request, `Content-Disposition` of a part.

/// A header value taken apart.
#[derive(Default)]
pub(super) struct Header {
    /// What stands before the first `;`, in lower case and without blanks around it.
    pub(super) value: Vec<u8>,
    /// The parameters in order, quotes removed.
    parameters: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Header {
    /// The value of the parameter `key`, the last one if it is repeated.
    pub(super) fn parameter(&self, key: &[u8]) -> Option<&[u8]> {
        self.parameters
            .iter()
            .rev()
            .find_map(|(name, value)| (name == key).then_some(value.as_slice()))
    }
}

/// Takes a header value apart; this never fails, odd pieces just become odd parameters.
pub(super) fn parse(raw: &[u8]) -> Header {
    let mut segments = split(raw).into_iter();
    let value = segments
        .next()
        .map(|segment| trim(segment).to_ascii_lowercase())
        .unwrap_or_default();
    let parameters = segments
        .map(parameter)
        .filter(|(key, _)| !key.contains(&b'*'))
        .collect();
    Header { value, parameters }
}

/// Splits at every `;` before which the number of unescaped quotes in the segment is even.
fn split(raw: &[u8]) -> Vec<&[u8]> {
    let mut segments = Vec::new();
    let mut rest = raw;
    while let Some(end) = separator(rest) {
        segments.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    segments.push(rest);
    segments
}

/// Where the segment at the start of `rest` ends, if another one follows.
fn separator(rest: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut previous = 0;
    rest.iter().position(|&byte| {
        quoted ^= byte == b'"' && previous != b'\\';
        previous = byte;
        byte == b';' && !quoted
    })
}

/// The key and value of one segment. Only a key with a `=` behind it is read without regard to case.
fn parameter(segment: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut halves = segment.splitn(2, |&byte| byte == b'=');
    let key = trim(halves.next().unwrap_or_default());
    match halves.next() {
        Some(value) => (key.to_ascii_lowercase(), unquote(trim(value))),
        None => (key.to_vec(), Vec::new()),
    }
}

/// Removes surrounding quotes and, only then, the backslashes: first `\\` is halved throughout, then `\"`.
fn unquote(value: &[u8]) -> Vec<u8> {
    match value {
        [b'"', inner @ .., b'"'] => replace(&replace(inner, *b"\\\\", b'\\'), *b"\\\"", b'"'),
        _ => value.to_vec(),
    }
}

/// Replaces every occurrence of a pair of bytes, from left to right.
fn replace(bytes: &[u8], pair: [u8; 2], with: u8) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if let Some(after) = rest.strip_prefix(pair.as_slice()) {
            replaced.push(with);
            rest = after;
        } else {
            replaced.push(*first);
            rest = tail;
        }
    }
    replaced
}

/// Removes spaces and tabs, and no other blanks, from both ends.
fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
