//! JSON as Python's `json.dumps` writes it: nothing but ASCII.

use std::io;

use serde::Serializer as _;
use serde_json::{Serializer, Value, ser::Formatter};

/// Writes an object with its members in this order, without spaces.
pub(super) fn object<'a>(members: impl IntoIterator<Item = (&'a str, &'a Value)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = Serializer::with_formatter(&mut bytes, Ascii).collect_map(members);
    debug_assert!(written.is_ok(), "neither the memory nor a value can fail");
    bytes
}

/// Escapes what is not printable ASCII as `\uXXXX`, beyond the first plane as a pair of them.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|char: char| !matches!(char, ' '..='~')) {
            let (plain, tail) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut chars = tail.chars();
            for unit in chars
                .next()
                .iter()
                .flat_map(|char| char.encode_utf16(&mut [0; 2]).to_vec())
            {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::object;

    #[test]
    fn everything_but_printable_ascii_is_escaped() {
        let value = json!("zoë😀\u{7f}\"\\/<\n\u{1}\t\u{8}\u{c}\r\u{2028}");
        let expected = r#"{"é":1}"#.replace('é', r"\u00e9");
        assert_eq!(object([("é", &json!(1))]), expected.as_bytes());
        let text = String::from_utf8(object([
            ("a", &value),
            ("b", &Value::Null),
            ("c", &json!(["x", true])),
        ]))
        .expect("ASCII");
        assert_eq!(
            text,
            r#"{"a":"zo\u00eb\ud83d\ude00\u007f\"\\/<\n\u0001\t\b\f\r\u2028","b":null,"c":["x",true]}"#
        );
    }
}
