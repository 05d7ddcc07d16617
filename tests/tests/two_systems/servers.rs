//! On servers, each with a connection pool of its own for each system.

use users_runtime::{MongoStore, MySqlStore, PostgresStore};

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    events, everyone, fields, first_users, letters, mongodb_server, mysql_server,
    pair::{Member, Pair},
    purges, refreshes, revocations, server, states,
    strict::{Strict, StrictPair},
    unlocking, upgrades, uses,
};

async fn run_all(pair: Pair) {
    // First: each process looks once a minute.
    states::expired_ones_are_deleted(&pair).await;
    // Before the sessions of everyone end.
    revocations::tokens_without_an_epoch_end(&pair).await;
    states::is_used_once_at_both(&pair).await;
    states::is_used_once_of_many(&pair).await;
    revocations::a_deactivation_ends_tokens(&pair).await;
    revocations::a_reactivation_ends_tokens(&pair).await;
    revocations::ending_all_sessions_ends_tokens(&pair).await;
    revocations::a_claim_ends_tokens(&pair).await;
    revocations::first_logins_share_an_epoch(&pair).await;
    revocations::ending_everyones_ends_tokens_without_an_epoch(&pair).await;
    fields::that_are_set_at_once_all_survive(&pair).await;
    fields::that_are_changed_in_many_ways_all_survive(&pair).await;
    refreshes::tabs_get_one_successor(&pair).await;
    refreshes::a_former_token_ends_the_session_after_the_grace_period(&pair).await;
    refreshes::many_uses_of_a_used_token_end_the_session_once(&pair).await;
    everyone::ends_what_was_issued_before(&pair).await;
    purges::delete_expired_sessions_alone(&pair).await;
    revocations::a_revocation_beside_logins_ends_what_was_before(&pair).await;
    events::are_stored_listed_and_purged(&pair).await;
    events::are_purged_once_by_many(&pair).await;
}

async fn run_strict(pair: StrictPair) {
    first_users::of_one_address_are_one_user(&pair).await;
    first_users::with_other_passwords_void_the_password(&pair).await;
    letters::reset_once(&pair).await;
    letters::verify_once(&pair).await;
    purges::of_limits_lose_no_attempt(&pair).await;
    unlocking::has_one_letter_that_unlocks_once(&pair).await;
    upgrades::beside_a_new_password_keep_it(&pair).await;
}

macro_rules! on {
    ($store:ident, $url:expr, $other_url:expr) => {{
        let url: String = $url;
        let one = $store::<Member>::connect(&url).await.expect("a database");
        one.migrate().await.expect("the tables");
        let other = $store::<Member>::connect(&url).await.expect("a database");
        uses::are_written_once(one.clone(), other.clone()).await;
        run_all(Pair::on(one, other).await).await;
        let url: String = $other_url;
        let one = $store::<Strict>::connect(&url).await.expect("a database");
        one.migrate().await.expect("the tables");
        let other = $store::<Strict>::connect(&url).await.expect("a database");
        run_strict(StrictPair::on(one, other).await).await;
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn two_systems_agree_on_postgresql() {
    let server = server::shared().await;
    on!(
        PostgresStore,
        postgresql(&server).await,
        postgresql(&server).await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_systems_agree_on_mariadb() {
    let server = mysql_server::shared().await;
    on!(MySqlStore, mariadb(&server).await, mariadb(&server).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_systems_agree_on_secantusdb() {
    let server = mongodb_server::shared().await;
    on!(MongoStore, secantusdb(&server), secantusdb(&server));
}
