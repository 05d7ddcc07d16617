//! Changing, taking and deleting rows, also many at the same time.

use std::{future::Future, sync::Arc};

use tokio::task::JoinSet;

use super::{
    holder::NOTES,
    operations::{
        BY_ID, COUNT, DELETE_OTHERS, EDIT, GUARDED, NOW, RETITLE, TAKE, TAKE_VALID, USE, by_id,
        full, note, of,
    },
};
use crate::{
    conformance::{
        bench::{Bench, outcome, refused},
        report::{Failed, ensure},
    },
    model::UserModel,
    store::{
        StoreError, UserStore,
        records::{Record, RecordStore},
    },
    value::Value,
};

/// How many contend for a row.
const MANY: usize = 20;

/// Does something many times at the same time, half of them through each of two stores on one database.
async fn at_once<U: UserModel, T, F>(
    bench: &Bench<'_, U>,
    act: impl Fn(Arc<dyn UserStore<U>>, usize) -> F,
) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..MANY {
        let store = if number % 2 == 0 {
            &bench.store
        } else {
            &bench.twin
        };
        tasks.spawn(act(Arc::clone(store), number));
    }
    tasks.join_all().await
}

/// The declared tables of a store that has them.
fn held<U: UserModel>(store: &Arc<dyn UserStore<U>>) -> Result<&dyn RecordStore<U>, StoreError> {
    let none = || StoreError::Database("a second store has no records".into());
    store.records().ok_or_else(none)
}

pub(in crate::conformance) async fn set_what_they_name<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    records.insert(&NOTES, full("a", &ada, "old")).await?;
    records.insert(&NOTES, note("b", &ada, "other")).await?;
    let by = by_id("a").with("title", "new").with("place", 7);
    let changed = records.change(&EDIT, by.clone()).await?;
    ensure!(changed == 1, "changed {changed} rows");
    let expected = full("a", &ada, "new")
        .with("order", 7)
        .with("label", Value::Null)
        .with("rank", 3);
    let found = records.find(&BY_ID, by_id("a")).await?.unwrap_or_default();
    for (name, value) in expected.iter() {
        ensure!(found.get(name) == Some(value), "`{name}` is another");
    }
    // What is there already counts as well.
    let same = by_id("a").with("title", "new");
    let changed = records.change(&RETITLE, same).await?;
    ensure!(changed == 1, "changed {changed} rows to what they were");
    let changed = records
        .change(&RETITLE, by_id("c").with("title", "x"))
        .await?;
    ensure!(changed == 0, "changed {changed} rows that are not there");
    refused!(
        records
            .change(&RETITLE, by_id("a").with("title", "x".repeat(51)))
            .await,
        StoreError::Value { .. }
    );
    Ok(())
}

pub(in crate::conformance) async fn want_every_condition<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let row = note("a", &ada, "title").with("order", 1);
    records.insert(&NOTES, row).await?;
    let lacking = note("b", &ada, "lacking");
    records.insert(&NOTES, lacking).await?;
    let used = note("c", &ada, "used").with("order", 1).with("used_at", 1);
    records.insert(&NOTES, used).await?;
    let met = by_id("a")
        .with("is_done", false)
        .with("old_title", "title")
        .with("other_label", "blue")
        .with("other_title", "Title")
        .with("above", 6)
        .with("now", NOW - 1);
    let unmet = [
        met.clone().with("is_done", true),
        met.clone().with("old_title", "Title"),
        met.clone().with("old_title", "title\0"),
        met.clone().with("other_title", "title"),
        met.clone().with("above", 5),
        met.clone().with("now", NOW),
        met.clone().with("id", "b").with("old_title", "lacking"),
        met.clone().with("id", "c").with("old_title", "used"),
    ];
    for (position, by) in unmet.into_iter().enumerate() {
        let changed = records.change(&GUARDED, by).await?;
        ensure!(
            changed == 0,
            "condition {position} is not met, and {changed} rows were changed"
        );
    }
    let changed = records.change(&GUARDED, met).await?;
    ensure!(changed == 1, "all conditions are met, and nothing changed");
    Ok(())
}

