//! What the derive makes of fields of every type, through every store: the same questions for each database.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use users_runtime::{
    UserModel,
    store::{
        Administration, ColumnValue, SchemaError, SchemaProblemKind, StoreError, UserSearch,
        UserStore,
    },
    value::Value,
};

#[cfg(feature = "mongodb")]
use crate::typed::by_object;
use crate::{
    shown::shown,
    typed::{Extras, Typed, bare, by_big, by_int, by_text, by_uuid, day, loose},
    typed_values::{beyond, default, foreign, limits, other},
    values::values,
};

/// A new database, on which there can be a store of any user type.
pub(crate) trait Place {
    type Store<U: UserModel>: UserStore<U>;

    /// What is finer in an instant is cut off, towards the past.
    const INSTANTS: TimeDelta = TimeDelta::microseconds(1);

    /// What is finer in a time of day is cut off.
    const TIMES: TimeDelta = TimeDelta::microseconds(1);

    /// Whether the database keeps to the fields of a struct, and so misses some.
    const HAS_COLUMNS: bool = true;

    fn store<U: UserModel>(&self) -> Self::Store<U>;

    async fn migrate<U: UserModel>(&self) -> Result<(), SchemaError>;

    async fn check<U: UserModel>(&self) -> Result<(), SchemaError>;
}

