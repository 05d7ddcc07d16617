//! Look-ups among 1,000 and among 1,000,000 users, in every store.
//!
//! ```text
//! cargo bench -p users-tests --features servers --bench lookups
//! ```
//!
//! Each store has two databases on one private server, which are measured in turns, so that only the ratios matter. Whoever names
//! stores behind `--` has only those measured. It fails when an e-mail address takes beyond the bound longer to find among many
//! users than among few.

mod fill;
mod fill_mongodb;
mod measure;
#[path = "../../../users-runtime/tests/mongodb/server.rs"]
#[expect(
    dead_code,
    reason = "the suite of the store stops and shares servers, too"
)]
mod mongodb_server;
#[path = "../../../users-runtime/tests/mysql/server.rs"]
#[expect(
    dead_code,
    reason = "the suite of the store stops and shares servers, too"
)]
mod mysql_server;
#[path = "../../../users-runtime/tests/postgres/server.rs"]
#[expect(
    dead_code,
    reason = "the suite of the store stops and shares servers, too"
)]
mod postgres_server;
mod stores;

use std::error::Error;

use measure::{Medians, OPERATIONS};
use stores::Kind;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How many users the two databases of a store have.
const USERS: [u32; 2] = [1_000, 1_000_000];
/// Finding an address takes at most so many times longer among many users.
const MOST: f64 = 3.0;

#[tokio::main]
async fn main() -> Result<()> {
    // Cargo passes `--bench` on.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if let Some(unknown) = wanted
        .iter()
        .find(|word| Kind::ALL.iter().all(|kind| kind.name() != word.as_str()))
    {
        return Err(format!(
            "no store is called `{unknown}`: {}",
            Kind::ALL.map(Kind::name).join(", ")
        )
        .into());
    }
    println!(
        "{:<12} {:<16} {:>14} {:>14} {:>7}",
        "store", "operation", "1,000 users", "1,000,000", "ratio"
    );
    let mut beyond = Vec::new();
    for kind in Kind::ALL {
        if !wanted.is_empty() && !wanted.iter().any(|word| word == kind.name()) {
            continue;
        }
        let stores = kind.filled(USERS).await?;
        let medians = measure::in_turns(&stores, USERS).await?;
        print(kind.name(), &medians);
        if medians.ratios()[0] > MOST {
            beyond.push(kind.name());
        }
    }
    if beyond.is_empty() {
        Ok(())
    } else {
        Err(format!("finding an address takes more than {MOST} times longer: {beyond:?}").into())
    }
}

fn print(store: &str, medians: &Medians) {
    let [few, many] = medians.milliseconds();
    for (operation, ratio) in medians.ratios().into_iter().enumerate() {
        let (name, few, many) = (OPERATIONS[operation], few[operation], many[operation]);
        println!("{store:<12} {name:<16} {few:>11.3} ms {many:>11.3} ms {ratio:>7.2}");
    }
}
