//! E-mail addresses: found and unique without regard to case.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{
    bench::{Bench, outcome, refused, text},
    report::{Failed, ensure},
};
use crate::{model::UserModel, store::StoreError, value::Role};

pub(super) async fn finds_without_regard_to_case<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    bench.user("bob@example.com").await?;
    bench.user("Ada.Lovelace@Example.com").await?;
    for email in [
        "Ada.Lovelace@Example.com",
        "ada.lovelace@example.com",
        "ADA.LOVELACE@EXAMPLE.COM",
    ] {
        let Some(user) = bench.store.find_by_email(email).await? else {
            return Err(Failed(format!("`{email}` is not found")));
        };
        ensure!(
            user.account().email == "Ada.Lovelace@Example.com",
            "stored case is lost: {}",
            user.account().email
        );
    }
    Ok(())
}

pub(super) async fn finds_nothing_for_what_only_resembles<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    bench.user("ada@example.com").await?;
    bench.user("josé@example.com").await?;
    for email in [
        "",
        "ada@example.co",
        "%",
        "___@example.com",
        "ada@example.com ",
        " ada@example.com",
        "a.a@example.com",
        "ada@example.com\0",
        "jose@example.com",
        "' OR ''='",
    ] {
        ensure!(
            bench.store.find_by_email(email).await?.is_none(),
            "{email:?} finds a user"
        );
    }
    Ok(())
}

pub(super) async fn refuses_an_address_that_is_taken<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("Ada@example.com").await?;
    for email in ["Ada@example.com", "ada@example.com", "ADA@EXAMPLE.COM"] {
        refused!(bench.user(email).await, StoreError::EmailTaken);
    }
    let found = bench.store.find_by_email("ada@example.com").await?;
    ensure!(
        found.is_some_and(|user| user.account().id == ada.account().id),
        "another user has the address now"
    );
    Ok(())
}

pub(super) async fn refuses_a_change_to_an_address_that_is_taken<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    let id = bob.account().id;
    for email in ["ada@example.com", "ADA@example.com"] {
        let changes = vec![
            text::<U>(Role::Email, email),
            text::<U>(Role::HashedPassword, "changed"),
        ];
        refused!(
            bench.store.update(id, changes, None).await,
            StoreError::EmailTaken
        );
    }
    let stored = bench.stored(id).await?;
    ensure!(
        stored.account().hashed_password.expose() == "$argon2id$hash",
        "a refused update changed another column"
    );
    let own = bench
        .store
        .update(id, vec![text::<U>(Role::Email, "BOB@example.com")], None)
        .await?;
    ensure!(
        own.account().email == "BOB@example.com",
        "the own address in other capitals was not stored"
    );
    Ok(())
}

pub(super) async fn frees_the_address_of_a_deleted_user<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    bench.store.delete(ada.account().id).await?;
    bench.user("ADA@example.com").await?;
    Ok(())
}

pub(super) async fn lets_one_of_many_concurrent_registrations_win<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let mut registrations = JoinSet::new();
    for number in 0..32_u32 {
        // Thirty-two of the ways to write the five letters in capitals or not.
        let name =
            "alice"
                .chars()
                .enumerate()
                .map(|(position, letter)| match number >> position & 1 {
                    0 => letter,
                    _ => letter.to_ascii_uppercase(),
                });
        let values = bench.values(&format!("{}@example.com", name.collect::<String>()));
        let store = Arc::clone(&bench.store);
        registrations.spawn(async move { store.insert(values).await });
    }
    let mut winners = 0;
    for result in registrations.join_all().await {
        match result {
            Ok(_) => winners += 1,
            Err(StoreError::EmailTaken) => {}
            other => {
                return Err(Failed(format!(
                    "expected EmailTaken, got {}",
                    outcome(&other)
                )));
            }
        }
    }
    ensure!(winners == 1, "{winners} of 32 registrations won");
    Ok(())
}
