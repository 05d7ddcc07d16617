//! Changing users.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{
    bench::{Bench, outcome, refused, set, text},
    report::{Failed, ensure},
};
use crate::{
    model::UserModel,
    password::PasswordHash,
    store::{Expected, StoreError},
    value::{Role, Value},
};

pub(super) async fn sets_only_the_given_columns<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    let id = ada.account().id;
    // In another order than that of the columns.
    let changes = vec![
        set::<U>(Role::IsVerified, Value::Bool(true)),
        text::<U>(Role::Email, "Ada@example.org"),
    ];
    let updated = bench.store.update(id, changes, None).await?;
    for user in [&updated, &bench.stored(id).await?] {
        let account = user.account();
        ensure!(account.id == id, "another id: {}", account.id);
        ensure!(
            account.email == "Ada@example.org" && account.is_verified,
            "the changes are not there"
        );
        ensure!(
            account.hashed_password.expose() == "$argon2id$hash",
            "the hash has changed"
        );
        ensure!(
            account.is_active && !account.is_superuser,
            "another flag has changed"
        );
    }
    let other = bench.stored(bob.account().id).await?;
    ensure!(
        other.account().email == "bob@example.com" && !other.account().is_verified,
        "another user has changed"
    );
    Ok(())
}

pub(super) async fn without_changes_answer_with_the_user<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    let id = ada.account().id;
    let user = bench.store.update(id, Vec::new(), None).await?;
    ensure!(user.account().email == "ada@example.com", "another user");
    let wrong = PasswordHash::new("another");
    refused!(
        bench
            .store
            .update(id, Vec::new(), Some(Expected::new().hash(&wrong)))
            .await,
        StoreError::Outdated
    );
    // The same values again are a success, too.
    bench
        .store
        .update(id, vec![text::<U>(Role::Email, "ada@example.com")], None)
        .await?;
    Ok(())
}

pub(super) async fn of_nobody_are_refused<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let nobody = bench.nobody().await?;
    let hash = PasswordHash::new("$argon2id$hash");
    for changes in [
        vec![set::<U>(Role::IsVerified, Value::Bool(true))],
        Vec::new(),
    ] {
        refused!(
            bench.store.update(&nobody, changes.clone(), None).await,
            StoreError::NotFound
        );
        refused!(
            bench
                .store
                .update(&nobody, changes, Some(Expected::new().hash(&hash)))
                .await,
            StoreError::NotFound
        );
    }
    ensure!(
        bench.store.find(&nobody).await?.is_none(),
        "an update made a user"
    );
    Ok(())
}

pub(super) async fn with_an_outdated_hash_change_nothing<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    let id = ada.account().id;
    let change = || vec![text::<U>(Role::HashedPassword, "$argon2id$new")];
    for wrong in ["$argon2id$other", "$ARGON2ID$HASH", ""] {
        refused!(
            bench
                .store
                .update(
                    id,
                    change(),
                    Some(Expected::new().hash(&PasswordHash::new(wrong)))
                )
                .await,
            StoreError::Outdated
        );
    }
    ensure!(
        bench.stored(id).await?.account().hashed_password.expose() == "$argon2id$hash",
        "the hash has changed"
    );
    let updated = bench
        .store
        .update(
            id,
            change(),
            Some(Expected::new().hash(&PasswordHash::new("$argon2id$hash"))),
        )
        .await?;
    ensure!(
        updated.account().hashed_password.expose() == "$argon2id$new",
        "the hash has not changed"
    );
    Ok(())
}

