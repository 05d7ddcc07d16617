//! JSON as Python's `json.loads` reads it from bytes: UTF-8, UTF-16 or UTF-32, with or without a byte order mark; `NaN` and
//! `Infinity`; lone surrogates; numbers of any size up to 4300 digits; the last of several members with one name counts.

use std::char::{REPLACEMENT_CHARACTER, decode_utf16};

/// Python gives up at its recursion limit, a little under a thousand.
const DEEPEST: usize = 900;
/// Python refuses longer numbers, whose conversion takes quadratic time.
const MOST_DIGITS: usize = 4300;

/// A JSON value. Lone surrogates in texts have become U+FFFD.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A whole number, clamped to the range of the type.
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Object(Members),
}

/// The members of an object in the order of the text, with repetitions.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Members(pub(super) Vec<(String, Json)>);

impl Members {
    /// The last member with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().rev().find(|(member, _)| member == name).map(|(_, value)| value)
    }
}

/// Reads a text that is one object; `None` for everything else.
pub(super) fn read_object(bytes: &[u8]) -> Option<Members> {
    let text = decode(bytes)?;
    let mut reader = Reader { bytes: text.as_bytes(), text: &text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.skip_space();
    match value {
        Json::Object(members) if reader.at == text.len() => Some(members),
        _ => None,
    }
}

/// Decodes in the encoding that the first bytes tell (RFC 4627, section 3, and byte order marks).
fn decode(bytes: &[u8]) -> Option<String> {
    match *bytes {
        [0, 0, 0xfe, 0xff, ref rest @ ..] => decode_utf32(rest, u32::from_be_bytes),
        [0xff, 0xfe, 0, 0, ref rest @ ..] => decode_utf32(rest, u32::from_le_bytes),
        [0xfe, 0xff, ref rest @ ..] => decode_two_bytes(rest, u16::from_be_bytes),
        [0xff, 0xfe, ref rest @ ..] => decode_two_bytes(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, ref rest @ ..] => decode_utf8(rest),
        [0, 0, _, _, ..] => decode_utf32(bytes, u32::from_be_bytes),
        [0, _, _, _, ..] | [0, _] => decode_two_bytes(bytes, u16::from_be_bytes),
        [_, 0, 0, 0, ..] => decode_utf32(bytes, u32::from_le_bytes),
        [_, 0, _, _, ..] | [_, 0] => decode_two_bytes(bytes, u16::from_le_bytes),
        _ => decode_utf8(bytes),
    }
}

/// Python lets surrogates pass, which are three bytes starting with `ED A0` to `ED BF`.
fn decode_utf8(bytes: &[u8]) -> Option<String> {
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while let Some(window) = bytes.get_mut(at..at + 3) {
        if let [0xed, 0xa0..=0xbf, 0x80..=0xbf] = window {
            window.copy_from_slice("\u{fffd}".as_bytes());
        }
        at += 1;
    }
    String::from_utf8(bytes).ok()
}

fn decode_two_bytes(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text = decode_utf16(units.iter().map(|pair| unit(*pair))).map(|unit| unit.unwrap_or(REPLACEMENT_CHARACTER)).collect();
    rest.is_empty().then_some(text)
}

fn decode_utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<4>();
    let char = |unit| if (0xd800..0xe000).contains(&unit) { Some(REPLACEMENT_CHARACTER) } else { char::from_u32(unit) };
    let text = units.iter().map(|four| char(unit(*four))).collect::<Option<String>>()?;
    rest.is_empty().then_some(text)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// Whether this comes next, which it then passes.
    fn eat(&mut self, expected: &str) -> bool {
        let comes_next = self.bytes[self.at..].starts_with(expected.as_bytes());
        if comes_next {
            self.at += expected.len();
        }
        comes_next
    }

    fn value(&mut self) -> Option<Json> {
        self.skip_space();
        match self.bytes.get(self.at)? {
            b'"' => self.string().map(Json::Text),
            b'[' => self.nested(Self::list),
            b'{' => self.nested(Self::object),
            _ => self.word().or_else(|| self.number()),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Json>) -> Option<Json> {
        self.at += 1;
        self.depth += 1;
        let value = if self.depth <= DEEPEST { read(self) } else { None };
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Option<Json> {
        let mut items = Vec::new();
        self.skip_space();
        if self.eat("]") {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            if self.eat("]") {
                return Some(Json::List(items));
            }
            self.eat(",").then_some(())?;
        }
    }

    fn object(&mut self) -> Option<Json> {
        let mut members = Members::default();
        self.skip_space();
        if self.eat("}") {
            return Some(Json::Object(members));
        }
        loop {
            self.skip_space();
            let name = self.string()?;
            self.skip_space();
            self.eat(":").then_some(())?;
            members.0.push((name, self.value()?));
            self.skip_space();
            if self.eat("}") {
                return Some(Json::Object(members));
            }
            self.eat(",").then_some(())?;
        }
    }

    fn word(&mut self) -> Option<Json> {
        let words = [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("NaN", Json::Float(f64::NAN)),
            ("Infinity", Json::Float(f64::INFINITY)),
            ("-Infinity", Json::Float(f64::NEG_INFINITY)),
        ];
        words.into_iter().find(|(word, _)| self.eat(word)).map(|(_, value)| value)
    }

    fn digits(&mut self) -> usize {
        let digits = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    /// As Python's grammar: of `1.` and `1e` only the `1` is a number.
    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        let negative = self.eat("-");
        let digits_start = self.at;
        let digits = if self.eat("0") { 1 } else { self.digits() };
        if digits == 0 {
            return None;
        }
        let whole_end = self.at;
        if self.eat(".") && self.digits() == 0 {
            self.at = whole_end;
        }
        let fraction_end = self.at;
        if self.eat("e") || self.eat("E") {
            let _sign = self.eat("-") || self.eat("+");
            if self.digits() == 0 {
                self.at = fraction_end;
            }
        }
        if self.at > whole_end {
            return self.text[start..self.at].parse().ok().map(Json::Float);
        }
        (digits <= MOST_DIGITS).then(|| Json::Int(clamped(negative, &self.text[digits_start..whole_end])))
    }

    fn string(&mut self) -> Option<String> {
        self.eat("\"").then_some(())?;
        let mut text = String::new();
        loop {
            let plain = self.bytes[self.at..].iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
            text.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain;
            if self.eat("\"") {
                return Some(text);
            }
            self.eat("\\").then_some(())?;
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        let kind = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape()?,
            _ => return None,
        })
    }

    fn unicode_escape(&mut self) -> Option<char> {
        let first = self.four_hex()?;
        let after = self.at;
        if (0xd800..0xdc00).contains(&first) && self.eat("\\u") {
            let second = self.four_hex()?;
            if let Some(Ok(char)) = decode_utf16([first, second]).next() {
                return Some(char);
            }
            self.at = after;
        }
        Some(char::from_u32(u32::from(first)).unwrap_or(REPLACEMENT_CHARACTER))
    }

    fn four_hex(&mut self) -> Option<u16> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |value, digit| Some(value << 4 | u16::try_from(char::from(*digit).to_digit(16)?).ok()?))
    }
}

/// The number that these digits mean, or the nearest that fits.
pub(super) fn clamped(negative: bool, digits: &str) -> i128 {
    match digits.parse::<i128>() {
        Ok(value) if negative => -value,
        Ok(value) => value,
        Err(_) if negative => i128::MIN,
        Err(_) => i128::MAX,
    }
}

/// The most digits that Python reads into a number, from JSON and from text.
pub(super) const fn is_readable(digits: usize) -> bool {
    digits <= MOST_DIGITS
}
