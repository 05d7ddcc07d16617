//! What a stored hash is: its format, and whether the default hasher reads it.

use argon2::{Algorithm, Version};

use super::{
    HashLimits, PasswordHash, SALT_LENGTH, argon2_bcrypt::DEFAULT_PARAMS, bcrypt_form::BcryptForm,
    pepper::without_mark, phc::Argon2Form,
};

/// What a stored hash is, without any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HashFormat {
    /// The format's name, e.g. `argon2id`, `bcrypt`, or `sha512-crypt` of a hash from another system; `unknown` where the
    /// text does not show it.
    pub name: &'static str,
    /// What the default hasher does with it.
    pub standing: HashStanding,
}

/// What [`Argon2Bcrypt`](super::Argon2Bcrypt) with its default parameters and limits does with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HashStanding {
    /// It is read, and as strong as a new one.
    Current,
    /// It is read, but weaker than a new one: another algorithm than argon2id, less memory, fewer passes, or a shorter salt or
    /// hash. The next login replaces it.
    Outdated,
    /// It demands more work than [`HashLimits`] allow, so no password is right.
    TooCostly,
    /// It cannot be read, so no password is right.
    Unreadable,
}

/// How hashes of other libraries begin, and what they are called. Where one prefix begins another, the longer one is first.
const FOREIGN: [(&str, &str); 22] = [
    ("$argon2", "damaged argon2"),
    ("argon2$", "argon2 of Django"),
    ("$2", "damaged bcrypt"),
    ("bcrypt$", "bcrypt of Django"),
    ("bcrypt_sha256$", "bcrypt-sha256 of Django"),
    ("$bcrypt-sha256$", "bcrypt-sha256"),
    ("$pbkdf2", "pbkdf2"),
    ("pbkdf2_", "pbkdf2 of Django"),
    ("pbkdf2:", "pbkdf2 of Werkzeug"),
    ("$scrypt$", "scrypt"),
    ("scrypt$", "scrypt of Django"),
    ("scrypt:", "scrypt of Werkzeug"),
    ("$7$", "scrypt-crypt"),
    ("$y$", "yescrypt"),
    ("$6$", "sha512-crypt"),
    ("$5$", "sha256-crypt"),
    ("$1$", "md5-crypt"),
    ("$apr1$", "md5-crypt of Apache"),
    ("$P$", "phpass"),
    ("$H$", "phpass"),
    ("{", "LDAP"),
    ("!", "locked account"),
];

impl PasswordHash {
    /// What the hash is, as far as its text shows; it contains no part of the hash.
    pub fn format(&self) -> HashFormat {
        let text = without_mark(self.expose());
        if let Some(form) = Argon2Form::parse(text) {
            return of_argon2(&form);
        }
        if let Some(form) = BcryptForm::parse(text) {
            let is_allowed = HashLimits::DEFAULT.allow_bcrypt(&form);
            let standing = if is_allowed {
                HashStanding::Outdated
            } else {
                HashStanding::TooCostly
            };
            return HashFormat {
                name: "bcrypt",
                standing,
            };
        }
        let known = FOREIGN.iter().find(|(prefix, _)| text.starts_with(prefix));
        let name = known.map_or(
            if text.is_empty() { "empty" } else { "unknown" },
            |(_, name)| name,
        );
        HashFormat {
            name,
            standing: HashStanding::Unreadable,
        }
    }
}

fn of_argon2(form: &Argon2Form) -> HashFormat {
    let name = match form.algorithm {
        Algorithm::Argon2id => "argon2id",
        Algorithm::Argon2i => "argon2i",
        Algorithm::Argon2d => "argon2d",
    };
    let is_strong = form.algorithm == Algorithm::Argon2id
        && form.version == Version::V0x13
        && form.memory_kib >= DEFAULT_PARAMS.m_cost()
        && form.passes >= DEFAULT_PARAMS.t_cost()
        && form.salt.len() >= SALT_LENGTH
        && Some(form.hash.len()) >= DEFAULT_PARAMS.output_len();
    let standing = if !HashLimits::DEFAULT.allow_argon2(form) {
        HashStanding::TooCostly
    } else if is_strong {
        HashStanding::Current
    } else {
        HashStanding::Outdated
    };
    HashFormat { name, standing }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARGON2ID: &str = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    const BCRYPT: &str = "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpK";

    fn format(text: &str) -> (&'static str, HashStanding) {
        let HashFormat { name, standing } = PasswordHash::new(text).format();
        (name, standing)
    }

    #[test]
    fn a_hash_as_strong_as_a_new_one_is_current() {
        for costs in ["m=65536,t=3,p=4", "m=65536,t=3,p=1", "m=131072,t=4,p=4"] {
            let text = ARGON2ID.replace("m=65536,t=3,p=4", costs);
            assert_eq!(
                format(&text),
                ("argon2id", HashStanding::Current),
                "{costs}"
            );
        }
    }

    #[test]
    fn a_weaker_hash_is_outdated() {
        for (from, to, name) in [
            ("m=65536", "m=65535", "argon2id"),
            ("t=3", "t=2", "argon2id"),
            ("v=19", "v=16", "argon2id"),
            ("argon2id", "argon2i", "argon2i"),
            ("argon2id", "argon2d", "argon2d"),
            ("MDEyMzQ1Njc4OWFiY2RlZg", "MDEyMzQ1Njc", "argon2id"),
            (
                "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
                "BwcHBwcHBwcHBwcHBwcHBw",
                "argon2id",
            ),
        ] {
            assert_eq!(
                format(&ARGON2ID.replace(from, to)),
                (name, HashStanding::Outdated),
                "{to}"
            );
        }
        assert_eq!(format(BCRYPT), ("bcrypt", HashStanding::Outdated));
    }

    #[test]
    fn a_hash_beyond_the_limits_is_too_costly() {
        let costly = |text: String| format(&text).1 == HashStanding::TooCostly;
        assert!(
            costly(ARGON2ID.replace("m=65536", "m=4194304"))
                && costly(BCRYPT.replace("$04$", "$17$"))
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_where_it_is_known() {
        for (text, name) in [
            ("", "empty"),
            ("secret", "unknown"),
            ("$argon2id$v=19$m=65536", "damaged argon2"),
            ("$2b$12$short", "damaged bcrypt"),
            ("pbkdf2_sha256$600000$salt$hash", "pbkdf2 of Django"),
            ("$pbkdf2-sha256$29000$salt$hash", "pbkdf2"),
            ("scrypt:32768:8:1$salt$hash", "scrypt of Werkzeug"),
            ("$6$salt$hash", "sha512-crypt"),
        ] {
            assert_eq!(format(text), (name, HashStanding::Unreadable), "{text}");
        }
    }
}
