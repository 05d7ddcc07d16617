//! Lists in native arrays, of tables that others have made and of new ones, by sqlx and by SeaORM.

use serde_json::{Value as Json, json};
use users_runtime::{
    PasswordHash, UserModel, Users,
    store::{PostgresStore, SchemaError, StoreError, UserSearch, UserStore},
    value::Viewer,
};
use uuid::Uuid;

use crate::support::{empty, migrated, run};

const SECRET: &str = "a secret of the tests, long enough for HS256";

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "author", backend(name = "db", transport = bearer, strategy = database))]
struct Author {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(array, default = vec!["it's".to_owned(), "a\\".to_owned()])]
    tags: Vec<String>,
    #[fastapi_users(array)]
    names: Option<Vec<String>>,
    #[fastapi_users(array, default)]
    years: Vec<i32>,
    #[fastapi_users(array, default)]
    friends: Vec<Uuid>,
    #[fastapi_users(array, default)]
    shares: Vec<f64>,
    #[fastapi_users(default)]
    notes: Vec<String>,
}

/// Made by another program.
const TABLE: &str = "
    CREATE TABLE author (
        id UUID PRIMARY KEY, email VARCHAR(320) NOT NULL UNIQUE, hashed_password VARCHAR(1024) NOT NULL,
        is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL,
        tags TEXT[] NOT NULL, names VARCHAR[], years INTEGER[] NOT NULL, friends UUID[] NOT NULL,
        shares DOUBLE PRECISION[] NOT NULL, notes JSONB NOT NULL
    );
    INSERT INTO author VALUES ('36102973-63ab-4b7b-80a1-0ca4f70f8d9d', 'kate@example.com', '$argon2id$x', TRUE, FALSE, FALSE,
        ARRAY['x,\"y', 'NULL', ''], NULL, '{1,-2}', ARRAY['36102973-63ab-4b7b-80a1-0ca4f70f8d9d']::UUID[], '{0.5}', '[\"n\"]');
";

/// The lists of a user, as a client is shown them.
fn lists(author: &Author) -> Json {
    let shown = serde_json::to_value(author.read_as(Viewer::Owner)).expect("JSON");
    let names = ["tags", "names", "years", "friends", "shares", "notes"];
    names.iter().map(|name| shown[name].clone()).collect()
}

/// Reads, writes, changes, sets and searches lists.
async fn lives(users: &Users<Author>) {
    let kate = users.find_by_email("kate@example.com").await;
    let kate = kate.expect("an answer").expect("a user");
    let own = json!([kate.id]);
    let stored = json!([["x,\"y", "NULL", ""], null, [1, -2], own, [0.5], ["n"]]);
    assert_eq!(lists(&kate), stored);

    let body = json!({
        "email": "jo@example.com", "password": "battery staple", "tags": ["{a}", "b\"c\\", " "], "names": [],
        "years": [i32::MAX, i32::MIN], "friends": own, "shares": [], "notes": ["m"],
    });
    let create = serde_json::from_value(body.clone()).expect("a registration");
    let jo = users.create(create, None).await.expect("a new user");
    let expected: Json = ["tags", "names", "years", "friends", "shares", "notes"]
        .iter()
        .map(|name| body[name].clone())
        .collect();
    assert_eq!(lists(&jo), expected);
    let again = users.find(&jo.id).await.expect("an answer").expect("jo");
    assert_eq!(lists(&again), expected);

    let update = json!({ "tags": [], "names": ["Jo"], "years": [7] });
    let update = serde_json::from_value(update).expect("an update");
    let jo = users.update(&jo, update, None, None).await.expect("jo");
    assert_eq!(lists(&jo), json!([[], ["Jo"], [7], own, [], ["m"]]));
    let set = users.set(&jo, Author::NAMES, None).await.expect("jo");
    assert_eq!(set.names, None);
    let tags = vec!["a".to_owned(), "b".to_owned()];
    let set = users.set(&jo, Author::TAGS, tags.clone()).await;
    assert_eq!(set.expect("jo").tags, tags);

    for (search, found) in [
        (UserSearch::new().field(Author::TAGS, tags), true),
        (
            UserSearch::new().field(Author::TAGS, vec!["a".to_owned()]),
            false,
        ),
        (
            UserSearch::new()
                .field(Author::NAMES, None)
                .is_active(true)
                .email("jo"),
            true,
        ),
        (UserSearch::new().field(Author::YEARS, vec![7]), true),
        (
            UserSearch::new()
                .field(Author::FRIENDS, vec![kate.id])
                .email("jo"),
            true,
        ),
    ] {
        let listed = users.search(&search).await.expect("a list");
        let listed: Vec<_> = listed.iter().map(|author| author.id).collect();
        assert_eq!(listed == [jo.id], found, "{search:?}: {listed:?}");
    }
    let json = UserSearch::new().field(Author::NOTES, Vec::new());
    assert!(users.search(&json).await.is_err(), "JSON");
    // No text of PostgreSQL has it.
    let refused = users.set(&jo, Author::TAGS, vec!["\0".to_owned()]).await;
    assert!(refused.is_err(), "{refused:?}");
    users.delete(&jo, None).await.expect("deleted");
}

