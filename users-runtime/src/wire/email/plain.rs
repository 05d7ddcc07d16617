//! Addresses that are in their normal form already, as most stored ones are, recognised in one pass.

use super::special_use;

/// The longest address, which leaves each of its parts shorter than its own limit, except for the labels of the domain.
const LONGEST: usize = 200;
/// The longest label of a domain.
const LONGEST_LABEL: usize = 63;

/// Whether an address is of plain ASCII characters and its own normal form. `false` says nothing: the rules decide then.
pub(super) fn is_normal(address: &str) -> bool {
    if address.len() > LONGEST {
        return false;
    }
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    is_plain_local(local.as_bytes()) && !special_use::is_role(local) && is_plain_domain(domain)
}

/// Letters, digits, `_`, `-` and `+` in runs between single periods.
fn is_plain_local(local: &[u8]) -> bool {
    let mut before = b'.';
    for &byte in local {
        let is_plain = match byte {
            b'.' => before != b'.',
            _ => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'),
        };
        if !is_plain {
            return false;
        }
        before = byte;
    }
    before != b'.'
}

/// Small letters, digits and single hyphens within labels, under a top-level domain of letters that mail is sent to.
fn is_plain_domain(domain: &str) -> bool {
    let mut before = b'.';
    let mut label_start = 0;
    for (at, &byte) in domain.as_bytes().iter().enumerate() {
        let is_plain = match byte {
            b'a'..=b'z' | b'0'..=b'9' => true,
            b'-' => before.is_ascii_alphanumeric(),
            b'.' => before.is_ascii_alphanumeric() && at - label_start <= LONGEST_LABEL,
            _ => false,
        };
        if !is_plain {
            return false;
        }
        if byte == b'.' {
            label_start = at + 1;
        }
        before = byte;
    }
    label_start > 0
        && before.is_ascii_lowercase()
        && domain.len() - label_start <= LONGEST_LABEL
        && !special_use::is_reserved(domain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::email::{EmailRules, normalize_any};

    fn is_its_own_form(address: &str) -> bool {
        normalize_any(EmailRules::USUAL, address).as_deref() == Ok(address)
    }

    #[test]
    fn usual_addresses_are_normal() {
        for address in [
            "king.arthur@camelot.bt",
            "Jo+tag@mail.example.com",
            "a_b-c@1a.b-c.co",
            "7@x.yz",
        ] {
            assert!(is_normal(address) && is_its_own_form(address), "{address}");
        }
    }

    #[test]
    fn everything_else_is_left_to_the_rules() {
        for address in [
            "",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a@b.1",
            "a@b.c1",
            "a@b.test",
            "a@localhost",
            "a@B.co",
            "a@b.co.",
            "a@.b.co",
            "a@b..co",
            "a@-b.co",
            "a@b-.co",
            "a@xn--a.co",
            "a@b--c.co",
            ".a@b.co",
            "a.@b.co",
            "a..b@b.co",
            "Info@b.co",
            "info@b.co",
            "a b@b.co",
            " a@b.co",
            "a@b.co ",
            "a@b@c.co",
            "é@b.co",
            "a@é.co",
            "<a@b.co>",
        ] {
            assert!(!is_normal(address), "{address}");
        }
        let label = "x".repeat(64);
        assert!(!is_normal(&format!("a@{label}.co")));
        assert!(!is_normal(&format!("a@b.{label}")));
        assert!(!is_normal(&format!("{}@b.co", "x".repeat(200))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn a_normal_address_is_its_own_form(address in "[aAzZ09._+-]{1,6}(@|[!/ \"<>é@])[aAz09.-]{1,8}(\\.[a-z0-9]{1,5}|\\.test|xn--)?") {
            prop_assert!(!is_normal(&address) || is_its_own_form(&address), "{}", address);
        }

        #[test]
        fn a_long_address_is_its_own_form(local in "[a-z.]{1,130}", label in "[a-z0-9-]{1,66}", other in "[a-z]{1,66}") {
            let address = format!("{local}@{label}.{other}");
            prop_assert!(!is_normal(&address) || is_its_own_form(&address), "{}", address);
        }

        #[test]
        fn every_text_has_one_verdict(text in ".{0,20}@.{0,20}") {
            prop_assert_eq!(EmailRules::USUAL.normalize(&text), normalize_any(EmailRules::USUAL, &text));
        }
    }
}
