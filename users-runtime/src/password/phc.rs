//! Argon2 hashes as text: `$argon2id$v=19$m=65536,t=3,p=4$SALT$HASH`, the PHC string format as argon2's reference
//! implementation reads and writes it.

use argon2::{Algorithm, Version};
use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};

/// No salt or hash that anybody writes is longer, in characters of the whole text.
const LONGEST: usize = 4096;

/// An argon2 hash, read from text.
#[derive(Debug, PartialEq)]
pub(super) struct Argon2Form {
    pub(super) algorithm: Algorithm,
    pub(super) version: Version,
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
    pub(super) salt: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl Argon2Form {
    /// Reads a hash; `None` for everything that the reference implementation refuses.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut parts = text.strip_prefix('$')?.split('$').peekable();
        let algorithm = match parts.next()? {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        // A hash of argon2 1.0 does not say its version.
        let version = match parts.next_if(|part| part.starts_with("v=")) {
            None | Some("v=16") => Version::V0x10,
            Some("v=19") => Version::V0x13,
            Some(_) => return None,
        };
        let mut costs = parts.next()?.split(',');
        let memory_kib = cost(costs.next()?, "m=")?;
        let passes = cost(costs.next()?, "t=")?;
        let lanes = cost(costs.next()?, "p=")?;
        let (salt, hash) = (bytes(parts.next()?)?, bytes(parts.next()?)?);
        let complete = costs.next().is_none() && parts.next().is_none();
        complete.then_some(Self {
            algorithm,
            version,
            memory_kib,
            passes,
            lanes,
            salt,
            hash,
        })
    }

    /// Writes an argon2id hash of version 1.3.
    pub(super) fn write(
        memory_kib: u32,
        passes: u32,
        lanes: u32,
        salt: &[u8],
        hash: &[u8],
    ) -> String {
        let (salt, hash) = (
            BASE64_STANDARD_NO_PAD.encode(salt),
            BASE64_STANDARD_NO_PAD.encode(hash),
        );
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${hash}")
    }
}

/// A decimal number without leading zeros after a prefix.
fn cost(text: &str, prefix: &str) -> Option<u32> {
    let digits = text.strip_prefix(prefix)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    if plain { digits.parse().ok() } else { None }
}

/// Base64 without padding and without stray bits.
fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use argon2::{Algorithm, Version};
    use proptest::prelude::*;

    use super::Argon2Form;

    #[test]
    fn what_is_written_is_read() {
        let text = Argon2Form::write(65536, 3, 4, b"0123456789abcdef", &[7; 32]);
        assert_eq!(
            text,
            "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
        );
        let form = Argon2Form::parse(&text).expect("a hash");
        assert_eq!(
            (form.algorithm, form.version),
            (Algorithm::Argon2id, Version::V0x13)
        );
        assert_eq!((form.memory_kib, form.passes, form.lanes), (65536, 3, 4));
        assert_eq!(
            (form.salt.as_slice(), form.hash.as_slice()),
            (b"0123456789abcdef".as_slice(), [7_u8; 32].as_slice())
        );
    }

    #[test]
    fn a_missing_version_is_the_first_one() {
        let form = Argon2Form::parse("$argon2i$m=64,t=1,p=1$MDEyMzQ1Njc$AAAAAA").expect("a hash");
        assert_eq!(
            (form.algorithm, form.version),
            (Algorithm::Argon2i, Version::V0x10)
        );
    }

    #[test]
    fn everything_else_is_refused() {
        let good = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAA";
        assert!(Argon2Form::parse(good).is_some());
        let changes = [
            ("$argon2id", "argon2id"),
            ("argon2id", "Argon2id"),
            ("argon2id", "argon2"),
            ("v=19", "v=17"),
            ("v=19", "v=19$v=19"),
            ("v=19", "v=019"),
            ("m=64", "m=064"),
            ("m=64", "m=+64"),
            ("m=64", "m=-64"),
            ("m=64", "m="),
            ("m=64", "m=٦٤"),
            ("m=64", "m=4294967296"),
            ("m=64,t=1", "t=1,m=64"),
            ("p=1", "p=1,keyid=AA"),
            ("p=1", "p=1,"),
            ("AAAAAA", "AAAAAB"),
            ("AAAAAA", "AAAAAA=="),
            ("AAAAAA", "AAAAA_"),
            ("AAAAAA", "AAAAAA\n"),
            ("AAAAAA", "AAAAAA$"),
            ("$AAAAAA", ""),
            ("$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAA", ""),
        ];
        for (from, to) in changes {
            let bad = good.replace(from, to);
            assert_eq!(Argon2Form::parse(&bad), None, "{bad}");
        }
        assert_eq!(
            Argon2Form::parse(&format!("{good}{}", "A".repeat(5000))),
            None
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "(\\$argon2(id|i|d))?(\\$v=1[69])?\\$?[mtp=,0-9$A-Za-z+/é]{0,80}") {
            let _ = Argon2Form::parse(&text);
        }

        #[test]
        fn reading_inverts_writing(m: u32, t: u32, p: u32, salt: Vec<u8>, hash: Vec<u8>) {
            let form = Argon2Form::parse(&Argon2Form::write(m, t, p, &salt, &hash)).expect("a hash");
            prop_assert_eq!((form.memory_kib, form.passes, form.lanes, form.salt, form.hash), (m, t, p, salt, hash));
        }
    }
}
