//! UUIDs as clients of old have stored them: binaries of subtype 3.

use std::process::Command;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use mongodb::bson::{Binary, Bson, Document, UuidRepresentation, doc};
use tower::ServiceExt as _;
use users_runtime::{
    PasswordHash, UserModel, Users, random_secret,
    store::{
        AccessTokenStore as _, Administration as _, Finding, FindingKind, MongoStore,
        OAuthAccountStore as _, SchemaError, SchemaProblem, UserStore as _,
    },
};
use uuid::Uuid;

use crate::{
    server::programs,
    support::{Database, migrated},
};

#[derive(Clone, Debug, PartialEq, UserModel)]
#[fastapi_users(table = "User", backend(name = "db", transport = bearer, strategy = database))]
pub(crate) struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub tenant: Option<Uuid>,
    pub ratio: Option<f64>,
}

const ADA: Uuid = Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
const TENANT: Uuid = Uuid::from_u128(0xaf18_f25c_dbb9_4aa1_b7e8_b56b_dea9_7b86);

/// A UUID as a client with this representation stores it.
fn stored(uuid: Uuid, representation: UuidRepresentation) -> Binary {
    Binary::from_uuid_with_representation(
        mongodb::bson::Uuid::from_bytes(uuid.into_bytes()),
        representation,
    )
}

fn legacy(uuid: Uuid) -> Binary {
    stored(uuid, UuidRepresentation::PythonLegacy)
}

/// Ada with a token and an account, and Bob, whose UUIDs are stored as they should be.
async fn written(database: &Database<User>, id: Binary, tenant: Binary) {
    let first = stored(Uuid::from_u128(1), UuidRepresentation::Standard);
    let bob = doc! {
        "_id": first.clone(), "email": "bob@example.com", "hashed_password": "$argon2id$x", "is_active": true, "is_superuser": false,
        "is_verified": false, "tenant": first,
    };
    let ada = doc! {
        "_id": id.clone(), "email": "ada@example.com", "hashed_password": "$argon2id$x", "is_active": true, "is_superuser": false,
        "is_verified": false, "tenant": tenant, "ratio": 7.0, "oauth_accounts": [{ "oauth_name": "google", "access_token": "t",
        "account_id": "1", "account_email": "x@y.z" }],
    };
    let token =
        doc! { "token": "a-token", "user_id": id, "created_at": mongodb::bson::DateTime::now() };
    for (collection, document) in [("User", bob), ("User", ada), ("AccessToken", token)] {
        database
            .database()
            .collection::<Document>(collection)
            .insert_one(document)
            .await
            .expect("stored");
    }
}

