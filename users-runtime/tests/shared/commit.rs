//! A constraint that is judged when the transaction ends.

use users_runtime::store::{StoreError, UserStore as _};

use crate::{
    failures::DEFERRED,
    support::{User, migrated, run, values},
};

#[tokio::test]
async fn a_commit_that_fails_is_not_a_success() {
    let store = migrated::<User>().await;
    // A deferred foreign key is judged by the commit, after the row was returned.
    run(&store, DEFERRED).await;
    assert!(matches!(
        store.insert(values::<User>("ada@example.com")).await,
        Err(StoreError::Database(_))
    ));
    let found = store.find_by_email("ada@example.com").await;
    assert!(found.expect("an answer").is_none());
}
