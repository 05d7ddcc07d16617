//! Users within transactions of the driver.

use mongodb::{
    ClientSession, Collection, IndexModel,
    bson::{Document, doc},
    options::IndexOptions,
};
use users_runtime::{
    Error, HookError, PasswordHash, RequestParts, UserModel, Users, UsersBuilder,
    errors::{RegisterError, UpdateError},
    store::{MongoStore, StoreError},
    users::UsersTransaction,
};

use crate::{
    applications::{Conflicts, Owner, OwnerCreate, hold},
    delete::{WITH_TRANSACTIONS, fail, failing},
    support::{count, migrated},
};

async fn begin<U: UserModel>(store: &MongoStore<U>) -> ClientSession {
    let mut session = unbegun(store).await;
    session.start_transaction().await.expect("a replica set");
    session
}

/// A session that is in no transaction.
async fn unbegun<U: UserModel>(store: &MongoStore<U>) -> ClientSession {
    let client = store.database().client();
    client.start_session().await.expect("a server")
}

fn builder<U: UserModel>(store: &MongoStore<U>) -> UsersBuilder<U> {
    Users::builder(
        store.clone(),
        "a secret of the tests, long enough for HS256",
    )
}

fn users(store: &MongoStore<Owner>) -> Users<Owner> {
    builder(store).build().expect("a sound configuration")
}

fn owner(email: &str) -> OwnerCreate {
    let sent = serde_json::json!({ "email": email, "password": "battery staple" });
    serde_json::from_value(sent).expect("a registration")
}

#[tokio::test]
async fn a_user_and_documents_of_the_application_are_stored_both_or_neither() {
    let database = migrated::<Owner>().await;
    let store = MongoStore::clone(&database);
    let one_company = IndexModel::builder()
        .keys(doc! { "company": 1 })
        .options(
            IndexOptions::builder()
                .unique(true)
                .partial_filter_expression(doc! { "company": { "$type": "string" } })
                .build(),
        )
        .build();
    let owners: Collection<Document> = store.database().collection("owner");
    owners.create_index(one_company).await.expect("an index");
    let organisations: Collection<Document> = store.database().collection("organisation");
    let created = store.database().create_collection("organisation").await;
    created.expect("a collection");
    hold(
        store.clone(),
        Conflicts::Abort,
        async || begin(&store).await,
        async |session| {
            let organisation = doc! { "name": "ACME" };
            let found = organisations.insert_one(organisation).session(session);
            found.await.expect("a document");
        },
        async || i64::try_from(count(&store, "organisation").await).expect("a few"),
    )
    .await;
}

/// Fails, and nothing is stored.
async fn is_refused(users: &Users<Owner>, session: ClientSession) -> String {
    let mut transaction = users.within(session).expect("a session");
    let refused = transaction.create(owner("ada@example.com"), None).await;
    let Err(RegisterError::Failed(error)) = refused else {
        panic!("{refused:?}");
    };
    let unsound = transaction.commit().await;
    assert!(unsound.is_err(), "{unsound:?}");
    let ada = users.find_by_email("ada@example.com").await;
    assert!(ada.expect("an answer").is_none());
    format!("{error:?}")
}

#[tokio::test]
async fn a_session_that_is_in_no_transaction_is_refused() {
    let store = migrated::<Owner>().await;
    let users = users(&store);
    let why = is_refused(&users, unbegun(&store).await).await;
    assert!(why.contains("call `start_transaction()`"), "{why}");

    let mut ended = begin(&store).await;
    ended.commit_transaction().await.expect("a server");
    is_refused(&users, ended).await;

    // What follows a commit of the application's own would be stored at once.
    let mut transaction = users.within(begin(&store).await).expect("a session");
    let bob = transaction.create(owner("bob@example.com"), None).await;
    bob.expect("a new user");
    let mut session = transaction.connection().await;
    session.commit_transaction().await.expect("a server");
    drop(session);
    let late = transaction.create(owner("cy@example.com"), None).await;
    assert!(matches!(late, Err(RegisterError::Failed(_))), "{late:?}");
    drop(transaction);
    let cy = users.find_by_email("cy@example.com").await;
    assert!(cy.expect("an answer").is_none());
}

