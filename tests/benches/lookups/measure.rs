//! What is measured: three look-ups and a registration's insert.

use std::time::{Duration, Instant};

use users_runtime::{
    UserModel as _,
    store::{ColumnValue, UserStore},
    value::{Column, Field as _, Role, Value},
};
use users_tests::User;

use crate::{Result, fill, stores::Stores};

/// What is measured, the address first.
pub(crate) const OPERATIONS: [&str; 4] = ["find_by_email", "find", "find_token", "insert"];

const ROUNDS: u32 = 8;
const LOOK_UPS: u32 = 100;
const INSERTS: u32 = 25;

/// The medians of both databases.
pub(crate) struct Medians([[Duration; 4]; 2]);

impl Medians {
    pub(crate) fn milliseconds(&self) -> [[f64; 4]; 2] {
        self.0
            .map(|operations| operations.map(|median| median.as_secs_f64() * 1000.0))
    }

    /// Many users by few.
    pub(crate) fn ratios(&self) -> [f64; 4] {
        std::array::from_fn(|operation| self.0[1][operation].div_duration_f64(self.0[0][operation]))
    }
}

/// Measures both databases in turns.
pub(crate) async fn in_turns(stores: &Stores, users: [u32; 2]) -> Result<Medians> {
    let mut times: [[Vec<Duration>; 4]; 2] = Default::default();
    for round in 0..=ROUNDS {
        for ((store, users), times) in stores.each.iter().zip(users).zip(&mut times) {
            measure(&**store, users, round, times).await?;
            if round == 0 {
                // The first round connects, prepares and fills caches.
                *times = Default::default();
            }
        }
    }
    Ok(Medians(times.map(|operations| operations.map(median))))
}

async fn measure(
    store: &dyn UserStore<User>,
    users: u32,
    round: u32,
    times: &mut [Vec<Duration>; 4],
) -> Result<()> {
    let tokens = store
        .access_tokens()
        .ok_or("a store without access tokens")?;
    for step in 0..LOOK_UPS {
        let number = somebody(round * LOOK_UPS + step, users);
        let email = fill::email(number).to_uppercase();
        let start = Instant::now();
        let user = store
            .find_by_email(&email)
            .await?
            .ok_or("an address is not found")?;
        times[0].push(start.elapsed());
        if user.email != fill::email(number) {
            return Err("another user was found".into());
        }
        // Of somebody else, whose row is in no cache yet.
        let token = fill::token(somebody(round * LOOK_UPS + step + 1_000_000, users));
        let start = Instant::now();
        let token = tokens
            .find_token(&[&token])
            .await?
            .ok_or("a token is not found")?;
        times[2].push(start.elapsed());
        let start = Instant::now();
        let owner = store
            .find(&token.user_id)
            .await?
            .ok_or("an id is not found")?;
        times[1].push(start.elapsed());
        if owner.id != token.user_id {
            return Err("another owner was found".into());
        }
    }
    for step in 0..INSERTS {
        let values = new_user(&format!("New{round}.{step}@example.com"));
        let start = Instant::now();
        store.insert(values).await?;
        times[3].push(start.elapsed());
    }
    Ok(())
}

/// One of the users, of whom this gives another for each step, all over the table.
fn somebody(step: u32, users: u32) -> u32 {
    // A step of the multiplicative hash, of which the upper bits are the random ones.
    let random = u64::from(step.wrapping_mul(2_654_435_769));
    u32::try_from((random * u64::from(users)) >> 32).unwrap_or_default() + 1
}

fn new_user(email: &str) -> Vec<ColumnValue> {
    let value = |(column, description): (usize, &Column)| {
        let value = match description.role {
            Role::Id => User::new_id()?.to_value(),
            Role::Email => Value::Text(email.into()),
            Role::HashedPassword => Value::Text(fill::HASH.into()),
            Role::IsActive => Value::Bool(true),
            Role::IsSuperuser | Role::IsVerified => Value::Bool(false),
            _ => description.default.map_or(Value::Null, |default| default()),
        };
        Some(ColumnValue { column, value })
    };
    User::COLUMNS.iter().enumerate().filter_map(value).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
