//! Users and their tokens in MongoDB, thousands in a message.

use mongodb::{
    Database,
    bson::{DateTime, Document, doc},
};
use users_runtime::UserModel as _;
use users_tests::User;

use crate::{
    Result,
    fill::{HASH, email, token},
};

const BATCH: usize = 10_000;

/// Fills both collections.
pub(crate) async fn fill(database: &Database, users: u32) -> Result<()> {
    let (people, tokens) = (
        database.collection::<Document>(User::TABLE),
        database.collection::<Document>("AccessToken"),
    );
    let now = DateTime::now();
    for numbers in (1..=users).collect::<Vec<_>>().chunks(BATCH) {
        let ids = numbers
            .iter()
            .map(|number| (*number, mongodb::bson::Uuid::new()))
            .collect::<Vec<_>>();
        let user = |(number, id): &(u32, mongodb::bson::Uuid)| {
            doc! {
                "_id": *id, "email": email(*number), "hashed_password": HASH, "is_active": true, "is_superuser": false,
                "is_verified": false, "first_name": null, "note": null, "points": 0_i64,
            }
        };
        people
            .insert_many(ids.iter().map(user))
            .ordered(false)
            .await?;
        let token = |(number, id): &(u32, mongodb::bson::Uuid)| doc! { "token": token(*number), "created_at": now, "user_id": *id };
        tokens
            .insert_many(ids.iter().map(token))
            .ordered(false)
            .await?;
    }
    Ok(())
}
