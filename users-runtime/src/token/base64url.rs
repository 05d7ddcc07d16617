//! Base64 as the parts of a token have it (RFC 4648, section 5).

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Written without padding; read with or without it, but neither with stray bits nor in the standard alphabet.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn encode(bytes: &[u8]) -> String {
    ENGINE.encode(bytes)
}

pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    // With optional padding the engine would take some of it for all of it.
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    if padding > 0 && !text.len().is_multiple_of(4) {
        None
    } else {
        ENGINE.decode(text).ok()
    }
}

/// Decodes text without padding into a buffer; `None` where [`decode`] refuses it, where it has padding and where there is no room.
pub(super) fn decode_into<'b>(text: &[u8], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    if text.ends_with(b"=") {
        return None;
    }
    let length = ENGINE.decode_slice(text, buffer).ok()?;
    buffer.get(..length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, decode_into, encode};

    #[test]
    fn padding_is_optional_but_complete() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("YQ", b"a"),
            ("YQ==", b"a"),
            ("YWI", b"ab"),
            ("YWI=", b"ab"),
            ("-_-_", b"\xfb\xff\xbf"),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes), "{text}");
        }
        for text in [
            "=", "==", "===", "====", "YQ=", "YQ===", "YWI==", "YWJj=", "YWJj==", "YWJj====", "Y",
            "YWJjZ", "YR", "YWJ", "+/+/", "Y Q", "YQ\n", "Y=Q=", "é",
        ] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn decoding_inverts_encoding(bytes: Vec<u8>) {
            prop_assert_eq!(decode(encode(&bytes).as_bytes()), Some(bytes));
        }

        #[test]
        fn what_decodes_is_canonical(text in "[A-Za-z0-9_=-]{0,12}") {
            let mut buffer = [0; 12];
            let read = decode_into(text.as_bytes(), &mut buffer);
            let expected = decode(text.as_bytes()).filter(|_| !text.ends_with('='));
            prop_assert_eq!(read, expected.as_deref());
            if let Some(bytes) = decode(text.as_bytes()) {
                prop_assert_eq!(encode(&bytes), text.trim_end_matches('='));
            }
        }
    }
}
