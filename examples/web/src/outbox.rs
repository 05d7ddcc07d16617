//! The mails of an application that has nobody to send them: kept in memory, and shown on the page.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Json, Router, routing::get};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::letter::Letter;

/// How many mails are kept; the oldest go first.
const LIMIT: usize = 50;

/// The latest mails, the newest first. Whoever can reach the route reads everybody's, so it is for one's own machine only.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Mutex<VecDeque<Shown>>>);

#[derive(Clone, Serialize)]
struct Shown {
    sent_at: DateTime<Utc>,
    #[serde(flatten)]
    letter: Letter,
}

impl Outbox {
    /// Keeps a mail.
    pub(crate) fn keep(&self, letter: Letter) {
        let mut mails = self.mails();
        mails.push_front(Shown {
            sent_at: Utc::now(),
            letter,
        });
        mails.truncate(LIMIT);
    }

    /// `GET /outbox`
    pub(crate) fn router(self) -> Router {
        Router::new().route("/outbox", get(async move || Json(self.mails().clone())))
    }

    fn mails(&self) -> MutexGuard<'_, VecDeque<Shown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_mails_are_kept() {
        let outbox = Outbox::default();
        for number in 0..LIMIT + 2 {
            outbox.keep(Letter {
                to: number.to_string(),
                subject: "",
                text: String::new(),
            });
        }
        let mails = outbox.mails();
        let kept: Vec<_> = mails.iter().map(|mail| mail.letter.to.as_str()).collect();
        assert_eq!((kept.len(), kept[0], kept[LIMIT - 1]), (LIMIT, "51", "2"));
    }
}