pub(super) async fn with_an_outdated_address_change_nothing<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    let id = ada.account().id;
    let change = || vec![set::<U>(Role::IsVerified, Value::Bool(true))];
    for wrong in ["bob@example.com", "Ada@example.com", ""] {
        refused!(
            bench
                .store
                .update(id, change(), Some(Expected::new().email(wrong)))
                .await,
            StoreError::Outdated
        );
        refused!(
            bench
                .store
                .update(id, Vec::new(), Some(Expected::new().email(wrong)))
                .await,
            StoreError::Outdated
        );
    }
    ensure!(
        !bench.stored(id).await?.account().is_verified,
        "the user has changed"
    );
    let updated = bench
        .store
        .update(id, change(), Some(Expected::new().email("ada@example.com")))
        .await?;
    ensure!(updated.account().is_verified, "the user has not changed");
    Ok(())
}

pub(super) async fn with_several_conditions_want_all_of_them<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    let (id, hash) = (ada.account().id, PasswordHash::new("$argon2id$hash"));
    let other = PasswordHash::new("$argon2id$other");
    let met = Expected::new()
        .hash(&hash)
        .email("ada@example.com")
        .active(true)
        .verified(false)
        .superuser(false);
    let unmet = [
        met.hash(&other),
        met.email("bob@example.com"),
        met.active(false),
        met.verified(true),
        met.superuser(true),
    ];
    let change = || vec![set::<U>(Role::IsSuperuser, Value::Bool(true))];
    for expected in unmet {
        for changes in [change(), Vec::new()] {
            refused!(
                bench.store.update(id, changes, Some(expected)).await,
                StoreError::Outdated
            );
        }
    }
    ensure!(
        !bench.stored(id).await?.account().is_superuser,
        "the user has changed"
    );
    let updated = bench.store.update(id, change(), Some(met)).await?;
    ensure!(updated.account().is_superuser, "the user has not changed");
    Ok(())
}

pub(super) async fn of_different_fields_survive_each_other<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    for round in 0..8 {
        let user = bench.user(&format!("user{round}@example.com")).await?;
        let email = format!("new{round}@example.com");
        let changes = [
            set::<U>(Role::IsActive, Value::Bool(false)),
            set::<U>(Role::IsSuperuser, Value::Bool(true)),
            set::<U>(Role::IsVerified, Value::Bool(true)),
            text::<U>(Role::HashedPassword, "$argon2id$new"),
            text::<U>(Role::Email, &email),
        ];
        let mut updates = JoinSet::new();
        for change in changes {
            let (store, id) = (Arc::clone(&bench.store), user.account().id.clone());
            updates.spawn(async move { store.update(&id, vec![change], None).await });
        }
        for result in updates.join_all().await {
            result?;
        }
        let stored = bench.stored(user.account().id).await?;
        let account = stored.account();
        ensure!(
            !account.is_active && account.is_superuser && account.is_verified,
            "a flag's update was lost"
        );
        ensure!(
            account.hashed_password.expose() == "$argon2id$new",
            "the hash's update was lost"
        );
        ensure!(account.email == email, "the address's update was lost");
    }
    Ok(())
}

pub(super) async fn with_the_same_expected_hash_have_one_winner<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let user = bench.user("ada@example.com").await?;
    let mut updates = JoinSet::new();
    for number in 0..8 {
        let (store, id) = (Arc::clone(&bench.store), user.account().id.clone());
        let change = text::<U>(Role::HashedPassword, &format!("$argon2id${number}"));
        updates.spawn(async move {
            store
                .update(
                    &id,
                    vec![change],
                    Some(Expected::new().hash(&PasswordHash::new("$argon2id$hash"))),
                )
                .await
        });
    }
    let mut winners = Vec::new();
    for result in updates.join_all().await {
        match result {
            Ok(user) => winners.push(user.account().hashed_password.clone()),
            Err(StoreError::Outdated) => {}
            other => {
                return Err(Failed(format!(
                    "expected Outdated, got {}",
                    outcome(&other)
                )));
            }
        }
    }
    ensure!(winners.len() == 1, "{} of 8 updates won", winners.len());
    ensure!(
        bench
            .stored(user.account().id)
            .await?
            .account()
            .hashed_password
            == &winners[0],
        "the winner was overwritten"
    );
    Ok(())
}
