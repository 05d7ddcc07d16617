//! Whether a secret is long enough, but has so little in it that a program finds it.

/// 32 random bytes have about 30 different ones, 32 random hexadecimal digits about 14.
const LEAST_DISTINCT: usize = 7;

/// Differences between neighbours: of `abcdef…` all are one, of `aabbcc…` there are two.
const LEAST_STEPS: usize = 5;

/// A text that is repeated counts once, and must be as long as a secret itself.
const LEAST_PERIOD: usize = 32;

/// Secrets of documentation, which are copied into programs and are in every list of such secrets.
const PUBLISHED: [&str; 4] = [
    // FastAPI's tutorial on JSON web tokens.
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    // jwt.io.
    "a-string-secret-at-least-256-bits-long",
    // This crate's.
    "the secret until last month, 32 bytes",
    "the secret from now on, with 32 bytes",
];

/// Whether a secret of at least 32 bytes is made of few different bytes, of a sequence, of a repeated text, or is a published one.
pub(super) fn is_guessable(secret: &[u8]) -> bool {
    let steps = secret.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
    distinct(secret.iter().copied()) < LEAST_DISTINCT
        || distinct(steps) < LEAST_STEPS
        || is_repeated(secret)
        || PUBLISHED.iter().any(|known| known.as_bytes() == secret)
}

fn distinct(bytes: impl Iterator<Item = u8>) -> usize {
    let mut seen = [false; 256];
    bytes.for_each(|byte| seen[usize::from(byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}

/// Whether a secret is at least two times the same short text, the last one perhaps cut off.
fn is_repeated(secret: &[u8]) -> bool {
    let longest = (LEAST_PERIOD - 1).min(secret.len() / 2);
    (1..=longest).any(|period| secret[period..] == secret[..secret.len() - period])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_with_little_in_them_are_guessable() {
        for secret in [
            "x".repeat(32),
            "ab".repeat(40),
            "secret".repeat(6),
            "changeme".repeat(4),
            "correct horse ".repeat(3),
            "0123456789".repeat(4),
            "0123456789abcdef".repeat(2),
            "abcdefghijklmnopqrstuvwxyz0123456789".to_owned(),
            "zyxwvutsrqponmlkjihgfedcba987654321".to_owned(),
            "00112233445566778899aabbccddeeff".to_owned(),
            "SECRETSECRETSECRETSECRETSECRETSECRETS".to_owned(),
            PUBLISHED[0].to_owned(),
        ] {
            assert!(is_guessable(secret.as_bytes()), "{secret}");
        }
        assert!(is_guessable(&[0; 32]));
        assert!(is_guessable(&(0..64).collect::<Vec<u8>>()));
    }

    #[test]
    fn random_secrets_and_sentences_are_not() {
        for _ in 0..1000 {
            let secret = crate::token::random();
            assert!(!is_guessable(secret.as_bytes()), "{secret}");
            // As `openssl rand -hex 16` writes it.
            let bytes = crate::token::random_bytes::<16>().into_iter();
            let hex = bytes.fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            assert!(!is_guessable(hex.as_bytes()), "{hex}");
        }
        for secret in [
            "a secret of the tests, long enough for HS256",
            "46070d4bf934fb0d4b06d9e2c46e346944e322444900a435d7d9a95e6d7435f5",
            "83752013948576201983475610293847",
        ] {
            assert!(!is_guessable(secret.as_bytes()), "{secret}");
            // A good secret that is repeated is still good.
            assert!(!is_guessable(secret.repeat(2).as_bytes()), "{secret}");
        }
    }
}
