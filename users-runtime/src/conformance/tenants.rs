//! Users who belong to tenants, in stores that find them by tenant.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{
    Report, Stores,
    bench::{Bench, outcome, refused, text},
    checks,
    member::{Member, Nothing},
    report::{Failed, ensure},
};
use crate::{
    model::{Account, BackendSpec, Config, StrategyKind, UserModel},
    store::{ColumnValue, StoreError, TenantStore, UserSearch, tenant_column},
    value::{Column, Kind, Role, Row, RowError, UserId, Value, Viewer},
};

/// A user of the suite's own who belongs to a tenant, whose ids are of the same kind as the users': a [`Member`] with other columns.
#[derive(Clone, Debug)]
pub struct Tenanted<Id>(Member<Id>);

impl<Id: UserId> UserModel for Tenanted<Id> {
    type Id = Id;
    type Read = Nothing;
    type Loaded = ();
    type Create = Nothing;
    type Update = Nothing;

    const TABLE: &'static str = "user";
    const COLUMNS: &'static [Column] = &{
        let [id, email, hash, active, superuser, verified] = Member::<Id>::SIX;
        let tenant = Column::new::<Id>("group").tenant();
        [id, email, hash, active, superuser, verified, tenant]
    };
    const CONFIG: Config = Config::new(&[BackendSpec::bearer("jwt", StrategyKind::Jwt)]);

    fn from_row(row: &mut Row) -> Result<Self, RowError> {
        Member::with_columns(row, Self::COLUMNS).map(Self)
    }

    fn account(&self) -> Account<'_, Id> {
        self.0.account()
    }

    fn read_with(&self, email: String, viewer: Viewer, (): ()) -> Nothing {
        self.0.read_with(email, viewer, ())
    }

    fn tenant(&self) -> Option<Value> {
        Some(self.0.extra(0).clone())
    }
}

/// Tests a store of users who belong to tenants, if it finds users by tenant.
pub(super) async fn run<U: UserModel>(stores: &dyn Stores<U>) -> Report {
    if stores.fresh().await.tenants().is_none() {
        return Report::default();
    }
    checks!(
        Bench::new(stores),
        have_one_user_with_an_address_each,
        refuse_an_address_that_one_of_their_users_has,
        refuse_a_change_to_an_address_that_one_of_their_users_has,
        let_one_of_many_concurrent_registrations_win_each,
        are_searched_by,
    )
}

/// The first or the second tenant.
fn tenant<U: UserModel>(number: u8) -> Value {
    match tenant_column::<U>().map(|(_, column)| column.kind) {
        Some(Kind::Uuid) => Value::Uuid(uuid::Uuid::from_u128(number.into())),
        Some(Kind::Text) => Value::Text(format!("it's {number}/%")),
        _ => Value::Int(number.into()),
    }
}

fn values<U: UserModel>(bench: &Bench<'_, U>, number: u8, email: &str) -> Vec<ColumnValue> {
    let mut values = bench.values(email);
    let position = tenant_column::<U>().map(|(position, _)| position);
    for value in &mut values {
        if Some(value.column) == position {
            value.value = tenant::<U>(number);
        }
    }
    values
}

fn tenants<'a, U: UserModel>(bench: &'a Bench<'_, U>) -> Result<&'a dyn TenantStore<U>, Failed> {
    let missing = || Failed("a store finds no users by tenant, and another does".to_owned());
    bench.store.tenants().ok_or_else(missing)
}

async fn have_one_user_with_an_address_each<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let mut ids = Vec::new();
    for number in [1, 2] {
        let user = bench.store.insert(values(bench, number, "Ada@example.com"));
        ids.push(user.await?.account().id.to_string());
    }
    let store = tenants(bench)?;
    for (number, id) in [1, 2].into_iter().zip(&ids) {
        for email in ["Ada@example.com", "ADA@EXAMPLE.COM"] {
            let found = store.find_in_tenant(&tenant::<U>(number), email).await?;
            let Some(user) = found else {
                return Err(Failed(format!("`{email}` is not found in its tenant")));
            };
            ensure!(
                user.account().id.to_string() == *id,
                "the user of the other tenant is found"
            );
            ensure!(
                user.tenant() == Some(tenant::<U>(number)),
                "the tenant is not as stored: {:?}",
                user.tenant()
            );
        }
    }
    let empty = tenant::<U>(3);
    let found = store.find_in_tenant(&empty, "ada@example.com").await?;
    ensure!(found.is_none(), "a user is found in a tenant without users");
    Ok(())
}

async fn refuse_an_address_that_one_of_their_users_has<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    bench
        .store
        .insert(values(bench, 1, "ada@example.com"))
        .await?;
    for email in ["ada@example.com", "Ada@Example.com"] {
        refused!(
            bench.store.insert(values(bench, 1, email)).await,
            StoreError::EmailTaken
        );
    }
    bench
        .store
        .insert(values(bench, 2, "Ada@Example.com"))
        .await?;
    Ok(())
}

async fn refuse_a_change_to_an_address_that_one_of_their_users_has<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    bench
        .store
        .insert(values(bench, 1, "ada@example.com"))
        .await?;
    bench
        .store
        .insert(values(bench, 2, "eve@example.com"))
        .await?;
    let bob = bench
        .store
        .insert(values(bench, 1, "bob@example.com"))
        .await?;
    let change = |email| vec![text::<U>(Role::Email, email)];
    let id = bob.account().id;
    refused!(
        bench
            .store
            .update(id, change("ADA@example.com"), None)
            .await,
        StoreError::EmailTaken
    );
    let moved = bench
        .store
        .update(id, change("eve@example.com"), None)
        .await?;
    ensure!(
        moved.account().email == "eve@example.com",
        "an address of the other tenant's users is refused"
    );
    Ok(())
}

async fn let_one_of_many_concurrent_registrations_win_each<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let mut registrations = JoinSet::new();
    for turn in 0..40_u8 {
        let number = turn % 2 + 1;
        let email = if turn % 4 < 2 {
            "ada@example.com"
        } else {
            "ADA@example.com"
        };
        let (store, values) = (Arc::clone(&bench.store), values(bench, number, email));
        registrations.spawn(async move { (number, store.insert(values).await) });
    }
    let mut winners = [0, 0];
    for (number, result) in registrations.join_all().await {
        match result {
            Ok(_) => winners[usize::from(number - 1)] += 1,
            Err(StoreError::EmailTaken) => {}
            other => {
                let other = outcome(&other);
                return Err(Failed(format!("expected EmailTaken, got {other}")));
            }
        }
    }
    ensure!(
        winners == [1, 1],
        "{winners:?} of 20 registrations each won"
    );
    Ok(())
}

async fn are_searched_by<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(store) = bench.store.administration() else {
        return Ok(());
    };
    for (number, email) in [
        (1, "ada@example.com"),
        (1, "bob@example.com"),
        (2, "ada@example.com"),
    ] {
        bench.store.insert(values(bench, number, email)).await?;
    }
    for (number, expected) in [(1, 2), (2, 1), (3, 0)] {
        let mut search = UserSearch::new();
        if let Some((_, column)) = tenant_column::<U>() {
            search.fields.push((column.field, tenant::<U>(number)));
        }
        let found = store.search(&search).await?.len();
        ensure!(found == expected, "{found} users of {expected} are found");
        let count = store.count(&search).await?;
        ensure!(
            usize::try_from(count) == Ok(expected),
            "{count} users of {expected} are counted"
        );
    }
    Ok(())
}
