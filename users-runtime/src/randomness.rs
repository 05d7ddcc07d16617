//! Randomness, as a part that tests set.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// A source of random bytes.
///
/// The default is the [operating system's](SystemRandomness). A test gives the builder a predictable source
/// ([`UsersBuilder::predictable_randomness`](crate::UsersBuilder::predictable_randomness)), so that tokens and ids are the same in every
/// run:
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use users_runtime::randomness::Randomness;
///
/// /// SplitMix64 from a seed.
/// struct Seeded(AtomicU64);
///
/// impl Randomness for Seeded {
///     fn fill(&self, bytes: &mut [u8]) {
///         for chunk in bytes.chunks_mut(8) {
///             let mut word = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
///             word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
///             word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
///             chunk.copy_from_slice(&(word ^ (word >> 31)).to_le_bytes()[..chunk.len()]);
///         }
///     }
/// }
///
/// let (mut one, mut other) = ([0; 32], [0; 32]);
/// Seeded(AtomicU64::new(1)).fill(&mut one);
/// Seeded(AtomicU64::new(1)).fill(&mut other);
/// assert_eq!(one, other);
/// ```
pub trait Randomness: Send + Sync + 'static {
    /// Fills the whole slice with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's random bytes.
///
/// # Panics
///
/// When the operating system gives none. No token would be safe then.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl dyn Randomness + '_ {
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A token of 32 random bytes, in the form of [`token::random`](crate::token::random).
    pub(crate) fn token(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }
}
