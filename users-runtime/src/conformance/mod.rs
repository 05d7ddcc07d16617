//! The test suite for stores: what every [`UserStore`] must do, as checks that a store's tests run.
//!
//! Behind the cargo feature `conformance`, which belongs under `[dev-dependencies]`. A store that is written for any user type
//! is tested with users of the suite's own, whose columns hold every kind of value and whose ids are of every kind:
//!
//! ```
//! use std::sync::Arc;
//! use users_runtime::{
//!     UserModel, async_trait,
//!     conformance::{self, Stores},
//!     store::{SqliteStore, UserStore},
//! };
//!
//! struct InMemory;
//!
//! #[async_trait]
//! impl<U: UserModel> Stores<U> for InMemory {
//!     async fn fresh(&self) -> Arc<dyn UserStore<U>> {
//!         let store = SqliteStore::connect("sqlite::memory:").await.expect("a database");
//!         store.migrate().await.expect("tables");
//!         Arc::new(store)
//!     }
//! }
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! conformance::run(&InMemory).await.assert();
//! # });
//! ```
//!
//! A store that is written for one user type implements [`Stores`] for that type and is tested with [`run_for`].

mod accounts;
mod bench;
mod emails;
mod ids;
mod limits;
mod member;
mod rates;
mod records;
mod report;
mod searches;
mod tenants;
mod tokens;
mod updates;
mod users;
mod values;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{
    model::UserModel,
    store::UserStore,
    value::{Column, Kind, Value},
};

pub use ids::{BigId, IntId, TextId, UuidId};
pub use member::Member;
pub use rates::{LimitStores, run_limits};
pub use records::Holder;
#[cfg(all(test, feature = "sqlite"))]
pub(crate) use records::{BY_ID, BY_LABEL, BY_TITLE, NOTES, OLDEST, TAKE, USE};
pub use report::{Outcome, Report};
pub use tenants::Tenanted;

use bench::Bench;

/// Where the suite gets stores from.
#[async_trait]
pub trait Stores<U: UserModel>: Send + Sync {
    /// An empty store that is not shared: for example of a new database.
    async fn fresh(&self) -> Arc<dyn UserStore<U>>;

    /// Two stores on one new database, such as two processes have: each with connections of its own. The default is one store, twice.
    async fn pair(&self) -> [Arc<dyn UserStore<U>>; 2] {
        let store = self.fresh().await;
        [Arc::clone(&store), store]
    }

    /// The smallest difference between two instants that the store keeps; a microsecond unless a store says otherwise. What is
    /// finer is cut off, towards the past.
    fn instant_unit(&self) -> TimeDelta {
        TimeDelta::microseconds(1)
    }

    /// A value for a column of the application's own. The default fits the column's kind; a field that takes only some values
    /// of its kind, such as an enum, needs one of them.
    fn sample(&self, column: &Column) -> Value {
        sample(column)
    }
}

/// Tests a store with users of the suite's own, with ids of every kind.
pub async fn run<S>(stores: &S) -> Report
where
    S: Stores<Member<UuidId>>
        + Stores<Member<BigId>>
        + Stores<Member<IntId>>
        + Stores<Member<TextId>>
        + Stores<Holder<UuidId>>
        + Stores<Holder<BigId>>
        + Stores<Holder<TextId>>
        + Stores<Tenanted<UuidId>>
        + Stores<Tenanted<BigId>>
        + Stores<Tenanted<TextId>>,
{
    let mut report = Report::default();
    report.extend("uuid", run_for::<Member<UuidId>>(stores).await);
    report.extend("i64", run_for::<Member<BigId>>(stores).await);
    report.extend("i32", run_for::<Member<IntId>>(stores).await);
    report.extend("string", run_for::<Member<TextId>>(stores).await);
    report.extend("values", values::run(stores).await);
    report.extend("uuid", records::run::<UuidId>(stores).await);
    report.extend("i64", records::run::<BigId>(stores).await);
    report.extend("string", records::run::<TextId>(stores).await);
    report.extend("uuid", tenants::run::<Tenanted<UuidId>>(stores).await);
    report.extend("i64", tenants::run::<Tenanted<BigId>>(stores).await);
    report.extend("string", tenants::run::<Tenanted<TextId>>(stores).await);
    report.extend("limits", rates::run::<Holder<UuidId>>(stores).await);
    report
}

