//! Bcrypt hashes as text: `$2b$12$SALTHASH`, the modular crypt format.

use bcrypt::HashParts;

/// A bcrypt hash, read from text.
#[derive(Debug)]
pub(super) struct BcryptForm {
    pub(super) cost: u32,
    pub(super) salt: [u8; 16],
}

impl BcryptForm {
    /// The longest password that bcrypt takes in, in bytes.
    pub(super) const LONGEST_PASSWORD: usize = 72;

    /// Reads a hash with the prefix `2a`, `2b`, `2x` or `2y`. All four are compared alike, as Python's `bcrypt` does.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts: HashParts = text.parse().ok()?;
        // The crate takes "+4" for a number.
        let has_two_digits = text.as_bytes().get(4..6)?.iter().all(u8::is_ascii_digit);
        let cost = parts.get_cost();
        ((4..=31).contains(&cost) && has_two_digits).then(|| Self {
            cost,
            salt: parts.get_salt_raw(),
        })
    }

    /// Whether this is the password of a hash in text form.
    pub(super) fn verify(password: &[u8], text: &str) -> bool {
        password.len() <= Self::LONGEST_PASSWORD && bcrypt::verify(password, text).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::BcryptForm;

    const HASH: &str = "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpK";

    #[test]
    fn four_prefixes_and_costs_of_4_to_31_are_read() {
        for prefix in ["$2a$04", "$2b$04", "$2x$04", "$2y$04", "$2b$31"] {
            assert!(
                BcryptForm::parse(&HASH.replace("$2b$04", prefix)).is_some(),
                "{prefix}"
            );
        }
        for prefix in [
            "$2c$04", "$2$04$", "$2b$03", "$2b$32", "$2b$+4", "$2b$4 ", "$2b$٤", "$1b$04", "!2b$04",
        ] {
            assert!(
                BcryptForm::parse(&HASH.replace("$2b$04", prefix)).is_none(),
                "{prefix}"
            );
        }
    }

    #[test]
    fn other_lengths_and_stray_bits_are_refused() {
        for bad in [
            "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpK\n",
            "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTp",
            "$2b$04$xTKscFS76Pk9ea1.OrjlQvjnPC87yVjaBDHATzLsRTa/gKsP4ZTpK",
            "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpL",
            "$2b$04$xT+scFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpK",
        ] {
            assert!(BcryptForm::parse(bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\$2[abxyc]\\$[0-9+]{2}\\$[A-Za-z0-9./é]{45,55}") {
            let _ = BcryptForm::parse(&text);
        }
    }
}
