//! Names that the server would cut.

use crate::{
    long::{LongNamed, are_made_and_served},
    support::empty,
};

/// The names that are too long end with the first digits of their SHA-256.
const INDEXES: [&str; 8] = [
    "ix_ttttttttttttttttttttttttttttttttttttttttttttttttttt_052ae81c",
    "ix_ttttttttttttttttttttttttttttttttttttttttttttttttttt_150c222b",
    "ix_ttttttttttttttttttttttttttttttttttttttttttttttttttt_2bc2dce9",
    "ix_ttttttttttttttttttttttttttttttttttttttttttttttttttt_42a8ec82",
    "ix_ttttttttttttttttttttttttttttttttttttttttttttttttttt_7a6039f3",
    "ix_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu_16ef24e6",
    "ix_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu_94eca8f6",
    "uq_ttttttttttttttttttttttttttttttttttttttttttttttttttt_03fff273",
];

#[tokio::test]
async fn tables_with_the_longest_names_have_every_index() {
    let store = empty::<LongNamed>().await;
    are_made_and_served(&store).await;
    let sql = "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%pkey%' ORDER BY 1";
    let names: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("names");
    assert_eq!(names, INDEXES);
}