/// The questions as tests, each in a new place.
macro_rules! tests {
    ($place:expr) => {
        $crate::suite::tests! {
            $place;
            fields_come_back_as_they_were_with_uuids
            fields_come_back_as_they_were_with_big_numbers_as_ids
            fields_come_back_as_they_were_with_numbers_as_ids
            fields_come_back_as_they_were_with_texts_as_ids
            #[cfg(feature = "mongodb")]
            fields_come_back_as_they_were_with_object_ids
            each_field_is_changed_without_the_others
            values_at_the_limits_are_kept_whole
            values_beyond_the_limits_are_refused_by_the_column_and_change_nothing
            what_is_finer_than_the_database_keeps_is_cut_off_towards_the_past
            rows_get_the_defaults_of_fields_that_are_added
            a_value_that_a_type_does_not_have_is_named_by_its_column_only
        }
    };
    ($place:expr; $($(#[$when:meta])? $test:ident)*) => {
        $(
            $(#[$when])?
            #[tokio::test]
            async fn $test() {
                $crate::suite::$test(&$place.await).await;
            }
        )*
    };
}
pub(crate) use tests;

/// The fields as the database keeps them.
fn kept<P: Place>(extras: Extras) -> Extras {
    let instant = |at: DateTime<Utc>| at - finer(&at, P::INSTANTS);
    let local = |at: NaiveDateTime| at - finer(&at, P::INSTANTS);
    let time = |at: NaiveTime| at - finer(&at, P::TIMES);
    Extras {
        seen_at: instant(extras.seen_at),
        paid_at: extras.paid_at.map(instant),
        rings_at: local(extras.rings_at),
        rang_at: extras.rang_at.map(local),
        wakes_at: time(extras.wakes_at),
        sleeps_at: extras.sleeps_at.map(time),
        ..extras
    }
}

/// What is beyond the last whole unit of so much.
fn finer(at: &impl Timelike, unit: TimeDelta) -> TimeDelta {
    let unit = unit.num_nanoseconds().expect("a short time");
    TimeDelta::nanoseconds(i64::from(at.nanosecond()) % unit)
}

/// A new user with these fields.
async fn user<U: Typed>(store: &impl UserStore<U>, email: &str, extras: &Extras) -> U {
    let mut all = values::<U>(email);
    let own = extras.values::<U>();
    all.retain(|value| own.iter().all(|own| own.column != value.column));
    store.insert([all, own].concat()).await.expect("a new user")
}

fn admin<U: UserModel>(store: &impl UserStore<U>) -> &dyn Administration<U> {
    store.administration().expect("the store answers operators")
}

/// The user, by every way that there is to them.
async fn found<U: Typed>(store: &impl UserStore<U>, user: &U) -> Vec<Extras> {
    let account = user.account();
    let by_id = store
        .find(account.id)
        .await
        .expect("an answer")
        .expect("the user");
    let by_email = store
        .find_by_email(account.email)
        .await
        .expect("an answer")
        .expect("the user");
    let search = UserSearch::new().email(account.email).limit(2);
    let listed = admin(store).search(&search).await.expect("an answer");
    [by_id, by_email]
        .iter()
        .chain(&listed)
        .map(Typed::extras)
        .collect()
}

/// Everybody has these fields, however they are found.
async fn has<U: Typed>(store: &impl UserStore<U>, user: &U, extras: &Extras) {
    let seen = [vec![user.extras()], found(store, user).await].concat();
    assert_eq!(seen, vec![extras.clone(); 4]);
}

/// With ids of one type.
macro_rules! come_back_with {
    ($($test:ident($module:ident))*) => {
        $(pub(crate) async fn $test<P: Place>(place: &P) {
            come_back::<$module::User, P>(place).await;
        })*
    };
}

come_back_with! {
    fields_come_back_as_they_were_with_uuids(by_uuid)
    fields_come_back_as_they_were_with_big_numbers_as_ids(by_big)
    fields_come_back_as_they_were_with_numbers_as_ids(by_int)
    fields_come_back_as_they_were_with_texts_as_ids(by_text)
}
#[cfg(feature = "mongodb")]
come_back_with! { fields_come_back_as_they_were_with_object_ids(by_object) }

async fn come_back<U: Typed, P: Place>(place: &P) {
    place.migrate::<U>().await.expect("tables");
    place.check::<U>().await.expect("tables that fit");
    let store = place.store::<U>();
    for (email, extras) in [("ada@example.com", default()), ("bob@example.com", other())] {
        let stored = user(&store, email, &extras).await;
        has(&store, &stored, &kept::<P>(extras)).await;
    }
}

/// A store of users with UUIDs, in a new place.
async fn migrated<P: Place>(place: &P) -> P::Store<by_uuid::User> {
    place.migrate::<by_uuid::User>().await.expect("tables");
    place.store()
}

pub(crate) async fn each_field_is_changed_without_the_others<P: Place>(place: &P) {
    let store = migrated(place).await;
    let ada = user(&store, "ada@example.com", &default()).await;
    let mut expected = kept::<P>(default()).values::<by_uuid::User>();
    // To other values, and back, which are `None` for what is optional.
    for values in [other(), default()].map(|extras| kept::<P>(extras).values::<by_uuid::User>()) {
        for (position, change) in values.into_iter().enumerate() {
            expected[position] = change.clone();
            let changed = store
                .update(ada.account().id, vec![change], None)
                .await
                .expect("changed");
            for extras in [vec![changed.extras()], found(&store, &ada).await].concat() {
                assert_eq!(extras.values::<by_uuid::User>(), expected);
            }
        }
    }
    has(&store, &ada, &kept::<P>(default())).await;
}

pub(crate) async fn values_at_the_limits_are_kept_whole<P: Place>(place: &P) {
    let store = migrated(place).await;
    for (number, extras) in limits().into_iter().enumerate() {
        let stored = user(&store, &format!("user{number}@example.com"), &extras).await;
        has(&store, &stored, &kept::<P>(extras)).await;
    }
}

pub(crate) async fn values_beyond_the_limits_are_refused_by_the_column_and_change_nothing<
    P: Place,
>(
    place: &P,
) {
    let store = migrated(place).await;
    let ada = user(&store, "ada@example.com", &default()).await;
    for (extras, wrong) in beyond() {
        let error = store
            .update(ada.account().id, extras.values::<by_uuid::User>(), None)
            .await
            .expect_err(wrong);
        assert!(
            matches!(error, StoreError::Value { column, .. } if column == wrong),
            "{wrong}: {error:?}"
        );
        assert!(!shown(&error).contains("secret"), "{}", shown(&error));
        has(&store, &ada, &kept::<P>(default())).await;
    }
}

pub(crate) async fn what_is_finer_than_the_database_keeps_is_cut_off_towards_the_past<P: Place>(
    place: &P,
) {
    let store = migrated(place).await;
    let days = [
        day(1, 1, 1),
        day(1969, 12, 31),
        day(1970, 1, 1),
        day(1999, 12, 31),
        day(2024, 2, 29),
    ];
    for (number, day) in days.into_iter().enumerate() {
        let last = NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999).expect("a time");
        let first = NaiveTime::from_hms_nano_opt(0, 0, 0, 1).expect("a time");
        let fine = Extras {
            seen_at: day.and_time(last).and_utc(),
            paid_at: Some(day.and_time(first).and_utc()),
            rings_at: day.and_time(last),
            rang_at: Some(day.and_time(first)),
            wakes_at: last,
            sleeps_at: Some(first),
            ..default()
        };
        let stored = user(&store, &format!("user{number}@example.com"), &fine).await;
        has(&store, &stored, &kept::<P>(fine)).await;
    }
}

pub(crate) async fn rows_get_the_defaults_of_fields_that_are_added<P: Place>(place: &P) {
    place.migrate::<bare::User>().await.expect("tables");
    let before = place.store::<bare::User>();
    before
        .insert(values::<bare::User>("old@example.com"))
        .await
        .expect("a new user");
    let after = place.store::<by_uuid::User>();
    if P::HAS_COLUMNS {
        let Err(SchemaError::Mismatch(problems)) = place.check::<by_uuid::User>().await else {
            panic!("columns are missing")
        };
        assert!(
            problems
                .iter()
                .all(|problem| matches!(problem.kind, SchemaProblemKind::MissingColumn { .. })),
            "{problems:?}"
        );
        assert_eq!(
            problems.len(),
            by_uuid::User::COLUMNS.len() - bare::User::COLUMNS.len()
        );
    }
    assert_ne!(
        admin(&after)
            .pending()
            .await
            .expect("columns that can be added"),
        ""
    );
    place.migrate::<by_uuid::User>().await.expect("columns");
    place
        .check::<by_uuid::User>()
        .await
        .expect("tables that fit");
    assert_eq!(admin(&after).pending().await.expect("tables that fit"), "");
    // A process that does not know the fields yet goes on meanwhile.
    before
        .insert(values::<bare::User>("meanwhile@example.com"))
        .await
        .expect("a new user");
    after
        .insert(values::<by_uuid::User>("new@example.com"))
        .await
        .expect("a new user");
    for email in [
        "old@example.com",
        "meanwhile@example.com",
        "new@example.com",
    ] {
        let user = after
            .find_by_email(email)
            .await
            .expect("an answer")
            .expect("the user");
        has(&after, &user, &kept::<P>(default())).await;
        assert!(
            before
                .find_by_email(email)
                .await
                .expect("an answer")
                .is_some()
        );
    }
}

pub(crate) async fn a_value_that_a_type_does_not_have_is_named_by_its_column_only<P: Place>(
    place: &P,
) {
    let store = migrated(place).await;
    let others = place.store::<loose::User>();
    let bob = user(&store, "bob@example.com", &other()).await;
    for (name, value) in foreign() {
        let ada = user(&store, "ada@example.com", &default()).await;
        let id = ada.account().id;
        let column = loose::User::COLUMNS
            .iter()
            .position(|column| column.name == name)
            .expect("a column");
        others
            .update(id, vec![ColumnValue { column, value }], None)
            .await
            .expect("a value for those who take it");
        is_unreadable(store.find(id).await, name);
        is_unreadable(store.find_by_email("ADA@example.com").await, name);
        is_unreadable(admin(&store).search(&UserSearch::new()).await, name);
        let findings = admin(&store).doctor().await.expect("an answer");
        let unreadable = findings
            .iter()
            .find(|finding| finding.code() == "unreadable_users")
            .expect("a finding");
        assert_eq!(
            (unreadable.count, &unreadable.ids),
            (1, &vec![id.to_string()]),
            "{name}"
        );
        assert!(
            !["secret", "4711", "Free"]
                .iter()
                .any(|value| format!("{findings:?}").contains(value)),
            "{findings:?}"
        );
        let change = default()
            .values::<by_uuid::User>()
            .into_iter()
            .filter(|change| change.value == Value::Bool(true));
        is_unreadable(store.update(id, change.collect(), None).await, name);
        has(&store, &bob, &kept::<P>(other())).await;
        store.delete(id).await.expect("deleted");
    }
}

/// The answer tells of the column, and nothing of what is in it.
fn is_unreadable<T: Debug>(answer: Result<T, StoreError>, column: &str) {
    let error = answer.expect_err(column);
    assert!(matches!(error, StoreError::Row(_)), "{column}: {error:?}");
    let shown = shown(&error);
    assert!(
        shown.contains(&format!("column `{column}`: expected a")),
        "{shown}"
    );
    for secret in ["secret", "Free", "4711", "example.com"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
