//! OAuth accounts, in stores that hold them.

use super::{
    bench::{Bench, refused},
    report::{Failed, ensure},
};
use crate::{
    model::UserModel,
    store::{OAuthAccount, OAuthAccountStore, StoreError},
};

/// Beyond the 1024 characters that the original has room for, and beyond 32 bits.
const LONG_TOKEN: usize = 5000;
const FAR_EXPIRY: i64 = 9_999_999_999;

fn account<U: UserModel>(user: &U, oauth_name: &str, account_id: &str) -> OAuthAccount<U::Id> {
    OAuthAccount {
        user_id: user.account().id.clone(),
        oauth_name: oauth_name.to_owned(),
        account_id: account_id.to_owned(),
        account_email: "Ada@Provider.example".to_owned(),
        access_token: "t".repeat(LONG_TOKEN),
        expires_at: Some(FAR_EXPIRY),
        refresh_token: Some("ré".to_owned()),
    }
}

fn accounts<'a, U: UserModel>(bench: &'a Bench<'_, U>) -> Option<&'a dyn OAuthAccountStore<U>> {
    bench.store.oauth_accounts()
}

pub(super) async fn are_found_as_stored<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(accounts) = accounts(bench) else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let plain = OAuthAccount {
        expires_at: None,
        refresh_token: None,
        ..account(&ada, "github", "1")
    };
    ensure!(
        !accounts.has_accounts(ada.account().id).await?,
        "a new user has an account"
    );
    for stored in [account(&ada, "google", "1"), plain] {
        accounts.insert_account(stored.clone()).await?;
        let found = accounts.find_account(&stored.oauth_name, "1").await?;
        ensure!(
            found.as_ref() == Some(&stored),
            "another account: {found:?}"
        );
    }
    for (name, id) in [("google", "2"), ("Google", "1"), ("facebook", "1")] {
        ensure!(
            accounts.find_account(name, id).await?.is_none(),
            "`{name}` {id} is linked to no user, but found"
        );
    }
    ensure!(
        accounts.has_accounts(ada.account().id).await?,
        "the user has no account"
    );
    let names: Vec<_> = accounts
        .accounts_of(ada.account().id)
        .await?
        .into_iter()
        .map(|account| account.oauth_name)
        .collect();
    ensure!(names == ["github", "google"], "other accounts: {names:?}");
    Ok(())
}

pub(super) async fn are_linked_once<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(accounts) = accounts(bench) else {
        return Ok(());
    };
    let (ada, bob) = (
        bench.user("ada@example.com").await?,
        bench.user("bob@example.com").await?,
    );
    accounts
        .insert_account(account(&ada, "google", "1"))
        .await?;
    refused!(
        accounts.insert_account(account(&bob, "google", "1")).await,
        StoreError::Conflict { .. }
    );
    refused!(
        accounts.insert_account(account(&ada, "google", "1")).await,
        StoreError::Conflict { .. }
    );
    let found = accounts.find_account("google", "1").await?;
    ensure!(
        found.is_some_and(|found| &found.user_id == ada.account().id),
        "the account has changed hands"
    );
    Ok(())
}

pub(super) async fn follow_the_provider<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(accounts) = accounts(bench) else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    accounts
        .insert_account(account(&ada, "google", "1"))
        .await?;
    let changed = OAuthAccount {
        access_token: "new".to_owned(),
        expires_at: None,
        refresh_token: None,
        account_email: "new@provider.example".to_owned(),
        ..account(&ada, "google", "1")
    };
    accounts.update_account(changed.clone()).await?;
    let found = accounts.find_account("google", "1").await?;
    ensure!(
        found.as_ref() == Some(&changed),
        "another account: {found:?}"
    );
    refused!(
        accounts.update_account(account(&ada, "google", "2")).await,
        StoreError::NotFound
    );
    Ok(())
}

pub(super) async fn keep_the_refresh_token_of_an_earlier_login<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(accounts) = accounts(bench) else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let first = account(&ada, "google", "1");
    for other in [account(&ada, "google", "2"), account(&ada, "github", "1")] {
        accounts.insert_account(other).await?;
    }
    accounts.insert_account(first.clone()).await?;
    let second = OAuthAccount {
        access_token: "new".to_owned(),
        expires_at: None,
        account_email: "new@provider.example".to_owned(),
        refresh_token: None,
        ..first.clone()
    };
    accounts.update_access_token(second.clone()).await?;
    let expected = OAuthAccount {
        refresh_token: first.refresh_token,
        ..second.clone()
    };
    let found = accounts.find_account("google", "1").await?;
    ensure!(found == Some(expected), "another account: {found:?}");
    for (name, id) in [("google", "2"), ("github", "1")] {
        let other = accounts.find_account(name, id).await?;
        ensure!(
            other == Some(account(&ada, name, id)),
            "another account has changed: {other:?}"
        );
    }
    let unknown = OAuthAccount {
        account_id: "3".to_owned(),
        ..second
    };
    refused!(
        accounts.update_access_token(unknown).await,
        StoreError::NotFound
    );
    Ok(())
}

pub(super) async fn come_with_their_user_or_not_at_all<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(accounts) = accounts(bench) else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let of_new = |user_id| OAuthAccount {
        user_id,
        ..account(&ada, "google", "1")
    };
    let bob = accounts
        .insert_user_with_account(bench.values("bob@example.com"), &of_new)
        .await?;
    let found = accounts.find_account("google", "1").await?;
    ensure!(
        found.is_some_and(|found| &found.user_id == bob.account().id),
        "the account is not the new user's"
    );
    let again = accounts
        .insert_user_with_account(bench.values("eve@example.com"), &of_new)
        .await;
    refused!(again, StoreError::Conflict { .. });
    ensure!(
        bench
            .store
            .find_by_email("eve@example.com")
            .await?
            .is_none(),
        "a user without the account was stored"
    );
    let taken = accounts
        .insert_user_with_account(bench.values("ADA@example.com"), &of_new)
        .await;
    refused!(taken, StoreError::EmailTaken);
    Ok(())
}

pub(super) async fn are_unlinked_by_their_user<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(accounts) = accounts(bench) else {
        return Ok(());
    };
    let (ada, bob) = (
        bench.user("ada@example.com").await?,
        bench.user("bob@example.com").await?,
    );
    accounts
        .insert_account(account(&ada, "google", "1"))
        .await?;
    let id = ada.account().id;
    ensure!(
        !accounts
            .delete_account(bob.account().id, "google", "1")
            .await?,
        "another user's account was unlinked"
    );
    ensure!(
        accounts.delete_account(id, "google", "1").await?,
        "the account was not there"
    );
    ensure!(
        !accounts.delete_account(id, "google", "1").await?,
        "the account was there twice"
    );
    ensure!(
        accounts.find_account("google", "1").await?.is_none(),
        "the account is still there"
    );
    Ok(())
}

pub(super) async fn go_with_their_user<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(accounts) = accounts(bench) else {
        return Ok(());
    };
    let (ada, bob) = (
        bench.user("ada@example.com").await?,
        bench.user("bob@example.com").await?,
    );
    accounts
        .insert_account(account(&ada, "google", "1"))
        .await?;
    accounts
        .insert_account(account(&bob, "google", "2"))
        .await?;
    bench.store.delete(ada.account().id).await?;
    ensure!(
        accounts.find_account("google", "1").await?.is_none(),
        "the account outlives its user"
    );
    ensure!(
        accounts.find_account("google", "2").await?.is_some(),
        "another user's account has gone"
    );
    Ok(())
}
