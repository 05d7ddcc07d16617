//! On servers, each with a connection pool of its own for each system.

use users_runtime::{MongoStore, MySqlStore, PostgresStore};

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    events, mongodb_server, mysql_server,
    pair::{Member, Pair},
    refreshes, revocations, server, states,
};

async fn run_all(pair: Pair) {
    states::is_used_once_at_both(&pair).await;
    states::is_used_once_of_many(&pair).await;
    revocations::a_deactivation_ends_tokens(&pair).await;
    revocations::a_reactivation_ends_tokens(&pair).await;
    revocations::ending_all_sessions_ends_tokens(&pair).await;
    revocations::a_claim_ends_tokens(&pair).await;
    revocations::tokens_without_an_epoch_end(&pair).await;
    revocations::first_logins_share_an_epoch(&pair).await;
    refreshes::tabs_get_one_successor(&pair).await;
    refreshes::a_former_token_ends_the_session_after_the_grace_period(&pair).await;
    events::are_stored_listed_and_purged(&pair).await;
}

macro_rules! on {
    ($store:ident, $url:expr) => {{
        let url: String = $url;
        let one = $store::<Member>::connect(&url).await.expect("a database");
        one.migrate().await.expect("the tables");
        let other = $store::<Member>::connect(&url).await.expect("a database");
        run_all(Pair::on(one, other).await).await;
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn two_systems_agree_on_postgresql() {
    let server = server::shared().await;
    on!(PostgresStore, postgresql(&server).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_systems_agree_on_mariadb() {
    let server = mysql_server::shared().await;
    on!(MySqlStore, mariadb(&server).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_systems_agree_on_secantusdb() {
    let server = mongodb_server::shared().await;
    on!(MongoStore, secantusdb(&server));
}
