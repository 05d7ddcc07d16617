//! Values of every kind, at their limits.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    Stores,
    bench::{Bench, refused},
    checks,
    ids::UuidId,
    member::{EXTRAS, FIRST_EXTRA, Member},
    report::{Failed, Report, ensure},
};
use crate::{
    model::UserModel,
    store::{ColumnValue, StoreError},
    value::{Kind, Value},
};

type User = Member<UuidId>;

pub(super) async fn run(stores: &dyn Stores<User>) -> Report {
    use super::values;
    checks!(
        Bench::new(stores),
        values::come_back_as_they_were,
        values::that_are_null_come_back_as_null,
        values::with_a_default_come_from_it,
        values::out_of_range_are_refused,
        values::with_a_nul_are_kept_or_refused,
        values::of_another_kind_are_refused,
    )
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn last_moment() -> NaiveTime {
    NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap_or_default()
}

fn instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    date.and_time(time).and_utc()
}

/// Values that every database can hold.
fn fitting(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Kind::SmallInt => [-32_768, 0, 32_767].map(Value::Int).to_vec(),
        Kind::Int => [-2_147_483_648, 0, 2_147_483_647].map(Value::Int).to_vec(),
        Kind::BigInt => [i64::MIN, -1, i64::MAX].map(Value::Int).to_vec(),
        Kind::Float => [0.0, 0.1, -1.0, 1e300, f64::MIN_POSITIVE, f64::MAX]
            .map(Value::Float)
            .to_vec(),
        Kind::Text => texts(),
        Kind::Bytes => vec![
            Value::Bytes(Vec::new()),
            Value::Bytes((0..=255).collect()),
            Value::Bytes(b"12".to_vec()),
        ],
        Kind::ObjectId => ["0", "f"]
            .map(|digit| Value::Text(digit.repeat(24)))
            .to_vec(),
        Kind::Uuid => [Uuid::from_u128(0x1234_5678), Uuid::nil(), Uuid::max()]
            .map(Value::Uuid)
            .to_vec(),
        Kind::Timestamp => vec![
            Value::Timestamp(DateTime::UNIX_EPOCH),
            Value::Timestamp(instant(date(1000, 1, 1), NaiveTime::MIN)),
            Value::Timestamp(instant(date(9999, 12, 31), last_moment())),
            Value::Timestamp(instant(
                date(2024, 2, 29),
                NaiveTime::from_hms_micro_opt(1, 2, 3, 4).unwrap_or_default(),
            )),
        ],
        Kind::Date => [date(1000, 1, 1), date(2024, 2, 29), date(9999, 12, 31)]
            .map(Value::Date)
            .to_vec(),
        Kind::Time => [NaiveTime::MIN, last_moment()].map(Value::Time).to_vec(),
        Kind::Json => documents(),
    }
}

fn texts() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "0123",
        "1.0",
        "é🦀\u{301}",
        "it's \"quoted\" \\ % _",
        "\r\n\t\u{1}",
        "null",
    ];
    texts
        .map(|text| Value::Text(text.to_owned()))
        .into_iter()
        .chain([Value::Text("🦀".repeat(5000))])
        .collect()
}

fn documents() -> Vec<Value> {
    let documents = [
        json!("text"),
        json!("1"),
        json!(""),
        json!({"a": {"b": [1, "é🦀", null, true, 1.5]}}),
        json!({}),
        json!([]),
        json!(1),
        json!(i64::MAX),
        json!(false),
    ];
    documents.map(Value::Json).to_vec()
}

/// Values that some database cannot hold, or would change.
fn unfitting(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::SmallInt => [-32_769, 32_768].map(Value::Int).to_vec(),
        Kind::Int => [-2_147_483_649, 2_147_483_648].map(Value::Int).to_vec(),
        Kind::Float => vec![Value::Float(f64::NAN)],
        Kind::ObjectId => ["", "F", "0f"]
            .map(|digits| Value::Text(digits.repeat(24)))
            .to_vec(),
        Kind::Timestamp => vec![
            Value::Timestamp(instant(date(10_000, 1, 1), NaiveTime::MIN)),
            Value::Timestamp(instant(date(0, 1, 1), NaiveTime::MIN)),
        ],
        Kind::Date => [date(10_000, 1, 1), date(-1, 1, 1)]
            .map(Value::Date)
            .to_vec(),
        _ => Vec::new(),
    }
}

/// Values with a NUL character, which some databases cannot hold.
fn with_nul(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Text => ["a\0b", "\0", "a\0"]
            .map(|text| Value::Text(text.into()))
            .to_vec(),
        Kind::Json => [json!("a\0b"), json!({"a\0": ["\0"]})]
            .map(Value::Json)
            .to_vec(),
        _ => Vec::new(),
    }
}

/// A value as the store keeps it.
fn kept(bench: &Bench<'_, User>, value: &Value) -> Value {
    match value {
        Value::Timestamp(instant) => Value::Timestamp(bench.kept(*instant)),
        other => other.clone(),
    }
}