async fn mismatch(database: &Database<User>) -> Vec<SchemaProblem> {
    match database.check().await {
        Err(SchemaError::Mismatch(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

/// The script of the guide that converts them.
fn script() -> &'static str {
    let page = include_str!("../../src/docs/coming-from-fastapi-users.md");
    let (_, section) = page
        .split_once("\n## Legacy UUIDs in MongoDB\n")
        .expect("the section");
    let (_, script) = section.split_once("\n```python\n").expect("a script");
    script.split_once("\n```\n").expect("the script's end").0
}

#[tokio::test]
async fn they_are_told_with_what_to_do() {
    let database = migrated::<User>().await;
    written(&database, legacy(ADA), legacy(TENANT)).await;
    let found = database.find(&ADA).await;
    assert!(
        !matches!(found, Ok(Some(_))),
        "it is found and read, so that nothing needs to be told"
    );
    let problems = mismatch(&database).await;
    let shown = problems
        .iter()
        .map(SchemaProblem::to_string)
        .collect::<Vec<_>>();
    let [id, tenant, owner] = &shown[..] else {
        panic!("{shown:?}")
    };
    assert!(
        id.starts_with(
            "column `User._id` is binData of subtype 3 where the field needs binData of subtype 4; "
        ),
        "{id}"
    );
    assert!(
        tenant.contains("`User.tenant`")
            && tenant.contains("`uuidRepresentation` than `standard`, e.g. `pythonLegacy`"),
        "{tenant}"
    );
    assert!(
        owner.contains("`AccessToken.user_id`") && owner.contains("delete these access tokens"),
        "{owner}"
    );
    assert!(
        matches!(database.migrate().await, Err(SchemaError::Mismatch(_))),
        "what cannot be found was taken over"
    );
    let findings = database.doctor().await.expect("an answer");
    let schema = findings
        .iter()
        .filter(|finding| finding.code() == "wrong_type")
        .map(Finding::to_string)
        .collect::<Vec<_>>();
    assert_eq!(schema, shown);
}

async fn status_with_token(database: &Database<User>) -> StatusCode {
    let store = MongoStore::<User>::connect(&database.url)
        .await
        .expect("a database");
    let users = Users::<User>::builder(store, random_secret())
        .accept_clear_tokens(true)
        .build()
        .expect("a system");
    let request = Request::get("/users/me")
        .header("authorization", "Bearer a-token")
        .body(Body::empty())
        .expect("a request");
    users
        .router()
        .with_state(users)
        .oneshot(request)
        .await
        .expect("an answer")
        .status()
}

#[tokio::test]
async fn a_token_whose_owner_was_not_converted_opens_nothing_and_is_told() {
    let database = migrated::<User>().await;
    let standard = |uuid| stored(uuid, UuidRepresentation::Standard);
    written(&database, standard(ADA), standard(TENANT)).await;
    assert_eq!(status_with_token(&database).await, StatusCode::OK);
    database.check().await.expect("documents that fit");
    let tokens = database.database().collection::<Document>("AccessToken");
    for owner in [
        Some(Bson::from(legacy(ADA))),
        Some(ADA.to_string().into()),
        Some(Bson::Null),
        None,
    ] {
        let unset = doc! { "$unset": { "user_id": "" } };
        let change = owner
            .as_ref()
            .map_or(unset, |owner| doc! { "$set": { "user_id": owner } });
        tokens.update_one(doc! {}, change).await.expect("changed");
        assert_eq!(
            status_with_token(&database).await,
            StatusCode::UNAUTHORIZED,
            "{owner:?}"
        );
        assert_eq!(
            database.find_token(&["a-token"]).await.expect("an answer"),
            None,
            "{owner:?}"
        );
        let problems = mismatch(&database).await;
        let [problem] = &problems[..] else {
            panic!("{owner:?}: {problems:?}")
        };
        assert_eq!(problem.table, "AccessToken");
        database
            .migrate()
            .await
            .expect("what tokens are like keeps nothing from migrating");
        let findings = database.doctor().await.expect("an answer");
        assert!(
            findings
                .iter()
                .any(|finding| finding.kind == FindingKind::Schema(problem.clone())),
            "{findings:?}"
        );
    }
}

#[tokio::test]
async fn a_uuid_of_another_length_is_none() {
    let database = migrated::<User>().await;
    let short = Binary {
        bytes: vec![7; 15],
        ..stored(TENANT, UuidRepresentation::Standard)
    };
    written(&database, stored(ADA, UuidRepresentation::Standard), short).await;
    let problems = mismatch(&database).await;
    let [problem] = &problems[..] else {
        panic!("{problems:?}")
    };
    assert!(
        problem.to_string().contains("is binData of 15 bytes where"),
        "{problem}"
    );
    assert!(
        database.find(&ADA).await.is_err(),
        "it is read, so that nothing needs to be told"
    );
}

#[tokio::test]
async fn the_documented_script_converts_them() {
    let database = migrated::<User>().await;
    written(&database, legacy(ADA), legacy(TENANT)).await;
    for _ in 0..2 {
        let output = Command::new(programs().join("python"))
            .args(["-c", script(), &database.url])
            .output()
            .expect("Python");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    database.check().await.expect("documents that fit");
    let ada = database
        .find(&ADA)
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(
        (&*ada.email, ada.tenant, ada.ratio),
        ("ada@example.com", Some(TENANT), Some(7.0))
    );
    assert_eq!(
        database
            .find_token(&["a-token"])
            .await
            .expect("an answer")
            .expect("a token")
            .user_id,
        ADA
    );
    assert_eq!(
        database
            .find_account("google", "1")
            .await
            .expect("an answer")
            .expect("an account")
            .user_id,
        ADA
    );
    assert!(
        database
            .doctor()
            .await
            .expect("an answer")
            .iter()
            .all(|finding| finding.code() == "unreadable_hashes")
    );
}
