//! The builder's options about stored events.

use std::time::Duration;

use crate::{model::UserModel, users::UsersBuilder};

impl<U: UserModel> UsersBuilder<U> {
    /// How long stored events are kept, instead of what the struct declares with `events(keep = "…")`. Nothing is stored where the
    /// struct does not declare `events`.
    #[must_use]
    pub fn keep_events(mut self, keep: Duration) -> Self {
        self.options.keep_events = Some(keep);
        self
    }
}
