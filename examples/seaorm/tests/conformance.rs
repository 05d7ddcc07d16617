//! The test suite for stores, with the application's own entities.

#[path = "../src/entity/mod.rs"]
mod entity;

use std::sync::Arc;

use entity::{post, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, Database, EntityTrait, ModelTrait, Schema,
};
use users_runtime::{
    SeaOrmStore, UserModel, async_trait,
    conformance::{self, Stores},
    store::{ColumnValue, UserStore},
    value::{Column, Role, Value},
};
use uuid::Uuid;

type Store = SeaOrmStore<user::Model>;

/// A store in memory, whose users' table is made by the store or by SeaORM.
async fn store(by_entity: bool) -> Store {
    let database = Database::connect("sqlite::memory:")
        .await
        .expect("a database");
    let schema = Schema::new(database.get_database_backend());
    if by_entity {
        database
            .execute(&schema.create_table_from_entity(user::Entity))
            .await
            .expect("a table");
    }
    let store = SeaOrmStore::new(database.clone()).expect("a store");
    store.migrate().await.expect("tables");
    store.check().await.expect("tables that fit");
    database
        .execute(&schema.create_table_from_entity(post::Entity))
        .await
        .expect("a table");
    store
}

struct Stored {
    by_entity: bool,
}

#[async_trait]
impl Stores<user::Model> for Stored {
    async fn fresh(&self) -> Arc<dyn UserStore<user::Model>> {
        Arc::new(store(self.by_entity).await)
    }
}

/// A new user by way of the user system.
async fn stored(store: &Store, id: Uuid) -> user::Model {
    let value = |(column, description): (usize, &Column)| {
        let value = match description.role {
            Role::Id => Value::Uuid(id),
            Role::Email => Value::Text("ada@example.com".into()),
            Role::HashedPassword => Value::Text("$argon2id$hash".into()),
            Role::Extra => Value::Text("Ada".into()),
            _ => Value::Bool(true),
        };
        ColumnValue { column, value }
    };
    store
        .insert(user::Model::COLUMNS.iter().enumerate().map(value).collect())
        .await
        .expect("a new user")
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_the_store_made_conform() {
    conformance::run_for(&Stored { by_entity: false })
        .await
        .assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_were_made_from_the_entities_conform() {
    conformance::run_for(&Stored { by_entity: true })
        .await
        .assert();
}

#[tokio::test]
async fn what_the_user_system_stores_the_entities_read_and_the_other_way_around() {
    let store = store(false).await;
    let database = store.connection();
    let ada = stored(&store, Uuid::from_u128(1)).await;
    assert_eq!(
        user::Entity::find_by_id(ada.id)
            .one(database)
            .await
            .expect("an answer"),
        Some(ada.clone())
    );

    let bob = user::Model {
        id: Uuid::from_u128(2),
        email: "bob@example.com".into(),
        ..ada.clone()
    };
    user::Entity::insert(user::ActiveModel::from(bob.clone()))
        .exec(database)
        .await
        .expect("a new user");
    assert_eq!(
        store
            .find_by_email("BOB@example.com")
            .await
            .expect("an answer"),
        Some(bob.clone())
    );
    let mut change = user::ActiveModel::from(bob.clone());
    change.hashed_password = Set(users_runtime::PasswordHash::new("$argon2id$new"));
    change.update(database).await.expect("changed");
    let found = store.find(&bob.id).await.expect("an answer").expect("bob");
    assert_eq!(found.hashed_password.expose(), "$argon2id$new");
}

#[tokio::test]
async fn posts_belong_to_users_and_go_with_them() {
    let store = store(false).await;
    let database = store.connection();
    let ada = stored(&store, Uuid::from_u128(1)).await;
    let post = post::ActiveModel {
        author_id: Set(ada.id),
        title: Set("Hello".into()),
        ..Default::default()
    };
    post.insert(database).await.expect("a post");
    let orphan = post::ActiveModel {
        author_id: Set(Uuid::from_u128(2)),
        title: Set("?".into()),
        ..Default::default()
    };
    orphan.insert(database).await.expect_err("a post of nobody");
    let titles = ada
        .find_related(post::Entity)
        .all(database)
        .await
        .expect("posts");
    assert_eq!(
        titles
            .into_iter()
            .map(|post| post.title)
            .collect::<Vec<_>>(),
        ["Hello"]
    );
    store.delete(&ada.id).await.expect("deleted");
    assert!(
        post::Entity::find()
            .one(database)
            .await
            .expect("an answer")
            .is_none()
    );
}
