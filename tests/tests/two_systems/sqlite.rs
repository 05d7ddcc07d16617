//! On one file of SQLite.

use users_tests::Database;

use crate::{
    events,
    pair::{Member, Pair},
    refreshes, revocations, states,
};

/// The pair, whose file goes with the second value.
async fn start() -> (Pair, Database) {
    let database = Database::new();
    let one = database.store::<Member>().await;
    let other = database.store::<Member>().await;
    (Pair::on(one, other).await, database)
}

macro_rules! tests {
    ($($module:ident::$name:ident),* $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let (pair, _database) = start().await;
            $module::$name(&pair).await;
        }
    )*};
}

tests! {
    events::are_stored_listed_and_purged,
    states::is_used_once_at_both,
    states::is_used_once_of_many,
    revocations::a_deactivation_ends_tokens,
    revocations::a_reactivation_ends_tokens,
    revocations::ending_all_sessions_ends_tokens,
    revocations::a_claim_ends_tokens,
    revocations::tokens_without_an_epoch_end,
    revocations::first_logins_share_an_epoch,
    refreshes::tabs_get_one_successor,
    refreshes::a_former_token_ends_the_session_after_the_grace_period,
}
