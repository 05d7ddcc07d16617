//! The example `full` as an operator runs it, and as a server on the same database.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::LazyLock,
};

use users_runtime::{Users, cli};
use users_tests::{Client, Database, PASSWORD, SECRET, User, example_binary, keep};

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| example_binary("full"));

/// `full` on a database of its own.
pub(crate) struct Program(Database);

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self(Database::new())
    }

    pub(crate) fn database(&self) -> &Database {
        &self.0
    }

    /// What the program and its server find in their environment.
    pub(crate) fn environment(&self) -> [(&'static str, String); 4] {
        let text = |text: &str| text.to_owned();
        [
            ("DATABASE_URL", self.0.url()),
            ("SECRET", text(SECRET)),
            ("USERS_COMPAT", text("off")),
            ("BIND", text("127.0.0.1:0")),
        ]
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&*PROGRAM);
        for name in ["REDIS_URL", "OIDC_ISSUER", "RUST_LOG"] {
            command.env_remove(name);
        }
        command.envs(self.environment());
        command
    }

    /// The program's file.
    pub(crate) fn path() -> &'static PathBuf {
        &PROGRAM
    }

    /// Runs `full users …` with this on its standard input.
    pub(crate) fn run(&self, words: &[&str], input: &str) -> Said {
        let mut command = self.command();
        command
            .arg("users")
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().expect("the program");
        // A command that does not read its input may be gone by now.
        let _ = process
            .stdin
            .take()
            .expect("its input")
            .write_all(input.as_bytes());
        let output = process.wait_with_output().expect("its output");
        let [out, err] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
        Said {
            status: output.status.code().expect("no signal"),
            out,
            err,
        }
    }

    /// Runs `full users …` where nobody reads its standard output; its exit status.
    pub(crate) fn run_unheard(&self, words: &[&str]) -> i32 {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let status = self
            .command()
            .arg("users")
            .args(words)
            .stdin(Stdio::null())
            .stdout(writer)
            .status();
        status.expect("the program").code().expect("no signal")
    }

    /// Makes a superuser with [`PASSWORD`].
    pub(crate) fn create_superuser(&self, email: &str) {
        let said = self.run(
            &["create-superuser", "--email", email, "--password-stdin"],
            PASSWORD,
        );
        assert_eq!((said.status, said.err.as_str()), (0, ""), "{said:?}");
    }

    /// Starts the server.
    pub(crate) fn serve(&self) -> Server {
        let mut process = keep(&self.command(), "KILL", None)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut lines = BufReader::new(process.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok);
        let url = lines.find_map(|line| line.strip_prefix("Serving on ").map(str::to_owned));
        // What its hooks print has to go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Server {
            process,
            client: Client::new(&url.expect("a server")),
        }
    }
}

impl Said {
    /// Asserts that the command was refused with this code, and said nothing else.
    #[track_caller]
    pub(crate) fn assert_refused(&self, code: &str) {
        assert_eq!((self.status, self.out.as_str()), (1, ""), "{self:?}");
        assert!(
            self.err.starts_with(&format!("error[{code}]: ")),
            "{self:?}"
        );
    }

    /// Asserts that the command is done, and this the last line that it printed.
    #[track_caller]
    pub(crate) fn assert_done(&self, last: &str) {
        assert_eq!(
            (self.status, self.err.as_str(), self.out.lines().last()),
            (0, "", Some(last)),
            "{self:?}"
        );
    }
}

/// A server that ends with this value.
pub(crate) struct Server {
    process: Child,
    pub(crate) client: Client,
}

impl Server {
    /// A client that has logged in at a backend of bearer tokens.
    pub(crate) async fn logged_in(&self, backend: &str, email: &str, password: &str) -> Client {
        let answer = self.client.login(backend, email, password).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        self.client
            .bearer(answer.json()["access_token"].as_str().expect("a token"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The commands in a parser, as an application has them.
#[derive(clap::Parser)]
struct Arguments {
    #[command(subcommand)]
    command: cli::Command,
}

/// What these words ask for.
pub(crate) fn command(words: &[&str]) -> cli::Command {
    <Arguments as clap::Parser>::try_parse_from([&["test"], words].concat())
        .expect("a command")
        .command
}

/// Runs a command in this process.
pub(crate) async fn run_here(users: &Users<User>, words: &[&str], input: &str) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = command(words)
        .run(
            users,
            &mut cli::Io::new(input.as_bytes(), &mut out, &mut err),
        )
        .await;
    let [out, err] = [out, err].map(|bytes| String::from_utf8(bytes).expect("text"));
    let status = i32::from(format!("{code:?}") != format!("{:?}", std::process::ExitCode::SUCCESS));
    Said { status, out, err }
}
