//! How many passwords may be hashed at the same time.

use std::thread;

/// How many passwords are hashed at the same time, and how many may wait.
///
/// A hash with the default parameters takes about 0.1 s of one core and 64 MiB, so more concurrent hashes than cores only make
/// every one of them slower. The hashes run on separate threads next to the async ones, and the operating system schedules both;
/// to keep a core free for other work, reduce [`max_parallel`](Self::max_parallel) by one.
///
/// Waiting clients take turns, one hash each. While no other client needs a place, one client may fill the queue; once it is
/// full, a request of a client with fewer places displaces the newest one of the client with the most, which is refused. A client
/// is identified by [`Users::client_address`](crate::Users::client_address), or else by the peer address of the connection; for
/// IPv6 by the first 64 bits. Clients without a known address share one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordsConfig {
    pub(super) max_parallel: usize,
    pub(super) max_queued: Option<usize>,
    pub(super) normalizes: bool,
}

impl PasswordsConfig {
    /// How many may wait for each that is hashed: about four seconds of waiting, after which most clients would have given up.
    const QUEUED_PER_PARALLEL: usize = 32;

    /// As many at once as there are cores, and 32 times as many waiting.
    pub fn new() -> Self {
        Self {
            max_parallel: thread::available_parallelism().map_or(1, usize::from),
            max_queued: None,
            normalizes: true,
        }
    }

    /// Whether passwords are hashed in Unicode's normalization form C, see [`Passwords`](super::Passwords).
    pub(crate) const fn normalizes(mut self, normalizes: bool) -> Self {
        self.normalizes = normalizes;
        self
    }

    /// The number of concurrent hashes, at least 1. Each keeps its working memory, 64 MiB with the default hasher, until no
    /// password was hashed for a minute. The default is the number of cores.
    #[must_use]
    pub fn max_parallel(mut self, count: usize) -> Self {
        self.max_parallel = count.clamp(1, tokio::sync::Semaphore::MAX_PERMITS);
        self
    }

    /// The maximum length of the queue; a request beyond it is refused immediately, or displaces one of another client. The
    /// default is 32 times [`max_parallel`](Self::max_parallel).
    #[must_use]
    pub const fn max_queued(mut self, count: usize) -> Self {
        self.max_queued = Some(count);
        self
    }

    pub(super) fn queue(&self) -> usize {
        self.max_queued
            .unwrap_or_else(|| self.max_parallel.saturating_mul(Self::QUEUED_PER_PARALLEL))
    }
}

impl Default for PasswordsConfig {
    fn default() -> Self {
        Self::new()
    }
}
