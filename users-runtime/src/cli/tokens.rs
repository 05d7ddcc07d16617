//! `purge-tokens`

use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::{
    Io,
    failure::{Failure, Outcome},
};
use crate::{model::UserModel, users::Users};

/// `purge-tokens`: deletes old access tokens of all users from the database.
#[derive(Clone, Copy, Args)]
pub struct PurgeTokens {
    /// Tokens that were issued longer ago, such as `30days` or `12h`; at least as long as tokens are good, or sessions end
    #[arg(long, value_name = "AGE", value_parser = humantime::parse_duration)]
    older_than: Duration,
}

impl PurgeTokens {
    pub(super) async fn run<U: UserModel>(
        self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let no_tokens = || {
            Failure::new(
                "NO_ACCESS_TOKENS",
                "this application's store holds no access tokens",
            )
        };
        let tokens = users.store().access_tokens().ok_or_else(no_tokens)?;
        let age = chrono::Duration::from_std(self.older_than).ok();
        // Nothing was issued before there is a calendar.
        let instant = age
            .and_then(|age| Utc::now().checked_sub_signed(age))
            .unwrap_or(DateTime::UNIX_EPOCH);
        let deleted = tokens.delete_tokens_before(instant).await?;
        io.say(format_args!("{deleted} access tokens are deleted."))?;
        Ok(Outcome::Done)
    }
}
