//! Storing, finding and deleting users.

use super::{
    bench::{Bench, refused},
    report::{Failed, ensure},
};
use crate::{model::UserModel, store::StoreError};

pub(super) async fn finds_by_id_what_was_stored<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("Ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    for (returned, email) in [(ada, "Ada@example.com"), (bob, "bob@example.com")] {
        let found = bench.stored(returned.account().id).await?;
        for user in [&returned, &found] {
            let account = user.account();
            ensure!(
                account.id == returned.account().id,
                "another id: {}",
                account.id
            );
            ensure!(account.email == email, "another address: {}", account.email);
            ensure!(
                account.hashed_password.expose() == "$argon2id$hash",
                "another hash"
            );
            ensure!(
                account.is_active && !account.is_superuser && !account.is_verified,
                "other flags: {} {} {}",
                account.is_active,
                account.is_superuser,
                account.is_verified
            );
        }
    }
    Ok(())
}

pub(super) async fn refuses_a_second_user_with_the_same_id<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    if U::new_id().is_none() {
        return Ok(());
    }
    let mut values = bench.values("ada@example.com");
    bench.store.insert(values.clone()).await?;
    let other = bench.values("bob@example.com");
    let email = super::bench::column::<U>(crate::value::Role::Email);
    values[email] = other[email].clone();
    refused!(
        bench.store.insert(values).await,
        StoreError::Conflict { .. }
    );
    ensure!(
        bench
            .store
            .find_by_email("bob@example.com")
            .await?
            .is_none(),
        "the refused user was stored"
    );
    Ok(())
}

pub(super) async fn assigns_a_new_id_to_every_user<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let first = bench.user("first@example.com").await?;
    let gone = bench.nobody().await?;
    let last = bench.user("last@example.com").await?;
    ensure!(
        first.account().id != last.account().id,
        "two users have one id"
    );
    ensure!(
        last.account().id != &gone,
        "the id of a deleted user, whose tokens may be about, was given to another"
    );
    Ok(())
}

pub(super) async fn deletes_once<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    bench.store.delete(ada.account().id).await?;
    ensure!(
        bench.store.find(ada.account().id).await?.is_none(),
        "a deleted user is found by id"
    );
    ensure!(
        bench
            .store
            .find_by_email("ada@example.com")
            .await?
            .is_none(),
        "a deleted user is found by address"
    );
    refused!(
        bench.store.delete(ada.account().id).await,
        StoreError::NotFound
    );
    bench.stored(bob.account().id).await?;
    Ok(())
}
