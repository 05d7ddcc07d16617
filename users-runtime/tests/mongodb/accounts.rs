//! Accounts at providers, in the documents of their users.

use mongodb::bson::{Bson, Document, doc};
use users_runtime::{
    PasswordHash, UserModel,
    store::{Expected, OAuthAccount, OAuthAccountStore as _, StoreError, UserStore as _},
};

use crate::support::{User, account, migrated, user};

#[tokio::test]
async fn an_account_is_linked_whatever_stands_for_none() {
    let store = migrated::<User>().await;
    let users = store.database().collection::<Document>("user");
    // A Beanie model whose list is `Optional` writes null.
    let none = [
        doc! { "$set": { "oauth_accounts": Bson::Null } },
        doc! { "$unset": { "oauth_accounts": "" } },
        doc! { "$set": { "oauth_accounts": [] } },
    ];
    for (number, none) in none.into_iter().enumerate() {
        let email = format!("user{number}@example.com");
        let id = user(&store, &email).await.account().id.clone();
        users
            .update_one(doc! { "email": &email }, none.clone())
            .await
            .expect("changed");
        assert!(store.accounts_of(&id).await.expect("an answer").is_empty());
        // What begins with a dollar sign is no name of a field.
        let access_token = "$email".to_owned();
        let first = OAuthAccount {
            access_token,
            ..account(id.clone(), &format!("first{number}"), "$$ROOT")
        };
        let second = account(id.clone(), &format!("second{number}"), "2");
        for linked in [&first, &second] {
            store.insert_account(linked.clone()).await.expect("linked");
        }
        assert_eq!(
            store.accounts_of(&id).await.expect("an answer"),
            [first.clone(), second],
            "{none}"
        );
        assert_eq!(
            store
                .find_account(&first.oauth_name, "$$ROOT")
                .await
                .expect("an answer"),
            Some(first.clone())
        );
        assert!(matches!(
            store.insert_account(first.clone()).await,
            Err(StoreError::Conflict { .. })
        ));
        assert!(
            store
                .delete_account(&id, &first.oauth_name, "$$ROOT")
                .await
                .expect("an answer")
        );
        let stored = users
            .find_one(doc! { "email": &email })
            .await
            .expect("an answer")
            .expect("a user");
        assert_eq!(
            stored.get_array("oauth_accounts").expect("accounts").len(),
            1
        );
    }
}

#[tokio::test]
async fn an_account_is_linked_only_while_its_user_is_as_expected() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let (now, other) = (ada.account(), PasswordHash::new("another"));
    let refused = [
        Expected::new().hash(&other),
        Expected::new().email("al@example.com"),
        Expected::new().active(!now.is_active),
        Expected::new().verified(!now.is_verified),
    ];
    let link = |expected| store.insert_account_if(account(now.id.clone(), "github", "1"), expected);
    for expected in refused {
        assert!(
            matches!(link(expected).await, Err(StoreError::Outdated)),
            "{expected:?}"
        );
        let found = store.find_account("github", "1").await;
        assert!(found.expect("an answer").is_none());
    }
    let as_read = Expected::new()
        .hash(now.hashed_password)
        .active(now.is_active);
    link(as_read).await.expect("linked");
    assert!(matches!(
        link(as_read).await,
        Err(StoreError::Conflict { .. })
    ));
    store.delete(now.id).await.expect("deleted");
    assert!(matches!(link(as_read).await, Err(StoreError::NotFound)));
}
