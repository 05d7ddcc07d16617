//! The load, and what is measured of it.

use std::{
    error::Error,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use users_tests::PASSWORD;

const EMAIL: &str = "storm@example.com";
const READERS: usize = 8;

/// A server under load.
#[derive(Clone)]
pub(crate) struct Target {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// What was measured, over all rounds.
#[derive(Default)]
pub(crate) struct Report {
    latencies: Vec<Duration>,
    logins: usize,
    refused: usize,
    elapsed: Duration,
}

impl Target {
    /// Registers the user of the storm and logs in.
    pub(crate) async fn log_in(url: &str) -> Result<Self, Box<dyn Error>> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let body = serde_json::json!({ "email": EMAIL, "password": PASSWORD });
        http.post(format!("{url}/auth/register"))
            .json(&body)
            .send()
            .await?
            .error_for_status()?;
        let target = Self {
            http,
            url: url.to_owned(),
            token: String::new(),
        };
        let answer: serde_json::Value = target.login().await?.error_for_status()?.json().await?;
        let token = answer["access_token"]
            .as_str()
            .ok_or("no token")?
            .to_owned();
        Ok(Self { token, ..target })
    }

    async fn login(&self) -> reqwest::Result<reqwest::Response> {
        self.http
            .post(format!("{}/auth/jwt/login", self.url))
            .form(&[("username", EMAIL), ("password", PASSWORD)])
            .send()
            .await
    }

    /// Reads `/users/me` for a while, beside so many clients that log in.
    pub(crate) async fn run(
        &self,
        logins: usize,
        time: Duration,
    ) -> Result<Report, Box<dyn Error>> {
        let (start, end) = (Instant::now(), Instant::now() + time);
        let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let storm: Vec<_> = (0..logins)
            .map(|_| tokio::spawn(self.clone().keep_logging_in(end, Arc::clone(&counts))))
            .collect();
        let readers: Vec<_> = (0..READERS)
            .map(|_| tokio::spawn(self.clone().keep_reading(end)))
            .collect();
        let mut latencies = Vec::new();
        for reader in readers {
            latencies.extend(reader.await??);
        }
        let elapsed = start.elapsed();
        for client in storm {
            client.await??;
        }
        let (logins, refused) = (
            counts.0.load(Ordering::Relaxed),
            counts.1.load(Ordering::Relaxed),
        );
        Ok(Report {
            latencies,
            logins,
            refused,
            elapsed,
        })
    }

    async fn keep_logging_in(
        self,
        end: Instant,
        counts: Arc<(AtomicUsize, AtomicUsize)>,
    ) -> reqwest::Result<()> {
        while Instant::now() < end {
            let succeeded = self.login().await?.status().is_success();
            let count = if succeeded { &counts.0 } else { &counts.1 };
            count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn keep_reading(self, end: Instant) -> reqwest::Result<Vec<Duration>> {
        let mut latencies = Vec::new();
        while Instant::now() < end {
            let start = Instant::now();
            let request = self
                .http
                .get(format!("{}/users/me", self.url))
                .bearer_auth(&self.token);
            request.send().await?.error_for_status()?.bytes().await?;
            latencies.push(start.elapsed());
        }
        Ok(latencies)
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a report needs no more than three digits"
)]
impl Report {
    /// Adds another round.
    pub(crate) fn add(&mut self, round: Self) {
        self.latencies.extend(round.latencies);
        self.logins += round.logins;
        self.refused += round.refused;
        self.elapsed += round.elapsed;
    }

    /// Reads per second.
    pub(crate) fn throughput(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Logins per second.
    pub(crate) fn logins(&self) -> f64 {
        self.logins as f64 / self.elapsed.as_secs_f64()
    }

    /// The 99th percentile of a read's latency, in milliseconds.
    pub(crate) fn p99(&self) -> f64 {
        self.percentile(99)
    }

    fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        sorted
            .get(sorted.len() * percent / 100)
            .map_or(f64::NAN, |latency| latency.as_secs_f64() * 1000.0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (throughput, logins, refused) = (self.throughput(), self.logins(), self.refused);
        let (p50, p99) = (self.percentile(50), self.p99());
        write!(
            f,
            "{throughput:8.0} reads/s, p50 {p50:6.2} ms, p99 {p99:6.2} ms, {logins:5.1} logins/s, {refused} refused"
        )
    }
}
