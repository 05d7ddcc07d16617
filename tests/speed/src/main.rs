//! The CPU time of a request here, against a server by hand that does the same work and nothing else.
//!
//! ```text
//! cargo run --release -p users-speed
//! cargo run --release -p users-speed -- --database SQLite --rows me,PATCH --rounds 5 --json speed.json
//! ```
//!
//! Each server is a process of its own, on one core with its database, and the load comes from another core. The servers are asked in
//! turns, and a row's result is the median of the rounds' ratios: CPU time and turns make it bear a machine that has other work. It
//! fails where a row is beyond its goal.

mod by_hand;
mod by_hand_database;
mod by_hand_secrets;
mod growth;
#[path = "../../../users-runtime/tests/shared/keeper.rs"]
mod keeper;
mod load;
mod ours;
#[path = "../../../users-runtime/tests/shared/port.rs"]
mod port;
#[path = "../../../users-runtime/tests/postgres/server.rs"]
#[expect(
    dead_code,
    reason = "the suite of the store stops and shares servers, too"
)]
mod postgres_server;
mod process;
#[path = "../../src/redis_server.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "the suite of Redis stops its server, too, and takes it from a library"
)]
mod redis_server;
mod report;
mod rows;

use std::{any::Any, env, path::PathBuf, sync::Arc, time::Duration};

use clap::Parser;
use keeper::keep;
use load::Target;
use ours::Setup;
use process::{SERVE, Server, Stores};
use redis_server::RedisServer;
use report::{Measured, median};
use rows::{ROWS, Row};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// What signs the tokens of every server.
const SECRET: &str = "a secret of the benchmark, long enough for HS256";
/// The password of every user.
const PASSWORD: &str = "correct horse";
/// How long a server is asked before it is measured.
const WARM_UP: Duration = Duration::from_millis(300);

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// The databases, as the table names them.
const DATABASES: [&str; 2] = ["SQLite", "PostgreSQL"];

#[derive(Parser)]
struct Arguments {
    /// Measure with this database only.
    #[arg(long, value_parser = DATABASES)]
    database: Option<String>,
    /// Measure only rows that contain one of these texts.
    #[arg(long, value_delimiter = ',')]
    rows: Vec<String>,
    /// How often every server is asked for each row.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How long a round asks one server, in seconds.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How many users there are besides those who send requests.
    #[arg(long, default_value_t = 0)]
    users: u64,
    /// Write the results to this file, too.
    #[arg(long)]
    json: Option<PathBuf>,
}

impl Arguments {
    fn wants(&self, row: &str) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|text| row.contains(text.as_str()))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    match env::var(SERVE).as_deref() {
        Ok("ours") => {
            let name = env::var(ours::SETUP)?;
            let setup = Setup::ALL.into_iter().find(|setup| setup.name() == name);
            return ours::serve(setup.ok_or("no such setup")?).await;
        }
        Ok(_) => return by_hand::serve().await,
        Err(_) => {}
    }
    let arguments = Arguments::parse();
    let mut results = Vec::new();
    Measured::print_head();
    for database in DATABASES {
        if arguments
            .database
            .as_deref()
            .is_none_or(|wanted| wanted == database)
        {
            measure(database, &arguments, &mut results).await?;
        }
    }
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_vec_pretty(&results)?)?;
    }
    let beyond = results.iter().filter(|result| !result.is_reached).count();
    if beyond == 0 {
        return Ok(());
    }
    Err(format!("{beyond} of {} rows are beyond their goals", results.len()).into())
}

/// The servers that are compared, each with a database of its own.
struct Contestants {
    by_hand: Contestant,
    ours: Vec<(Setup, Contestant)>,
    _servers: (RedisServer, Box<dyn Any>),
}

struct Contestant {
    stores: Stores,
    server: Server,
    target: Arc<Target>,
    memory: f64,
}

impl Contestants {
    async fn start(database: &str) -> Result<Self> {
        let redis = RedisServer::start().await;
        let mut names = vec!["by_hand"];
        names.extend(Setup::ALL.map(Setup::name));
        let (urls, server): (Vec<String>, Box<dyn Any>) = if database == "SQLite" {
            let folder = tempfile::tempdir()?;
            let url =
                |name: &&str| format!("sqlite://{}/{name}.db?mode=rwc", folder.path().display());
            (names.iter().map(url).collect(), Box::new(folder))
        } else {
            let server = postgres_server::Server::own().await;
            let mut operator = PgConnection::connect(&server.operator_url()).await?;
            for name in &names {
                let create = AssertSqlSafe(format!("CREATE DATABASE speed_{name}"));
                operator.execute(create).await?;
            }
            let url = |name: &&str| server.url(&format!("speed_{name}"));
            (names.iter().map(url).collect(), Box::new(server))
        };
        let mut urls = urls.into_iter().map(|database| Stores {
            database,
            redis: redis.url(),
        });
        let by_hand = urls.next().ok_or("no database")?;
        let by_hand = Contestant::start(None, by_hand).await?;
        let mut ours = Vec::new();
        for (setup, stores) in Setup::ALL.into_iter().zip(urls) {
            ours.push((setup, Contestant::start(Some(setup), stores).await?));
        }
        process::pin()?;
        Ok(Self {
            by_hand,
            ours,
            _servers: (redis, server),
        })
    }

