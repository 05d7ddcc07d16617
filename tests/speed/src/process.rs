//! The processes that are measured: their CPU time and memory, as Linux reports them.

use std::{
    env, fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Result, load::Target, ours::SETUP};

/// How long a server may take to answer first, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_mins(1);
/// The environment variable that names what a process of this program serves.
pub(crate) const SERVE: &str = "SPEED_SERVE";

/// A server in a process of its own, which ends with this value.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
    /// From the start of the process to its first answer.
    pub(crate) started: Duration,
}

/// Where a server keeps its data.
pub(crate) struct Stores {
    pub(crate) database: String,
    pub(crate) redis: String,
}

impl Server {
    /// Starts the server by hand, or the one with this setup, and waits until it answers.
    pub(crate) async fn start(setup: Option<&str>, stores: &Stores) -> Result<Self> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let address = address.to_string();
        let target = Target::new(address.clone());
        let (request, status) = target.probe();
        let mut command = Command::new(env::current_exe()?);
        command
            .env(SERVE, setup.map_or("by hand", |_| "ours"))
            .env(SETUP, setup.unwrap_or_default())
            .env("SPEED_BIND", &address)
            .env("SPEED_DATABASE", &stores.database)
            .env("SPEED_REDIS", &stores.redis)
            .stdout(Stdio::null());
        let begun = Instant::now();
        let process = crate::keep(&command, "KILL", None).spawn()?;
        let mut server = Self {
            process,
            address,
            started: Duration::ZERO,
        };
        while let Err(error) = target.ask(&request, status).await {
            let has_ended = server.process.try_wait()?.is_some();
            if has_ended || begun.elapsed() > PATIENCE {
                return Err(format!("a server does not start: {error}").into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.started = begun.elapsed();
        Ok(server)
    }

    /// Its resident memory in MiB, libraries included.
    pub(crate) fn memory(&self) -> Result<f64> {
        self.status("VmRSS")
    }

    /// The most that it ever was.
    pub(crate) fn peak(&self) -> Result<f64> {
        self.status("VmHWM")
    }

    /// A field of the process's status, in MiB.
    fn status(&self, field: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let mut fields = status.lines().filter_map(|line| line.split_once(':'));
        let (_, size) = fields.find(|(name, _)| *name == field).ok_or("no memory")?;
        let kib: f64 = size.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The CPU time of every process that this one has started: the servers and their databases. Those that are not asked use none, and
/// the load is made by this process itself.
pub(crate) fn cpu_time() -> Duration {
    let own = std::process::id();
    let ticks: u64 = descendants(own).into_iter().filter_map(ticks).sum();
    // Linux reports ticks of a hundredth of a second to programs.
    Duration::from_millis(ticks * 10)
}

/// The CPU time of a process and of its children that have ended.
fn ticks(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may have blanks. User and system time are the fields 14 and 15, those of the children follow.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields = fields.split_whitespace().skip(11).take(4);
    fields.map(|field| field.parse::<u64>().ok()).sum()
}

fn descendants(process: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let children = threads.flatten().flat_map(|thread| {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|id| id.parse().ok());
        children.collect::<Vec<u32>>()
    });
    let found = children.flat_map(|child| [vec![child], descendants(child)].concat());
    found.collect()
}

/// Puts this process on one core and all that it has started on another, where there are two, so that the load's own work does not
/// change how often the servers wait.
pub(crate) fn pin() -> Result<()> {
    if std::thread::available_parallelism()?.get() < 2 {
        return Ok(());
    }
    let own = std::process::id();
    move_to("1", own)?;
    descendants(own)
        .into_iter()
        .try_for_each(|process| move_to("0", process))
}

fn move_to(core: &str, process: u32) -> Result<()> {
    let output = Command::new("taskset")
        .args([
            "--all-tasks",
            "--cpu-list",
            "--pid",
            core,
            &process.to_string(),
        ])
        .output()?;
    // A process may have ended in the meantime.
    let is_gone = !fs::exists(format!("/proc/{process}"))?;
    if output.status.success() || is_gone {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into())
    }
}
