//! Header values with parameters: `Content-Type` of the request, `Content-Disposition` of a part.

/// A header value taken apart. Parameters are looked for when they are asked for: a client can send very many.
pub(super) struct Header<'a> {
    /// What stands before the first `;`, in lower case and without blanks around it.
    pub(super) value: Vec<u8>,
    /// What stands behind it.
    parameters: Option<&'a [u8]>,
}

impl Header<'_> {
    /// The value of the parameter `key`, the last one if it is repeated, without quotes around it.
    ///
    /// A name with `*` (RFC 2231) is not known, so `key` has none.
    pub(super) fn parameter(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut rest = self.parameters;
        let mut found = None;
        while let Some(raw) = rest {
            let (segment, behind) = split(raw);
            rest = behind;
            found = value_of(segment, key).or(found);
        }
        found.map(unquote)
    }
}

/// Takes a header value apart; this never fails, odd pieces just become odd parameters.
pub(super) fn parse(raw: &[u8]) -> Header<'_> {
    let (value, parameters) = split(raw);
    Header {
        value: trim(value).to_ascii_lowercase(),
        parameters,
    }
}

/// The first segment, and what stands behind the `;` that ends it.
fn split(raw: &[u8]) -> (&[u8], Option<&[u8]>) {
    match separator(raw) {
        Some(end) => (raw.get(..end).unwrap_or_default(), raw.get(end + 1..)),
        None => (raw, None),
    }
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

/// The value of a segment that has this key. Only a key with a `=` behind it is read without regard to case.
fn value_of<'a>(segment: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut halves = segment.splitn(2, |&byte| byte == b'=');
    let name = trim(halves.next().unwrap_or_default());
    match halves.next() {
        Some(value) => name.eq_ignore_ascii_case(key).then(|| trim(value)),
        None => (name == key).then_some(&[] as &[u8]),
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
