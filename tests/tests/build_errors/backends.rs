//! Backends that contradict each other or their store.

use users_runtime::{
    BearerTransport, DatabaseStrategy, JwtStrategy, Users, async_trait,
    errors::BuildError,
    store::{AccessTokenStore, ColumnValue, Expected, StoreError, UserStore},
};
use users_tests::{SECRET, User};
use uuid::Uuid;

use crate::{Guest, backend, builder, keys, refused, store};

/// A store that keeps users, but no access tokens.
struct WithoutTokens;

#[async_trait]
impl UserStore<User> for WithoutTokens {
    async fn find(&self, _: &Uuid) -> Result<Option<User>, StoreError> {
        Ok(None)
    }

    async fn find_by_email(&self, _: &str) -> Result<Option<User>, StoreError> {
        Ok(None)
    }

    async fn insert(&self, _: Vec<ColumnValue>) -> Result<User, StoreError> {
        Err(StoreError::NotFound)
    }

    async fn update(
        &self,
        _: &Uuid,
        _: Vec<ColumnValue>,
        _: Option<Expected<'_>>,
    ) -> Result<User, StoreError> {
        Err(StoreError::NotFound)
    }

    async fn delete(&self, _: &Uuid) -> Result<(), StoreError> {
        Err(StoreError::NotFound)
    }

    fn access_tokens(&self) -> Option<&dyn AccessTokenStore<Uuid>> {
        None
    }
}

#[tokio::test]
async fn two_backends_are_not_one() {
    let error = refused(
        builder().backend(backend("jwt").prefix("/elsewhere")),
        &["`jwt`", "name of its own"],
    );
    assert!(
        matches!(&error, BuildError::DuplicateBackend(name) if name == "jwt"),
        "{error:?}"
    );
    let error = refused(
        builder()
            .backend(backend("a"))
            .backend(backend("a").prefix("/b")),
        &["`a`", "name of its own"],
    );
    assert!(
        matches!(&error, BuildError::DuplicateBackend(name) if name == "a"),
        "{error:?}"
    );
    let error = refused(
        builder().backend(backend("other").prefix("/auth/jwt")),
        &["`/auth/jwt`", "prefix of its own"],
    );
    assert!(
        matches!(&error, BuildError::DuplicatePrefix(prefix) if prefix == "/auth/jwt"),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_only_the_application_can_give_must_be_given() {
    let guests = || Users::<Guest>::builder(store(), SECRET);
    let error = refused(guests(), &["`fast`", ".strategy(\"fast\", …)"]);
    assert!(
        matches!(&error, BuildError::MissingStrategy(name) if name == "fast"),
        "{error:?}"
    );
    let error = refused(
        guests().strategy("fast", JwtStrategy::new(keys())),
        &["`own`", ".strategy(\"own\", …)"],
    );
    assert!(
        matches!(&error, BuildError::MissingStrategy(name) if name == "own"),
        "{error:?}"
    );
    let complete = guests()
        .strategy("fast", JwtStrategy::new(keys()))
        .strategy("own", DatabaseStrategy::new(store()));
    assert_eq!(
        complete
            .build()
            .expect("a sound configuration")
            .backends()
            .len(),
        2
    );
}

#[tokio::test]
async fn parts_are_given_to_backends_that_there_are() {
    let hints = ["`jwr`", "declare it", ".backend(…)"];
    for mistaken in [
        builder().strategy("jwr", JwtStrategy::new(keys())),
        builder().transport("jwr", BearerTransport::new()),
    ] {
        let error = refused(mistaken, &hints);
        assert!(
            matches!(&error, BuildError::UnknownBackend(name) if name == "jwr"),
            "{error:?}"
        );
    }
    // An added backend has its parts already.
    let error = refused(
        builder()
            .backend(backend("jwr"))
            .transport("jwr", BearerTransport::new()),
        &["`jwr`"],
    );
    assert!(
        matches!(&error, BuildError::UnknownBackend(name) if name == "jwr"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_store_without_tokens_serves_no_database_backend() {
    let error = refused(
        Users::<User>::builder(WithoutTokens, SECRET),
        &["`db`", "access tokens", "`.strategy(\"db\", …)`"],
    );
    assert!(
        matches!(&error, BuildError::NoAccessTokens(name) if name == "db"),
        "{error:?}"
    );
    let other =
        Users::<User>::builder(WithoutTokens, SECRET).strategy("db", JwtStrategy::new(keys()));
    other.build().expect("another strategy needs none");
}