    async fn add_users(&self, number: u64) -> Result<()> {
        let by_hand = &self.by_hand.stores.database;
        growth::add_users(by_hand, true, number).await?;
        for (_, ours) in &self.ours {
            growth::add_users(&ours.stores.database, false, number).await?;
        }
        Ok(())
    }

    fn ours(&self, setup: Setup) -> Result<&Contestant> {
        let found = self.ours.iter().find(|(known, _)| *known == setup);
        Ok(&found.ok_or("no such setup")?.1)
    }
}

impl Contestant {
    async fn start(setup: Option<Setup>, stores: Stores) -> Result<Self> {
        let server = Server::start(setup.map(Setup::name), &stores).await?;
        let memory = server.memory()?;
        let target = Target::prepare(server.address.clone()).await?;
        Ok(Self {
            stores,
            server,
            target: Arc::new(target),
            memory,
        })
    }

    /// Microseconds of CPU time for one request, and the 99th percentile of its latency in milliseconds.
    async fn round(&self, row: &Row, time: Duration) -> Result<(f64, f64)> {
        let before = process::cpu_time();
        let logins = self.target.run(rows::Work::LogIn, row.logins, time);
        let (round, logins) =
            tokio::join!(self.target.run(row.work, row.connections, time), logins);
        logins?;
        let round = round?;
        let spent = process::cpu_time().saturating_sub(before);
        let mut latencies: Vec<_> = round.latencies;
        latencies.sort_unstable();
        let p99 = latencies.get(latencies.len() * 99 / 100);
        let requests = u32::try_from(latencies.len())?.max(1);
        let p99 = p99.map_or(f64::NAN, Duration::as_secs_f64);
        Ok((spent.as_secs_f64() * 1e6 / f64::from(requests), p99 * 1e3))
    }
}

async fn measure(
    database: &'static str,
    arguments: &Arguments,
    results: &mut Vec<Measured>,
) -> Result<()> {
    let contestants = Contestants::start(database).await?;
    contestants.add_users(arguments.users).await?;
    for row in ROWS {
        if arguments.wants(row.name) {
            let result = compare(database, row, &contestants, arguments).await?;
            result.print();
            results.push(result);
        }
    }
    let Contestants { by_hand, .. } = &contestants;
    let ours = contestants.ours(Setup::Preset)?;
    if arguments.wants("memory when idle") {
        let numbers = [ours.memory, by_hand.memory];
        results.push(absolute(
            database,
            "memory when idle, MiB",
            numbers,
            rows::IDLE,
        ));
    }
    if arguments.wants("memory after load") {
        let peaks = [ours, by_hand].map(|contestant| contestant.server.peak());
        let [ours_peak, by_hand_peak] = peaks;
        for (row, numbers) in [
            (
                "memory after load, MiB",
                [ours.server.memory()?, by_hand.server.memory()?],
            ),
            ("memory at its peak, MiB", [ours_peak?, by_hand_peak?]),
        ] {
            results.push(absolute(database, row, numbers, f64::INFINITY));
        }
    }
    if arguments.wants("start") {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..arguments.rounds.max(5) {
            let preset = Server::start(Some(Setup::Preset.name()), &ours.stores).await?;
            times[0].push(preset.started);
            drop(preset);
            times[1].push(Server::start(None, &by_hand.stores).await?.started);
        }
        // The fastest of each: what the machine has besides only adds.
        let fastest = times.map(|times| times.into_iter().min().unwrap_or_default());
        let fastest = fastest.map(|time| time.as_secs_f64() * 1e3);
        results.push(absolute(database, "start, ms", fastest, rows::START));
    }
    Ok(())
}

/// Asks both servers of a row in turns.
async fn compare(
    database: &'static str,
    row: &Row,
    contestants: &Contestants,
    arguments: &Arguments,
) -> Result<Measured> {
    let pair = [contestants.ours(row.setup)?, &contestants.by_hand];
    let time = Duration::from_secs_f64(arguments.seconds);
    for contestant in pair {
        // Connections, prepared statements and memory for hashing are made once.
        contestant.round(row, time.min(WARM_UP)).await?;
    }
    let mut cpu = [Vec::new(), Vec::new()];
    let mut p99 = [Vec::new(), Vec::new()];
    for round in 0..arguments.rounds {
        for turn in 0..2 {
            let which = (round + turn) % 2;
            let (spent, latency) = pair[which].round(row, time).await?;
            cpu[which].push(spent);
            p99[which].push(latency);
        }
    }
    let [ours, by_hand] = if row.logins > 0 { &p99 } else { &cpu };
    let ratios = ours
        .iter()
        .zip(by_hand)
        .map(|(ours, by_hand)| ours / by_hand);
    let result = median(ratios.collect());
    let [ours, by_hand] = [ours, by_hand].map(|times| median(times.clone()));
    Ok(Measured {
        database,
        row: row.name,
        ours,
        by_hand,
        p99: Some(p99.map(median)),
        result,
        goal: row.goal,
        is_reached: result <= row.goal,
    })
}

/// A row whose goal is no ratio.
fn absolute(
    database: &'static str,
    row: &'static str,
    [ours, by_hand]: [f64; 2],
    goal: f64,
) -> Measured {
    let measured = Measured {
        database,
        row,
        ours,
        by_hand,
        p99: None,
        result: ours,
        goal,
        is_reached: ours <= goal,
    };
    measured.print();
    measured
}
