//! Accounts at providers, in the documents of their users.

use mongodb::bson::{Bson, Document, doc};
use users_runtime::{
    UserModel,
    store::{OAuthAccount, OAuthAccountStore as _, StoreError},
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
