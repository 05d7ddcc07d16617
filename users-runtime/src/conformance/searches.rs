//! Searching users, in stores that offer it.

use std::collections::BTreeSet;

use chrono::DateTime;

use super::{
    bench::{Bench, refused, set},
    report::{Failed, ensure},
};
use crate::{
    model::UserModel,
    store::{Administration, ColumnValue, Cursor, StoreError, UserSearch},
    value::{Column, Field as _, Kind, Role, Value},
};

const EMAILS: [&str; 6] = [
    "Bob@example.com",
    "ada@example.com",
    "ada_l@example.com",
    "adaxl@example.com",
    "100%@example.com",
    "zoe!@Example.org",
];

/// The addresses of the users that are found, in their order.
async fn found<U: UserModel>(
    store: &dyn Administration<U>,
    search: &UserSearch,
) -> Result<Vec<String>, StoreError> {
    let users = store.search(search).await?;
    Ok(users
        .iter()
        .map(|user| user.account().email.to_owned())
        .collect())
}

pub(super) async fn find_by_part_of_the_address_without_regard_to_case<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(store) = bench.store.administration() else {
        return Ok(());
    };
    for email in EMAILS {
        bench.user(email).await?;
    }
    for (part, expected) in [
        (
            "",
            vec![
                "100%@example.com",
                "ada@example.com",
                "ada_l@example.com",
                "adaxl@example.com",
                "Bob@example.com",
                "zoe!@Example.org",
            ],
        ),
        (
            "ADA",
            vec!["ada@example.com", "ada_l@example.com", "adaxl@example.com"],
        ),
        ("bob@", vec!["Bob@example.com"]),
        ("example.ORG", vec!["zoe!@Example.org"]),
        ("nobody", vec![]),
    ] {
        let mut emails = found(store, &UserSearch::new().email(part)).await?;
        // Databases differ in where characters that are no letters stand.
        emails.sort_by_key(|email| email.to_lowercase());
        ensure!(emails == expected, "{part:?} finds {emails:?}");
        let count = store.count(&UserSearch::new().email(part).limit(1)).await?;
        ensure!(
            usize::try_from(count) == Ok(expected.len()),
            "{part:?} counts {count}"
        );
    }
    Ok(())
}

pub(super) async fn take_wildcards_literally<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(store) = bench.store.administration() else {
        return Ok(());
    };
    for email in EMAILS {
        bench.user(email).await?;
    }
    let long = "a".repeat(100_000);
    for (part, expected) in [
        ("a_l", vec!["ada_l@example.com"]),
        ("%", vec!["100%@example.com"]),
        ("a%l", vec![]),
        ("a.a", vec![]),
        ("!", vec!["zoe!@Example.org"]),
        ("\\", vec![]),
        ("'", vec![]),
        ("ada@example.com\0", vec![]),
        (&long, vec![]),
    ] {
        let emails = found(store, &UserSearch::new().email(part)).await?;
        ensure!(
            emails == expected,
            "{:?} finds {emails:?}",
            part.get(..20).unwrap_or(part)
        );
    }
    Ok(())
}

pub(super) async fn filter_by_flags<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(store) = bench.store.administration() else {
        return Ok(());
    };
    for number in 0..8 {
        let user = bench.user(&format!("user{number}@example.com")).await?;
        let flag = |role, bit| set::<U>(role, Value::Bool(number & bit != 0));
        let flags = vec![
            flag(Role::IsActive, 1),
            flag(Role::IsSuperuser, 2),
            flag(Role::IsVerified, 4),
        ];
        bench.store.update(user.account().id, flags, None).await?;
    }
    let all = UserSearch::new;
    for (search, expected) in [
        (all().is_active(true), &[1, 3, 5, 7][..]),
        (all().is_active(false), &[0, 2, 4, 6]),
        (all().is_superuser(true), &[2, 3, 6, 7]),
        (all().is_verified(false), &[0, 1, 2, 3]),
        (
            all().is_active(true).is_superuser(false).is_verified(true),
            &[5],
        ),
        (all().is_active(true).email("user3"), &[3]),
        (all().is_active(false).email("user3"), &[]),
    ] {
        let emails = found(store, &search).await?;
        let expected = expected
            .iter()
            .map(|number| format!("user{number}@example.com"))
            .collect::<Vec<_>>();
        ensure!(emails == expected, "{search:?} finds {emails:?}");
        let count = store.count(&search).await?;
        ensure!(
            usize::try_from(count) == Ok(expected.len()),
            "{search:?} counts {count}"
        );
    }
    Ok(())
}