#[tokio::test]
async fn a_session_of_another_client_is_refused() {
    let store = migrated::<Owner>().await;
    let other = MongoStore::<Owner>::connect(&store.url).await;
    let other = other.expect("a database");
    is_refused(&users(&store), begin(&other).await).await;
}

#[tokio::test]
async fn a_server_without_transactions_is_reported() {
    let (_server, store) = failing::<Owner>(WITH_TRANSACTIONS).await;
    // What a server that is no member of a replica set answers; SecantusDB has transactions in any case.
    fail(&store, "find", 0, 1, doc! { "errorCode": 20 }).await;
    let why = is_refused(&users(&store), begin(&store).await).await;
    assert!(why.contains("a replica set or a sharded cluster"), "{why}");
}

#[tokio::test]
async fn a_number_that_another_program_has_given_does_not_end_a_transaction() {
    let store = migrated::<Owner>().await;
    let users = users(&store);
    let ada = users.create(owner("ada@example.com"), None).await;
    let ada = ada.expect("a new user");
    let other = doc! {
        "_id": ada.id + 1, "email": "other@example.com", "hashed_password": "h",
        "is_active": true, "is_superuser": false, "is_verified": false,
    };
    let owners: Collection<Document> = store.database().collection("owner");
    owners.insert_one(other).await.expect("a document");
    let mut transaction = users.within(begin(&store).await).expect("a session");
    let bob = transaction.create(owner("bob@example.com"), None).await;
    assert_eq!(bob.expect("a new user").id, ada.id + 2);
    transaction.commit().await.expect("a commit");
    assert_eq!(count(&store, "owner").await, 3);
}

#[tokio::test]
async fn a_transaction_that_loses_against_another_one_can_be_begun_anew() {
    let store = migrated::<Owner>().await;
    let users = users(&store);
    let ada = users.create(owner("ada@example.com"), None).await;
    let ada = ada.expect("a new user");
    let set = async |transaction: &mut UsersTransaction<Owner, _>, company: &str| {
        let company = company.to_owned();
        let set = transaction.set(&ada, Owner::COMPANY, company).await;
        set.map(|ada| ada.company.expect("a company"))
    };
    let mut first = users.within(begin(&store).await).expect("a session");
    let mut second = users.within(begin(&store).await).expect("a session");
    set(&mut first, "first").await.expect("the user");
    let lost = set(&mut second, "second").await;
    let is_passing = matches!(
        &lost,
        Err(UpdateError::Failed(Error::Store(StoreError::Unavailable(
            _
        ))))
    );
    assert!(is_passing, "{lost:?}");
    assert!(second.commit().await.is_err());
    first.commit().await.expect("a commit");
    let mut again = users.within(begin(&store).await).expect("a session");
    let second = set(&mut again, "second").await;
    assert_eq!(second.expect("the user"), "second");
    again.commit().await.expect("a commit");
}

/// Users of several organisations, who share addresses.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "member", backend(name = "web", transport = bearer, strategy = jwt))]
struct Member {
    id: uuid::Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(tenant)]
    workspace: String,
}

fn member() -> MemberCreate {
    let sent = serde_json::json!({ "email": "ada@example.com", "password": "battery staple" });
    serde_json::from_value(sent).expect("a registration")
}

#[tokio::test]
async fn users_of_a_tenant_are_looked_up_in_the_transaction() {
    let store = migrated::<Member>().await;
    let no_request = |_: &RequestParts| Err::<String, HookError>("there are no requests".into());
    let all = builder(&store).tenant(no_request).build();
    let all = all.expect("a sound configuration");
    for workspace in ["acme", "globex"] {
        let users = all.in_tenant(&workspace.to_owned());
        let mut transaction = users.within(begin(&store).await).expect("a session");
        let created = transaction.create(member(), None).await;
        let created = created.expect("a new user");
        let found = transaction.find_by_email("ada@example.com").await;
        assert_eq!(
            found.expect("an answer").map(|ada| ada.id),
            Some(created.id)
        );
        let taken = transaction.create(member(), None).await;
        assert!(matches!(taken, Err(RegisterError::EmailTaken)), "{taken:?}");
        transaction.commit().await.expect("a commit");
    }
    assert_eq!(count(&store, "member").await, 2);
}