fn built(store: impl UserStore<Author>) -> Users<Author> {
    let users = Users::builder(store, SECRET);
    users.build().expect("a sound configuration")
}

#[tokio::test]
async fn arrays_of_a_table_that_others_have_made_are_read_written_and_searched() {
    let store = empty::<Author>().await;
    run(&store, TABLE).await;
    store.migrate().await.expect("what is missing");
    store.check().await.expect("a table that is served");
    let users = built(Clone::clone(&*store));
    lives(&users).await;
    let findings = users.doctor().await.expect("an answer").expect("findings");
    let codes: Vec<_> = findings
        .iter()
        .map(users_runtime::store::Finding::code)
        .collect();
    assert_eq!(codes, ["unreadable_hashes"], "{findings:?}");

    #[cfg(feature = "sea-orm")]
    {
        let connection = sea_orm::Database::connect(&store.url).await;
        let store = users_runtime::store::SeaOrmStore::new(connection.expect("a database"));
        let store = store.expect("a store");
        store.check().await.expect("a table that is served");
        lives(&built(store)).await;
    }
}

#[tokio::test]
async fn new_columns_are_arrays_with_the_default_for_rows_that_are_there() {
    let store = empty::<Author>().await;
    run(&store, TABLE).await;
    run(&store, "ALTER TABLE author DROP tags, DROP years").await;
    store.migrate().await.expect("new columns");
    store.check().await.expect("a table that is served");
    let kate = store.find_by_email("kate@example.com").await;
    let kate = kate.expect("an answer").expect("a user");
    assert_eq!(kate.tags, ["it's", "a\\"]);
    assert!(kate.years.is_empty(), "{kate:?}");

    let new = migrated::<Author>().await;
    new.check().await.expect("new tables");
    let types: Vec<String> = sqlx::query_scalar(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'author'::regclass \
         AND attname IN ('tags', 'years', 'friends', 'notes') ORDER BY attname",
    )
    .fetch_all(new.pool())
    .await
    .expect("types");
    assert_eq!(types, ["uuid[]", "json", "text[]", "integer[]"]);
}

/// The same table for a field that is not declared as an array.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "author", backend(name = "db", transport = bearer, strategy = database))]
struct Undeclared {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(default)]
    tags: Vec<String>,
    #[fastapi_users(array, default)]
    years: Vec<i64>,
}

#[tokio::test]
async fn the_check_says_how_to_declare_an_array_and_which_type_it_needs() {
    let store = empty::<Author>().await;
    run(&store, TABLE).await;
    let other = PostgresStore::<Undeclared>::connect(&store.url).await;
    let checked = other.expect("a database").check().await;
    let Err(SchemaError::Mismatch(problems)) = checked else {
        panic!("{checked:?}")
    };
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let is_told = |what: &[&str]| {
        told.iter()
            .any(|line| what.iter().all(|part| line.contains(part)))
    };
    assert!(
        is_told(&["`author.tags`", "text[]", "fastapi_users(array)"]),
        "{told:?}"
    );
    assert!(
        is_told(&["`author.years`", "integer[]", "BIGINT[]"]),
        "{told:?}"
    );
}

#[tokio::test]
async fn an_item_that_is_missing_makes_the_user_unreadable() {
    let store = empty::<Author>().await;
    run(&store, TABLE).await;
    store.migrate().await.expect("what is missing");
    run(&store, "UPDATE author SET years = '{1,NULL}'").await;
    let found = store.find_by_email("kate@example.com").await;
    let error = found.expect_err("no number");
    assert!(matches!(&error, StoreError::Row(_)), "{error:?}");
    assert!(
        error.to_string().contains("years") || format!("{error:?}").contains("years"),
        "{error:?}"
    );
}
