//! The longest texts, and what cannot be stored.

use super::{
    bench::{Bench, column, refused, text},
    report::{Failed, ensure},
};
use crate::{
    model::UserModel,
    store::{ColumnValue, StoreError},
    value::{Role, Value},
};

/// An address of this number of code points, most of which take four bytes.
fn address(length: usize) -> String {
    format!("{}@example.com", "🦀".repeat(length - "@example.com".len()))
}

pub(super) async fn the_longest_texts_are_stored<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    for email in [
        address(320),
        "用户@例子.公司".to_owned(),
        "o'hara+\"tag\"\\@example.com".to_owned(),
    ] {
        let user = bench.user(&email).await?;
        let hash = "é".repeat(1024);
        bench
            .store
            .update(
                user.account().id,
                vec![text::<U>(Role::HashedPassword, &hash)],
                None,
            )
            .await?;
        let Some(found) = bench.store.find_by_email(&email).await? else {
            return Err(Failed(format!(
                "an address of {} code points is not found",
                email.chars().count()
            )));
        };
        ensure!(found.account().email == email, "the address has changed");
        ensure!(
            found.account().hashed_password.expose() == hash,
            "the hash has changed"
        );
    }
    Ok(())
}

pub(super) async fn what_cannot_be_stored_is_refused<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let ada = bench.user("ada@example.com").await?;
    let unfit = [
        (Role::Email, Value::Text(address(321))),
        (Role::Email, Value::Null),
        (Role::HashedPassword, Value::Text("x".repeat(1025))),
        (Role::IsActive, Value::Null),
    ];
    for (role, value) in unfit {
        let mut values = bench.values("bob@example.com");
        for slot in &mut values {
            if slot.column == column::<U>(role) {
                slot.value = value.clone();
            }
        }
        refused!(bench.store.insert(values).await, StoreError::Value { .. });
        let change = ColumnValue {
            column: column::<U>(role),
            value,
        };
        refused!(
            bench
                .store
                .update(ada.account().id, vec![change], None)
                .await,
            StoreError::Value { .. }
        );
    }
    ensure!(
        bench
            .store
            .find_by_email("bob@example.com")
            .await?
            .is_none(),
        "a refused user was stored"
    );
    ensure!(
        bench.stored(ada.account().id).await?.account().email == "ada@example.com",
        "a refused update was stored"
    );
    Ok(())
}

pub(super) async fn text_with_a_nul_is_kept_or_refused<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let email = "ada\0l@example.com";
    match bench.user(email).await {
        Ok(ada) => {
            let stored = bench.stored(ada.account().id).await?;
            ensure!(
                ada.account().email == email && stored.account().email == email,
                "the address has changed"
            );
            for form in [email, "ADA\0L@example.com"] {
                let found = bench.store.find_by_email(form).await?;
                ensure!(
                    found.is_some_and(|found| found.account().id == ada.account().id),
                    "{form:?} is not found"
                );
            }
        }
        Err(StoreError::Value { .. }) => {
            ensure!(
                bench.store.find_by_email(email).await?.is_none(),
                "a refused address was stored"
            );
        }
        Err(error) => return Err(error.into()),
    }
    for other in [
        "ada",
        "ada\0",
        "adal@example.com",
        "ada\0m@example.com",
        "ada\0l@example.com\0",
    ] {
        ensure!(
            bench.store.find_by_email(other).await?.is_none(),
            "{other:?} finds a user"
        );
    }
    keeps_or_refuses_a_hash_with_a_nul(bench).await
}

async fn keeps_or_refuses_a_hash_with_a_nul<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let bob = bench.user("bob@example.com").await?;
    let hash = "\0a\0";
    let expected = match bench
        .store
        .update(
            bob.account().id,
            vec![text::<U>(Role::HashedPassword, hash)],
            None,
        )
        .await
    {
        Ok(_) => hash,
        Err(StoreError::Value { .. }) => bob.account().hashed_password.expose(),
        Err(error) => return Err(error.into()),
    };
    let stored = bench.stored(bob.account().id).await?;
    ensure!(
        stored.account().hashed_password.expose() == expected,
        "the hash is neither kept nor refused"
    );
    Ok(())
}

pub(super) async fn errors_show_no_values<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    bench.user("secret@example.com").await?;
    let long = "secret".repeat(200);
    let mut values = bench.values("other@example.com");
    values.retain(|value| value.column != column::<U>(Role::HashedPassword));
    values.push(text::<U>(Role::HashedPassword, &long));
    for result in [
        bench.user("Secret@example.com").await,
        bench.store.insert(values).await,
    ] {
        let Err(error) = result else {
            return Err(Failed("expected an error".into()));
        };
        let mut shown = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            shown = format!("{shown} {error} {error:?}");
            source = error.source();
        }
        ensure!(
            !shown.to_lowercase().contains("secret"),
            "the error shows what was stored"
        );
    }
    Ok(())
}
