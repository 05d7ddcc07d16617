//! On one file of SQLite.

use users_tests::Database;

use crate::{
    events, everyone, fields, first_users, letters,
    pair::{Member, Pair},
    purges, refreshes, revocations, states,
    strict::{Strict, StrictPair},
    unlocking, upgrades, uses,
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
    events::are_purged_once_by_many,
    everyone::ends_what_was_issued_before,
    fields::that_are_set_at_once_all_survive,
    fields::that_are_changed_in_many_ways_all_survive,
    purges::delete_expired_sessions_alone,
    states::is_used_once_at_both,
    states::is_used_once_of_many,
    states::expired_ones_are_deleted,
    revocations::a_deactivation_ends_tokens,
    revocations::a_reactivation_ends_tokens,
    revocations::ending_all_sessions_ends_tokens,
    revocations::a_claim_ends_tokens,
    revocations::tokens_without_an_epoch_end,
    revocations::ending_everyones_ends_tokens_without_an_epoch,
    revocations::first_logins_share_an_epoch,
    revocations::a_revocation_beside_logins_ends_what_was_before,
    refreshes::tabs_get_one_successor,
    refreshes::a_former_token_ends_the_session_after_the_grace_period,
    refreshes::many_uses_of_a_used_token_end_the_session_once,
}

macro_rules! strict_tests {
    ($($module:ident::$name:ident),* $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let database = Database::new();
            let one = database.store::<Strict>().await;
            let other = database.store::<Strict>().await;
            $module::$name(&StrictPair::on(one, other).await).await;
        }
    )*};
}

strict_tests! {
    first_users::of_one_address_are_one_user,
    first_users::with_other_passwords_void_the_password,
    letters::reset_once,
    letters::verify_once,
    purges::of_limits_lose_no_attempt,
    unlocking::has_one_letter_that_unlocks_once,
    upgrades::beside_a_new_password_keep_it,
}

#[tokio::test(flavor = "multi_thread")]
async fn uses_are_written_once() {
    let database = Database::new();
    let one = database.store::<Member>().await;
    let other = database.store::<Member>().await;
    uses::are_written_once(one, other).await;
}
