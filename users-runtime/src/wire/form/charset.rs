//! The `charset` parameter of a multipart form, by which names and values are decoded.

/// How the bytes of names and values become text; bytes it does not fit are read as Latin-1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Charset {
    /// UTF-8, the default.
    Utf8,
    /// UTF-8 with an optional byte order mark that is dropped.
    Utf8Marked,
    /// UTF-16 in a given byte order, or by its mark (little-endian without one).
    Utf16(Option<Order>),
    /// UTF-32 in a given byte order, or by its mark (little-endian without one).
    Utf32(Option<Order>),
    /// Latin-1, also for every charset that is not known here.
    Latin1,
}

/// A byte order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    /// The most significant byte first.
    Big,
    /// The least significant byte first.
    Little,
}

impl Charset {
    /// Finds a charset by one of its names, in which case and punctuation do not matter.
    pub(super) fn named(label: &[u8]) -> Self {
        let label = normalize(label);
        match label.as_str() {
            "utf_8" => Self::Utf8,
            "utf_8_sig" => Self::Utf8Marked,
            "utf_16" => Self::Utf16(None),
            "utf_16_be" => Self::Utf16(Some(Order::Big)),
            "utf_16_le" => Self::Utf16(Some(Order::Little)),
            "utf_32" => Self::Utf32(None),
            "utf_32_be" => Self::Utf32(Some(Order::Big)),
            "utf_32_le" => Self::Utf32(Some(Order::Little)),
            _ => Self::other_name(&label.replace('.', "_")),
        }
    }

    /// Finds a charset by one of its less common names; only in these a dot may stand for other punctuation.
    fn other_name(label: &str) -> Self {
        match label {
            "u8" | "utf" | "utf8" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => Self::Utf8,
            "u16" | "utf16" => Self::Utf16(None),
            "utf_16be" | "unicodebigunmarked" => Self::Utf16(Some(Order::Big)),
            "utf_16le" | "unicodelittleunmarked" => Self::Utf16(Some(Order::Little)),
            "u32" | "utf32" => Self::Utf32(None),
            "utf_32be" => Self::Utf32(Some(Order::Big)),
            "utf_32le" => Self::Utf32(Some(Order::Little)),
            _ => Self::Latin1,
        }
    }

    /// Decodes a name or value; this never fails thanks to Latin-1.
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        let text = match self {
            Self::Utf8 => utf8(bytes),
            Self::Utf8Marked => utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
            Self::Utf16(order) => utf16(order, bytes),
            Self::Utf32(order) => utf32(order, bytes),
            Self::Latin1 => None,
        };
        text.unwrap_or_else(|| bytes.iter().map(|&byte| char::from(byte)).collect())
    }
}

/// Lower case, with one `_` for every run of punctuation inside; dots are kept.
fn normalize(label: &[u8]) -> String {
    let words = label
        .split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'.'))
        .filter(|word| !word.is_empty());
    // Not by way of a list: a label can have as many words as a header has room for.
    let mut normalized = String::with_capacity(label.len());
    for word in words {
        if !normalized.is_empty() {
            normalized.push('_');
        }
        normalized.extend(
            word.iter()
                .map(|byte| char::from(byte.to_ascii_lowercase())),
        );
    }
    normalized
}

/// Strict UTF-8.
fn utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// Strict UTF-16.
fn utf16(order: Option<Order>, bytes: &[u8]) -> Option<String> {
    let (order, bytes) = match (order, bytes) {
        (None, [0xFE, 0xFF, rest @ ..]) => (Order::Big, rest),
        (None, [0xFF, 0xFE, rest @ ..]) => (Order::Little, rest),
        (order, _) => (order.unwrap_or(Order::Little), bytes),
    };
    let (units, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let units = units.iter().map(|&unit| match order {
        Order::Big => u16::from_be_bytes(unit),
        Order::Little => u16::from_le_bytes(unit),
    });
    char::decode_utf16(units).collect::<Result<_, _>>().ok()
}

/// Strict UTF-32.
fn utf32(order: Option<Order>, bytes: &[u8]) -> Option<String> {
    let (order, bytes) = match (order, bytes) {
        (None, [0, 0, 0xFE, 0xFF, rest @ ..]) => (Order::Big, rest),
        (None, [0xFF, 0xFE, 0, 0, rest @ ..]) => (Order::Little, rest),
        (order, _) => (order.unwrap_or(Order::Little), bytes),
    };
    let (units, []) = bytes.as_chunks::<4>() else {
        return None;
    };
    let units = units.iter().map(|&unit| match order {
        Order::Big => u32::from_be_bytes(unit),
        Order::Little => u32::from_le_bytes(unit),
    });
    units.map(char::from_u32).collect()
}
