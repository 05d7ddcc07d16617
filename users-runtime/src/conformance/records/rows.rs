//! Storing, finding, listing and losing rows.

use super::{
    holder::{NOTES, TICKETS},
    operations::{
        BEFORE, BY_ID, BY_LABEL, BY_TITLE, NEWEST, NOW, OLDEST, TICKET, VALID, by_id, full, id,
        note, of, ticket,
    },
};
use crate::{
    conformance::{
        bench::{Bench, refused},
        report::{Failed, ensure},
    },
    model::UserModel,
    store::{
        StoreError,
        records::{Page, Record},
    },
    value::{Field, Table, Value},
};

/// Whether a row has every value of another, and `NULL` in its other columns.
fn is_same(table: &Table, row: &Record, expected: &Record) -> bool {
    table.columns.iter().all(|column| {
        let expected = expected.get(column.name).unwrap_or(&Value::Null);
        row.get(column.name) == Some(expected)
    })
}

pub(in crate::conformance) async fn come_back_as_they_were<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    for row in [full("a", &ada, "full"), note("b", &ada, "bare")] {
        records.insert(&NOTES, row.clone()).await?;
        let by = by_id(row.text("id").unwrap_or_default());
        let found = records.find(&BY_ID, by).await?;
        ensure!(
            found
                .as_ref()
                .is_some_and(|found| is_same(&NOTES, found, &row)),
            "stored {row:?}, found {found:?} or other values"
        );
    }
    records.insert(&TICKETS, ticket("k")).await?;
    let found = records
        .find(&TICKET, Record::new().with("key", "k"))
        .await?;
    ensure!(
        found.is_some_and(|found| is_same(&TICKETS, &found, &ticket("k"))),
        "a row without an owner is not found as it was stored"
    );
    let by = by_id("b").with("now", NOW - 1);
    ensure!(
        records.find(&VALID, by).await?.is_some(),
        "a row that meets all conditions is not found"
    );
    for by in [by_id("b").with("now", NOW), by_id("a").with("now", 0)] {
        ensure!(
            records.find(&VALID, by).await?.is_none(),
            "a row that meets not all conditions is found"
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn are_found_letter_by_letter<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let labelled = note("abc", &ada, "Zoë").with("label", "Label");
    records.insert(&NOTES, labelled).await?;
    let found = records
        .find(&BY_TITLE, of(&ada).with("title", "Zoë"))
        .await?;
    ensure!(
        found.is_some(),
        "a row is not found by a unique combination"
    );
    for title in ["zoë", "Zoe", "Zoë ", "ZOË", "Zoë\0", "Zo", ""] {
        let by = of(&ada).with("title", title);
        ensure!(
            records.find(&BY_TITLE, by).await?.is_none(),
            "{title:?} finds a row"
        );
    }
    for other in ["ABC", "abc ", "abc\0", "ab", ""] {
        ensure!(
            records.find(&BY_ID, by_id(other)).await?.is_none(),
            "the key {other:?} finds a row"
        );
    }
    let by_label = |label: Value| Record::new().with("label", label);
    let is_found = records.find(&BY_LABEL, by_label(Value::Text("Label".into())));
    ensure!(is_found.await?.is_some(), "a label is not found");
    for label in [Value::Text("label".into()), Value::Null] {
        ensure!(
            records
                .find(&BY_LABEL, by_label(label.clone()))
                .await?
                .is_none(),
            "{label:?} finds a row"
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn come_with_their_user<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    bench.user("bob@example.com").await?;
    let row = full("a", &ada, "title");
    records.insert(&NOTES, row.clone()).await?;
    let Some((found, user)) = records.find_with_user(&BY_ID, by_id("a")).await? else {
        return Err(Failed("a row is not found with its user".into()));
    };
    ensure!(is_same(&NOTES, &found, &row), "another row: {found:?}");
    ensure!(
        user.account().id == ada.account().id && user.account().email == "ada@example.com",
        "another user: {}",
        user.account().id
    );
    ensure!(
        records.find_with_user(&BY_ID, by_id("b")).await?.is_none(),
        "a row that is not there has a user"
    );
    Ok(())
}

pub(in crate::conformance) async fn of_users_who_are_gone_are_refused<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let nobody = bench.nobody().await?.to_value();
    let ada = bench.user("ada@example.com").await?;
    let orphan = note("a", &ada, "title").with("user_id", nobody.clone());
    refused!(records.insert(&NOTES, orphan).await, StoreError::NotFound);
    ensure!(
        records.find(&BY_ID, by_id("a")).await?.is_none(),
        "a refused row was stored"
    );
    let orphan = ticket("k").with("holder", nobody);
    refused!(records.insert(&TICKETS, orphan).await, StoreError::NotFound);
    Ok(())
}

pub(in crate::conformance) async fn that_do_not_fit_are_refused<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    for row in [
        note("a", &ada, &"x".repeat(51)),
        note("a", &ada, "title").with("title", Value::Null),
        note("a", &ada, "title").with("rank", i64::MAX),
        note("a", &ada, "title").with("is_done", "yes"),
    ] {
        refused!(records.insert(&NOTES, row).await, StoreError::Value { .. });
    }
    records
        .insert(&NOTES, note("a", &ada, &"🦀".repeat(50)))
        .await?;
    match records.insert(&NOTES, note("b", &ada, "a\0b")).await {
        Ok(()) => {
            let found = records.find(&BY_ID, by_id("b")).await?;
            let title = found.as_ref().and_then(|found| found.text("title"));
            ensure!(title == Some("a\0b"), "a text with a NUL has changed");
        }
        Err(StoreError::Value { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

pub(in crate::conformance) async fn are_unique_as_declared<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    let first = note("a", &ada, "title").with("label", "blue");
    records.insert(&NOTES, first).await?;
    for row in [
        note("a", &bob, "other"),
        note("b", &ada, "title"),
        note("b", &bob, "title").with("label", "blue"),
    ] {
        refused!(
            records.insert(&NOTES, row).await,
            StoreError::Conflict { .. }
        );
    }
    ensure!(
        records.find(&BY_ID, by_id("b")).await?.is_none(),
        "a refused row was stored"
    );
    // One column of the combination differs; `NULL`s differ from one another, and capitals from small letters.
    for row in [
        note("b", &bob, "title"),
        note("c", &ada, "Title"),
        note("d", &ada, "titlé").with("label", "Blue"),
    ] {
        records.insert(&NOTES, row).await?;
    }
    Ok(())
}

pub(in crate::conformance) async fn go_with_their_user<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    records.insert(&NOTES, note("a", &ada, "one")).await?;
    records.insert(&NOTES, note("b", &ada, "two")).await?;
    records.insert(&NOTES, note("c", &bob, "one")).await?;
    let held = ticket("k").with("holder", ada.account().id.to_value());
    records.insert(&TICKETS, held).await?;
    records.insert(&TICKETS, ticket("free")).await?;
    bench.store.delete(ada.account().id).await?;
    for id in ["a", "b"] {
        ensure!(
            records.find(&BY_ID, by_id(id)).await?.is_none(),
            "a row of a deleted user is still there"
        );
    }
    ensure!(
        records.find(&BY_ID, by_id("c")).await?.is_some(),
        "a row of another user is gone"
    );
    for (key, is_there) in [("k", false), ("free", true)] {
        let found = records
            .find(&TICKET, Record::new().with("key", key))
            .await?;
        ensure!(
            found.is_some() == is_there,
            "{key}: expected a row: {is_there}"
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn are_listed_in_order_page_by_page<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    // The key decides between equals.
    let sorted = ["3", "1", "4", "5", "2"];
    for (id, expires_at) in [("5", 30), ("4", 20), ("3", 1), ("2", 40), ("1", 20)] {
        let row = note(id, &ada, id).with("expires_at", expires_at);
        records.insert(&NOTES, row).await?;
    }
    records.insert(&NOTES, note("6", &bob, "6")).await?;
    for (list, is_reversed) in [(&OLDEST, false), (&NEWEST, true)] {
        let mut expected = sorted.to_vec();
        if is_reversed {
            expected.reverse();
        }
        let mut listed = Vec::new();
        for offset in [0, 2, 4, 6] {
            let rows = records
                .list(list, of(&ada), Page { offset, limit: 2 })
                .await?;
            ensure!(rows.len() <= 2, "{} rows on a page of 2", rows.len());
            listed.extend(rows);
        }
        let ids = listed.iter().map(|row| row.text("id").unwrap_or_default());
        let ids = ids.collect::<Vec<_>>();
        ensure!(ids == expected, "listed {ids:?}, expected {expected:?}");
    }
    for (before, expected) in [("1", &[][..]), ("4", &["1"]), ("5", &["4", "1"])] {
        let of = of(&ada).with("expires_at", 20).with("before", before);
        let rows = records.list(&BEFORE, of, Page::first(9)).await?;
        let ids = rows.iter().map(|row| row.text("id").unwrap_or_default());
        let ids = ids.collect::<Vec<_>>();
        ensure!(
            ids == expected,
            "before {before}: {ids:?}, expected {expected:?}"
        );
    }
    ensure!(
        records
            .list(&OLDEST, of(&ada), Page::first(0))
            .await?
            .is_empty(),
        "a page of no rows has some"
    );
    Ok(())
}

pub(in crate::conformance) async fn that_have_expired_are_purged_in_portions<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    for number in 0..7 {
        let row = note(&id(), &ada, &number.to_string()).with("expires_at", NOW + number);
        records.insert(&NOTES, row).await?;
    }
    records.insert(&TICKETS, ticket("k")).await?;
    let before = chrono::DateTime::from_timestamp_micros(NOW + 5).unwrap_or_default();
    for expected in [2, 2, 1, 0] {
        let purged = records.purge(&NOTES, before, 2).await?;
        ensure!(purged == expected, "purged {purged}, expected {expected}");
    }
    let rest = records.list(&OLDEST, of(&ada), Page::first(10)).await?;
    ensure!(rest.len() == 2, "{} rows are left, expected 2", rest.len());
    let purged = records.purge(&TICKETS, before, 2).await?;
    ensure!(purged == 0, "rows that do not expire were purged");
    Ok(())
}