/// A value of a kind that can be searched by; `None` for one that cannot.
fn sample(kind: Kind) -> Option<Value> {
    let instant = DateTime::from_timestamp(1_700_000_000, 0)?;
    Some(match kind {
        Kind::Bool => Value::Bool(true),
        Kind::SmallInt | Kind::Int | Kind::BigInt => Value::Int(7),
        Kind::Float => Value::Float(0.5),
        Kind::Text => Value::Text("Ada".to_owned()),
        Kind::Bytes => Value::Bytes(b"Ada".to_vec()),
        Kind::Uuid => Value::Uuid(uuid::Uuid::from_u128(7)),
        Kind::Timestamp => Value::Timestamp(instant),
        Kind::Date => Value::Date(instant.date_naive()),
        Kind::Time => Value::Time(instant.time()),
        _ => return None,
    })
}

pub(super) async fn filter_by_fields_of_the_application<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(store) = bench.store.administration() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    let by = |column: &Column, value: Value| {
        let mut search = UserSearch::new();
        search.fields.push((column.field, value));
        search
    };
    for (position, column) in U::COLUMNS.iter().enumerate() {
        if column.role != Role::Extra || !column.nullable {
            continue;
        }
        let Some(value) = sample(column.kind) else {
            refused!(
                store.search(&by(column, Value::Null)).await,
                StoreError::Value { .. }
            );
            continue;
        };
        for (user, value) in [(&ada, value.clone()), (&bob, Value::Null)] {
            let change = vec![ColumnValue {
                column: position,
                value,
            }];
            bench.store.update(user.account().id, change, None).await?;
        }
        let mut searches = vec![
            (by(column, value), &["ada@example.com"][..]),
            (by(column, Value::Null), &["bob@example.com"]),
            (by(column, Value::Null).email("ada"), &[]),
        ];
        if column.kind == Kind::Text {
            for other in ["ada", "Ad", "Ada ", "Ad.", "A%"] {
                searches.push((by(column, Value::Text(other.to_owned())), &[]));
            }
        }
        for (search, expected) in searches {
            let emails = found(store, &search).await?;
            ensure!(
                emails == expected,
                "a search by `{}` finds {emails:?}",
                column.name
            );
            let count = store.count(&search).await?;
            ensure!(
                usize::try_from(count) == Ok(expected.len()),
                "a search by `{}` counts {count}",
                column.name
            );
        }
    }
    Ok(())
}

pub(super) async fn show_everybody_once_portion_by_portion<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(store) = bench.store.administration() else {
        return Ok(());
    };
    for number in 0..60 {
        // Capitals, so that only an order without regard to case is one.
        let name = if number % 2 == 0 { "USER" } else { "user" };
        bench
            .user(&format!("{name}{number:02}@example.com"))
            .await?;
    }
    let first = store.search(&UserSearch::new()).await?;
    ensure!(first.len() == 50, "{} users without a limit", first.len());
    ensure!(
        store.search(&UserSearch::new().limit(0)).await?.is_empty(),
        "a limit of 0 finds users"
    );
    let (mut emails, mut ids, mut cursor) = (Vec::new(), BTreeSet::new(), None::<Cursor>);
    loop {
        let search = UserSearch::new().email("@EXAMPLE").limit(7);
        let users = store
            .search(
                &cursor
                    .take()
                    .map_or(search.clone(), |cursor| search.after(cursor)),
            )
            .await?;
        let Some(last) = users.last() else { break };
        ensure!(
            users.len() <= 7 && emails.len() < 60,
            "{} users after {}",
            users.len(),
            emails.len()
        );
        cursor = Some(Cursor::of(last));
        emails.extend(users.iter().map(|user| user.account().email.to_lowercase()));
        ids.extend(users.iter().map(|user| user.account().id.to_string()));
        if emails.len() == 14 {
            // The cursor stays good when its user goes.
            bench.store.delete(last.account().id).await?;
        }
    }
    ensure!(
        emails.len() == 60 && ids.len() == 60,
        "{} users with {} ids",
        emails.len(),
        ids.len()
    );
    ensure!(emails.is_sorted(), "not in order: {emails:?}");
    Ok(())
}

pub(super) async fn refuse_a_cursor_that_is_none<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(store) = bench.store.administration() else {
        return Ok(());
    };
    // Every text is the id of a user whose ids are texts.
    if U::Id::KIND == Kind::Text {
        return Ok(());
    }
    let cursor = Cursor {
        email: "ada@example.com".into(),
        id: "' OR ''='".into(),
    };
    refused!(
        store.search(&UserSearch::new().after(cursor)).await,
        StoreError::Value { .. }
    );
    Ok(())
}
