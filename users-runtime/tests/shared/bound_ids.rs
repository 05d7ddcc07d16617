//! UUIDs of users in statements of the application, on a database that has them as text.

use users_runtime::{UserModel as _, store::SqlUuid};

use crate::support::{User, migrated, run, user};

/// What MySQL runs of the comment is the form of the users' table, which a foreign key must have, too.
const NOTES: &str = "CREATE TABLE note (user_id CHAR(36) NOT NULL, text VARCHAR(50) NOT NULL, \
                     FOREIGN KEY (user_id) REFERENCES user (id)) \
                     /*! DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin */";

#[tokio::test]
async fn a_bound_uuid_refers_to_the_user_where_the_uuid_itself_does_not() {
    let store = migrated::<User>().await;
    run(&store, NOTES).await;
    let jo = user(&store, "jo@example.com").await;
    let (id, pool) = (jo.account().id.0, store.pool());
    let insert = "INSERT INTO note (user_id, text) VALUES (?, 'milk')";
    let refused = sqlx::query(insert).bind(id).execute(pool).await;
    assert!(refused.is_err(), "16 bytes match no user");
    let stored = sqlx::query(insert).bind(SqlUuid(id)).execute(pool).await;
    stored.expect("a row of the user");
    let read: SqlUuid = sqlx::query_scalar("SELECT user_id FROM note WHERE user_id = ?")
        .bind(Some(SqlUuid(id)))
        .fetch_one(pool)
        .await
        .expect("the row");
    assert_eq!(read, SqlUuid(id));
}
