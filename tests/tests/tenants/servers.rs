//! On servers, and on SeaORM.

use users_runtime::{MongoStore, MySqlStore, PostgresStore, SeaOrmStore, store::UserStore};
use users_tests::Database;

use crate::{
    databases::{mariadb, postgresql, secantusdb},
    existing::{
        Existing, addresses_that_a_tenant_has_twice_are_reported,
        an_index_across_tenants_is_reported,
    },
    mongodb_server, mysql_server, server,
    suite::run_all,
    system::{Member, System},
};

async fn run(store: impl UserStore<Member>) {
    run_all(&System::start(store).await).await;
}

async fn judge(store: &impl Existing) {
    addresses_that_a_tenant_has_twice_are_reported(store).await;
    an_index_across_tenants_is_reported(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_belong_to_tenants_on_postgresql() {
    let server = server::shared().await;
    let store = PostgresStore::connect(&postgresql(&server).await).await;
    let store = store.expect("a database");
    store.migrate().await.expect("the tables");
    store.check().await.expect("tables that fit");
    judge(&store).await;
    run(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_belong_to_tenants_on_mariadb() {
    let server = mysql_server::shared().await;
    let store = MySqlStore::connect(&mariadb(&server).await).await;
    let store = store.expect("a database");
    store.migrate().await.expect("the tables");
    store.check().await.expect("tables that fit");
    judge(&store).await;
    run(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_belong_to_tenants_on_secantusdb() {
    let server = mongodb_server::shared().await;
    let store = MongoStore::connect(&secantusdb(&server)).await;
    let store = store.expect("a database");
    store.migrate().await.expect("the indexes");
    store.check().await.expect("indexes that serve");
    judge(&store).await;
    run(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_belong_to_tenants_on_sea_orm() {
    let (database, server) = (Database::new(), server::shared().await);
    for url in [database.url(), postgresql(&server).await] {
        let connection = sea_orm::Database::connect(url).await.expect("a database");
        let store = SeaOrmStore::new(connection).expect("a store");
        store.migrate().await.expect("the tables");
        store.check().await.expect("tables that fit");
        run(store).await;
    }
}