pub(super) async fn come_back_as_they_were(bench: &Bench<'_, User>) -> Result<(), Failed> {
    let user = bench.user("ada@example.com").await?;
    for (position, (name, kind)) in EXTRAS.into_iter().enumerate() {
        for value in fitting(kind) {
            let change = ColumnValue {
                column: FIRST_EXTRA + position,
                value: value.clone(),
            };
            let returned = bench
                .store
                .update(user.account().id, vec![change.clone()], None)
                .await;
            let returned = returned
                .map_err(|error| Failed(format!("`{name}` does not take {value:?}: {error:?}")))?;
            let found = bench.stored(user.account().id).await?;
            for user in [&returned, &found] {
                let back = user.extra(position);
                ensure!(
                    back == &kept(bench, &value),
                    "`{name}` was {value:?} and is {back:?}"
                );
            }
        }
    }
    // All of them once more, in a new user.
    let mut values = bench.values("bob@example.com");
    for (position, (_, kind)) in EXTRAS.into_iter().enumerate() {
        for slot in values
            .iter_mut()
            .filter(|slot| slot.column == FIRST_EXTRA + position)
        {
            slot.value = fitting(kind).swap_remove(0);
        }
    }
    let bob = bench.store.insert(values).await?;
    for (position, (name, kind)) in EXTRAS.into_iter().enumerate() {
        ensure!(
            bob.extra(position) == &kept(bench, &fitting(kind)[0]),
            "`{name}` of a new user is {:?}",
            bob.extra(position)
        );
    }
    Ok(())
}

pub(super) async fn that_are_null_come_back_as_null(bench: &Bench<'_, User>) -> Result<(), Failed> {
    let user = bench.user("ada@example.com").await?;
    for (position, (name, kind)) in EXTRAS.into_iter().enumerate() {
        ensure!(
            user.extra(position) == &Value::Null,
            "`{name}` is not null in a new user"
        );
        for value in [fitting(kind).swap_remove(0), Value::Null] {
            let change = ColumnValue {
                column: FIRST_EXTRA + position,
                value,
            };
            bench
                .store
                .update(user.account().id, vec![change], None)
                .await?;
        }
        let back = bench.stored(user.account().id).await?;
        ensure!(
            back.extra(position) == &Value::Null,
            "`{name}` was set to null and is {:?}",
            back.extra(position)
        );
    }
    Ok(())
}

pub(super) async fn with_a_default_come_from_it(bench: &Bench<'_, User>) -> Result<(), Failed> {
    let user = bench.user("ada@example.com").await?;
    let plan = User::COLUMNS.len() - 1;
    let free = Value::Text("it's free".into());
    ensure!(
        user.extra(plan - FIRST_EXTRA) == &free,
        "the default is {:?}",
        user.extra(plan - FIRST_EXTRA)
    );
    let change = ColumnValue {
        column: plan,
        value: Value::Null,
    };
    refused!(
        bench
            .store
            .update(user.account().id, vec![change], None)
            .await,
        StoreError::Value { column: "plan", .. }
    );
    let change = ColumnValue {
        column: plan,
        value: Value::Text("elevenchars".into()),
    };
    refused!(
        bench
            .store
            .update(user.account().id, vec![change], None)
            .await,
        StoreError::Value { column: "plan", .. }
    );
    Ok(())
}

pub(super) async fn out_of_range_are_refused(bench: &Bench<'_, User>) -> Result<(), Failed> {
    let user = bench.user("ada@example.com").await?;
    for (position, (name, kind)) in EXTRAS.into_iter().enumerate() {
        for value in unfitting(kind) {
            let change = ColumnValue {
                column: FIRST_EXTRA + position,
                value,
            };
            let result = bench
                .store
                .update(user.account().id, vec![change], None)
                .await;
            ensure!(
                matches!(result, Err(StoreError::Value { column, .. }) if column == name),
                "`{name}` takes {:?}: {:?}",
                unfitting(kind),
                result.err()
            );
        }
        ensure!(
            bench.stored(user.account().id).await?.extra(position) == &Value::Null,
            "`{name}` has changed"
        );
    }
    Ok(())
}

pub(super) async fn with_a_nul_are_kept_or_refused(bench: &Bench<'_, User>) -> Result<(), Failed> {
    let user = bench.user("ada@example.com").await?;
    for (position, (name, kind)) in EXTRAS.into_iter().enumerate() {
        for value in with_nul(kind) {
            let change = ColumnValue {
                column: FIRST_EXTRA + position,
                value: value.clone(),
            };
            let before = bench
                .stored(user.account().id)
                .await?
                .extra(position)
                .clone();
            let expected = match bench
                .store
                .update(user.account().id, vec![change], None)
                .await
            {
                Ok(_) => value,
                Err(StoreError::Value { column, .. }) if column == name => before,
                Err(error) => return Err(error.into()),
            };
            let stored = bench.stored(user.account().id).await?;
            let back = stored.extra(position);
            ensure!(
                back == &expected,
                "`{name}` is {back:?} instead of {expected:?}"
            );
        }
    }
    Ok(())
}

pub(super) async fn of_another_kind_are_refused(bench: &Bench<'_, User>) -> Result<(), Failed> {
    let user = bench.user("ada@example.com").await?;
    for (position, (name, kind)) in EXTRAS.into_iter().enumerate() {
        let value = if matches!(kind, Kind::Text | Kind::ObjectId) {
            Value::Int(1)
        } else {
            Value::Text("1".into())
        };
        let change = ColumnValue {
            column: FIRST_EXTRA + position,
            value,
        };
        let result = bench
            .store
            .update(user.account().id, vec![change], None)
            .await;
        ensure!(
            matches!(result, Err(StoreError::Value { .. })),
            "`{name}` takes a value of another kind"
        );
    }
    Ok(())
}
