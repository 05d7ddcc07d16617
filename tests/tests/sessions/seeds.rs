//! Tokens and ids that a seed reproduces.

use std::sync::atomic::{AtomicU64, Ordering};

use users_runtime::randomness::Randomness;

use crate::app::{App, sessions, text};

/// `SplitMix64`: fast, and predictable as a test wants it.
struct Seeded(AtomicU64);

impl Randomness for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut word = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(word ^ (word >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The token of a login, and the id of its session.
async fn login(seed: u64) -> (String, String) {
    let source = Seeded(AtomicU64::new(seed));
    let app = App::configured(|builder| builder.predictable_randomness(source)).await;
    app.user("jo@example.com").await;
    let answer = app.login("plain", "jo@example.com").await;
    let listed = sessions(&app.presenting(&answer)).await;
    let id = listed[0]["id"].as_str().expect("an id").to_owned();
    (text(&answer, "access_token"), id)
}

#[tokio::test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "a release build refuses predictable randomness"
)]
async fn a_seed_gives_the_same_token_and_session_in_every_run() {
    let first = login(7).await;
    assert_eq!(login(7).await, first);
    let other = login(8).await;
    assert!(other.0 != first.0 && other.1 != first.1, "{other:?}");
}