/// Runs each check on a store of its own.
macro_rules! checks {
    ($bench:expr, $($($module:ident)::+),* $(,)?) => {{
        let mut report = Report::default();
        $(
            let bench = $bench.await;
            report.add(stringify!($($module)::+), $($module)::+(&bench).await);
        )*
        report
    }};
}
use checks;

/// Tests a store with users of one type.
pub async fn run_for<U: UserModel>(stores: &dyn Stores<U>) -> Report {
    checks!(
        Bench::new(stores),
        users::finds_by_id_what_was_stored,
        users::refuses_a_second_user_with_the_same_id,
        users::assigns_a_new_id_to_every_user,
        users::deletes_once,
        emails::finds_without_regard_to_case,
        emails::finds_nothing_for_what_only_resembles,
        emails::refuses_an_address_that_is_taken,
        emails::refuses_a_change_to_an_address_that_is_taken,
        emails::frees_the_address_of_a_deleted_user,
        emails::lets_one_of_many_concurrent_registrations_win,
        updates::sets_only_the_given_columns,
        updates::without_changes_answer_with_the_user,
        updates::of_nobody_are_refused,
        updates::with_an_outdated_hash_change_nothing,
        updates::with_an_outdated_address_change_nothing,
        updates::with_several_conditions_want_all_of_them,
        updates::of_different_fields_survive_each_other,
        updates::with_the_same_expected_hash_have_one_winner,
        limits::the_longest_texts_are_stored,
        limits::what_cannot_be_stored_is_refused,
        limits::text_with_a_nul_is_kept_or_refused,
        limits::errors_show_no_values,
        tokens::are_found_as_stored,
        tokens::are_told_apart_by_case,
        tokens::are_found_in_the_order_of_the_candidates,
        tokens::are_deleted_once,
        tokens::of_a_user_are_deleted_except_one,
        tokens::before_an_instant_are_deleted,
        tokens::of_a_user_are_listed_or_not_at_all,
        tokens::go_with_their_user,
        accounts::are_found_as_stored,
        accounts::are_linked_once,
        accounts::follow_the_provider,
        accounts::keep_the_refresh_token_of_an_earlier_login,
        accounts::come_with_their_user_or_not_at_all,
        accounts::are_unlinked_by_their_user,
        accounts::go_with_their_user,
        searches::find_by_part_of_the_address_without_regard_to_case,
        searches::take_wildcards_literally,
        searches::filter_by_flags,
        searches::filter_by_fields_of_the_application,
        searches::show_everybody_once_portion_by_portion,
        searches::refuse_a_cursor_that_is_none,
    )
}

/// A value that fits a column's kind.
fn sample(column: &Column) -> Value {
    if let Some(default) = column.default {
        return default();
    }
    if column.nullable {
        return Value::Null;
    }
    match column.kind {
        Kind::Bool => Value::Bool(true),
        Kind::SmallInt | Kind::Int | Kind::BigInt => Value::Int(1),
        Kind::Float => Value::Float(1.5),
        Kind::Text => Value::Text("x".into()),
        Kind::Bytes => Value::Bytes(vec![1]),
        Kind::Uuid => Value::Uuid(uuid::Uuid::from_u128(1)),
        Kind::ObjectId => Value::Text("0".repeat(24)),
        Kind::Timestamp => Value::Timestamp(chrono::DateTime::UNIX_EPOCH),
        Kind::Date => Value::Date(chrono::DateTime::UNIX_EPOCH.date_naive()),
        Kind::Time => Value::Time(chrono::NaiveTime::MIN),
        Kind::Json => Value::Json(serde_json::json!({})),
    }
}