pub(in crate::conformance) async fn to_what_is_taken_are_refused<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    records.insert(&NOTES, note("a", &ada, "one")).await?;
    records.insert(&NOTES, note("b", &ada, "two")).await?;
    refused!(
        records
            .change(&RETITLE, by_id("b").with("title", "one"))
            .await,
        StoreError::Conflict { .. }
    );
    let found = records.find(&BY_ID, by_id("b")).await?.unwrap_or_default();
    ensure!(found.text("title") == Some("two"), "a refused change stays");
    Ok(())
}

pub(in crate::conformance) async fn of_one_row_have_one_winner<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    for id in ["a", "b", "c"] {
        records.insert(&NOTES, note(id, &ada, id)).await?;
        let results = at_once(bench, |store, number| async move {
            let number = i64::try_from(number).unwrap_or_default();
            let by = by_id(id).with("used_at", number);
            let changed = held(&store)?.change(&USE, by).await?;
            Ok::<_, StoreError>((changed, number))
        });
        let results = results.await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let winners = results.iter().filter(|(changed, _)| *changed == 1);
        let winners = winners.map(|(_, number)| *number).collect::<Vec<_>>();
        ensure!(
            winners.len() == 1,
            "{} of {MANY} changes won",
            winners.len()
        );
        let found = records.find(&BY_ID, by_id(id)).await?.unwrap_or_default();
        ensure!(
            found.get("used_at") == Some(&Value::Int(winners[0])),
            "the value is not the winner's"
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn that_add_lose_nothing<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    records.insert(&NOTES, note("a", &ada, "title")).await?;
    let results = at_once(bench, |store, _| async move {
        held(&store)?.change(&COUNT, by_id("a")).await
    });
    for result in results.await {
        ensure!(matches!(result, Ok(1)), "{}", outcome(&result));
    }
    let found = records.find(&BY_ID, by_id("a")).await?.unwrap_or_default();
    ensure!(
        found.get("rank") == Some(&Value::Int(25)),
        "{MANY} additions are not all there"
    );
    Ok(())
}

pub(in crate::conformance) async fn take_a_row_once<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    for id in ["a", "b", "c"] {
        records
            .insert(&NOTES, full(id, &ada, id).with("label", id))
            .await?;
        let results = at_once(bench, |store, _| async move {
            held(&store)?.take(&TAKE, by_id(id)).await
        });
        let taken = results.await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let taken = taken.into_iter().flatten().collect::<Vec<_>>();
        ensure!(taken.len() == 1, "{} of {MANY} took it", taken.len());
        ensure!(
            taken[0].text("title") == Some(id) && taken[0].get("order").is_some(),
            "another row was taken: {:?}",
            taken[0]
        );
        ensure!(
            records.find(&BY_ID, by_id(id)).await?.is_none(),
            "a row is still there that was taken"
        );
    }
    Ok(())
}

pub(in crate::conformance) async fn take_a_row_under_its_conditions<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    records.insert(&NOTES, note("a", &ada, "title")).await?;
    records.insert(&NOTES, note("b", &ada, "other")).await?;
    let by = |title: &str, now: i64| by_id("a").with("title", title).with("now", now);
    for unmet in [by("Title", 0), by("title", NOW), by("title\0", 0)] {
        ensure!(
            records.take(&TAKE_VALID, unmet).await?.is_none(),
            "a row was taken whose conditions are not met"
        );
    }
    ensure!(
        records.take(&TAKE_VALID, by("title", 0)).await?.is_some(),
        "a row was not taken whose conditions are met"
    );
    ensure!(
        records.find(&BY_ID, by_id("b")).await?.is_some(),
        "another row is gone"
    );
    Ok(())
}

pub(in crate::conformance) async fn delete_what_they_name<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(records) = bench.store.records() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    for (id, user) in [("a", &ada), ("b", &ada), ("c", &ada), ("d", &bob)] {
        records.insert(&NOTES, note(id, user, id)).await?;
    }
    let except = |except: &str| -> Record { of(&ada).with("except", except) };
    for (id, expected) in [("b", 2), ("b", 0)] {
        let deleted = records.delete(&DELETE_OTHERS, except(id)).await?;
        ensure!(deleted == expected, "deleted {deleted} rows");
    }
    for (id, is_there) in [("a", false), ("b", true), ("c", false), ("d", true)] {
        let found = records.find(&BY_ID, by_id(id)).await?;
        ensure!(
            found.is_some() == is_there,
            "row {id} is there: {}",
            found.is_some()
        );
    }
    Ok(())
}
