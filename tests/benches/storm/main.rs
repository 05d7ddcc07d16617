//! `GET /users/me` under a storm of logins: this crate's routes beside a hand-written axum + sqlx server.
//!
//! ```text
//! cargo bench -p users-tests --bench storm
//! ```
//!
//! Each server is a process of its own with the same number of threads, and both are measured in turns in one run, so that only
//! the ratios matter. A storm is 16 clients that log in without a pause while 8 clients read `/users/me`. It fails when ours is
//! beyond the bounds under the storm.

mod handwritten;
mod load;

use std::{
    error::Error,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use load::{Report, Target};

const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_secs(4);

/// Under the storm, at most so many times the p99 of the hand-written server.
const MOST_P99: f64 = 3.0;
/// Under the storm, at least so much of its throughput.
const LEAST_THROUGHPUT: f64 = 0.9;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match std::env::var("STORM_SERVE").as_deref() {
        Ok("ours") => return serve_ours().await,
        Ok("handwritten") => return handwritten::serve().await,
        _ => {}
    }
    let servers = [Server::start("handwritten")?, Server::start("ours")?];
    let mut targets = Vec::new();
    for server in &servers {
        targets.push(Target::log_in(&server.url).await?);
    }
    for (title, logins) in [("no logins", 0), ("a storm of logins", 16)] {
        let mut reports = [Report::default(), Report::default()];
        for _ in 0..ROUNDS {
            for (target, report) in targets.iter().zip(&mut reports) {
                report.add(target.run(logins, ROUND).await?);
            }
        }
        let ratios = Ratios::of(&reports);
        print(title, &reports, &ratios);
        if logins > 0 {
            ratios.check()?;
        }
    }
    Ok(())
}

/// Ours by the hand-written server's.
struct Ratios {
    throughput: f64,
    p99: f64,
    logins: f64,
}

impl Ratios {
    fn of([handwritten, ours]: &[Report; 2]) -> Self {
        Self {
            throughput: ours.throughput() / handwritten.throughput(),
            p99: ours.p99() / handwritten.p99(),
            logins: ours.logins() / handwritten.logins().max(f64::MIN_POSITIVE),
        }
    }

    fn check(&self) -> Result<(), String> {
        // Where nothing was measured the ratios are no numbers, and not within the bounds either.
        if self.p99 <= MOST_P99 && self.throughput >= LEAST_THROUGHPUT {
            return Ok(());
        }
        Err(format!(
            "beyond the bounds: at least {LEAST_THROUGHPUT} of the throughput and at most {MOST_P99} times the p99"
        ))
    }
}

fn print(title: &str, [handwritten, ours]: &[Report; 2], ratios: &Ratios) {
    println!("\n{title}");
    for (name, report) in [("hand-written", handwritten), ("ours", ours)] {
        println!("  {name:13} {report}");
    }
    println!(
        "  ours / hand-written: {:.2} of the throughput, {:.2} times the p99, {:.2} of the logins",
        ratios.throughput, ratios.p99, ratios.logins,
    );
}

/// A server in a process of its own, which ends with this value.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(which: &str) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(std::env::current_exe()?);
        command.env("STORM_SERVE", which);
        let mut process = users_tests::keep(&command, "KILL", None)
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("no standard output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        Ok(Self {
            process,
            url: url.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn serve_ours() -> Result<(), Box<dyn Error>> {
    let app = users_tests::App::start().await;
    println!("{}", app.url);
    std::future::pending().await
}
