//! The sources of time and randomness of a user system, which tests replace.

use std::sync::Arc;

use super::{BuildError, UsersBuilder};
use crate::{
    clock::{Clock, SystemClock},
    model::UserModel,
    randomness::{Randomness, SystemRandomness},
};

/// Where a user system has the time and random bytes from.
#[derive(Clone)]
pub(crate) struct Sources {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    is_predictable: bool,
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            is_predictable: false,
        }
    }
}

impl Sources {
    /// Refuses predictable randomness in a release build, where its tokens could be guessed by attackers.
    pub(super) fn check(&self) -> Result<(), BuildError> {
        if self.is_predictable && !cfg!(debug_assertions) {
            return Err(BuildError::PredictableRandomness);
        }
        Ok(())
    }
}

impl<U: UserModel> UsersBuilder<U> {
    /// The clock. The default is the system's clock; tests can set their own.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.sources.clock = Arc::new(clock);
        self
    }

    /// For tests only: a source of random bytes that gives the same tokens and ids in every run. It is used for sessions and their
    /// tokens, the database strategy of declared backends, the states of OAuth, and the ids of unlock tokens and known browsers; keys,
    /// salts and users' ids stay the operating system's.
    ///
    /// In a release build (without debug assertions) [`build`](Self::build) returns [`BuildError::PredictableRandomness`].
    #[must_use]
    pub fn predictable_randomness(mut self, randomness: impl Randomness) -> Self {
        self.sources.randomness = Arc::new(randomness);
        self.sources.is_predictable = true;
        self
    }
}
