//! A closed loop of requests over kept connections, which keeps every latency.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{PASSWORD, Result, rows::Work};

/// How many users there are: one who only logs in and reads, and those whom requests change. Each costs two hashes at the start.
const USERS: usize = 5;

/// A server, and the tokens of its users.
pub(crate) struct Target {
    address: String,
    /// Of the first user, for each backend.
    tokens: Vec<(&'static str, String)>,
    /// Of each user, as JSON web tokens.
    jwts: Vec<String>,
    /// What makes addresses unique.
    counter: AtomicU64,
}

/// What a round has done.
pub(crate) struct Round {
    pub(crate) latencies: Vec<Duration>,
}

fn email(user: usize) -> String {
    format!("user{user}@speed.example.com")
}

impl Target {
    /// Registers the users of a server and logs them in.
    pub(crate) async fn prepare(address: String) -> Result<Self> {
        let mut target = Self {
            address,
            tokens: Vec::new(),
            jwts: Vec::new(),
            counter: AtomicU64::new(0),
        };
        for user in 0..USERS {
            let body = format!(r#"{{"email":"{}","password":"{PASSWORD}"}}"#, email(user));
            let request = target.json("POST", "/auth/register", "", &body);
            target.ask(&request, 201).await?;
            let token = target.log_in("jwt", user).await?;
            target.jwts.push(token);
        }
        for backend in ["jwt", "session", "db", "redis"] {
            let token = target.log_in(backend, 0).await?;
            target.tokens.push((backend, token));
        }
        Ok(target)
    }

    async fn log_in(&self, backend: &str, user: usize) -> Result<String> {
        let answer = self.ask(&self.login(backend, &email(user)), 200).await?;
        let answer: serde_json::Value = serde_json::from_str(&answer)?;
        let token = answer["access_token"].as_str().ok_or("no token")?;
        Ok(token.to_owned())
    }

    /// Sends one request on a connection of its own.
    pub(crate) async fn ask(&self, request: &str, status: u16) -> Result<String> {
        let mut connection = Connection::open(&self.address).await?;
        connection.ask(request, status).await
    }

    /// The request for an address that no user has, which every server answers alike.
    pub(crate) fn probe(&self) -> (String, u16) {
        self.request(Work::ForgotUnknown, 0)
    }

    /// A server that has no users yet.
    pub(crate) fn new(address: String) -> Self {
        Self {
            address,
            tokens: Vec::new(),
            jwts: Vec::new(),
            counter: AtomicU64::new(0),
        }
    }

    fn request(&self, work: Work, connection: usize) -> (String, u16) {
        let fresh = || {
            let number = self.counter.fetch_add(1, Ordering::Relaxed);
            format!("new{number:010}@speed.example.com")
        };
        let address = |email: String| format!(r#"{{"email":"{email}"}}"#);
        let forgot = |email| self.json("POST", "/auth/forgot-password", "", &address(email));
        match work {
            Work::Me(backend) => {
                let token = self.tokens.iter().find(|(name, _)| *name == backend);
                let token = token.map_or("", |(_, token)| token);
                let authorization = format!("Authorization: Bearer {token}\r\n");
                (self.head("GET", "/users/me", &authorization), 200)
            }
            Work::LogIn => (self.login("jwt", &email(0)), 200),
            Work::Register => {
                let body = format!(r#"{{"email":"{}","password":"{PASSWORD}"}}"#, fresh());
                (self.json("POST", "/auth/register", "", &body), 201)
            }
            Work::Change => {
                let token = &self.jwts[1 + connection % (USERS - 1)];
                let authorization = format!("Authorization: Bearer {token}\r\n");
                let body = address(fresh());
                (self.json("PATCH", "/users/me", &authorization, &body), 200)
            }
            Work::ForgotKnown => (forgot(email(0)), 202),
            Work::ForgotUnknown => (forgot(fresh()), 202),
        }
    }

    fn head(&self, method: &str, path: &str, headers: &str) -> String {
        let address = &self.address;
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nAccept: */*\r\n{headers}\r\n")
    }

    fn json(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let kind = "application/json";
        self.with_body(
            method,
            path,
            &format!("{headers}Content-Type: {kind}\r\n"),
            body,
        )
    }

    fn login(&self, backend: &str, email: &str) -> String {
        let fields = [("username", email), ("password", PASSWORD)];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        self.with_body("POST", &format!("/auth/{backend}/login"), kind, &body)
    }

    fn with_body(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let headers = format!("{headers}Content-Length: {}\r\n", body.len());
        self.head(method, path, &headers) + body
    }

    /// Repeats a request on this number of connections for a while; what was sent is answered before this returns.
    pub(crate) async fn run(
        self: &Arc<Self>,
        work: Work,
        connections: usize,
        time: Duration,
    ) -> Result<Round> {
        let end = Instant::now() + time;
        let clients: Vec<_> = (0..connections)
            .map(|number| tokio::spawn(Arc::clone(self).keep_asking(work, number, end)))
            .collect();
        let mut latencies = Vec::new();
        for client in clients {
            latencies.extend(client.await??);
        }
        Ok(Round { latencies })
    }

    async fn keep_asking(
        self: Arc<Self>,
        work: Work,
        number: usize,
        end: Instant,
    ) -> Result<Vec<Duration>> {
        let mut connection = Connection::open(&self.address).await?;
        let mut latencies = Vec::new();
        while Instant::now() < end {
            let (request, status) = self.request(work, number);
            let start = Instant::now();
            connection.ask(&request, status).await?;
            latencies.push(start.elapsed());
        }
        Ok(latencies)
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    /// Sends a request and reads the body of its answer, which must have this status.
    async fn ask(&mut self, request: &str, status: u16) -> Result<String> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server has closed the connection".into());
            }
            let text = std::str::from_utf8(&self.buffer)?;
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = length(head).ok_or("an answer without a length")?;
            if body.len() < length {
                continue;
            }
            return if head.get(9..12) == Some(&status.to_string()) {
                Ok(body.to_owned())
            } else {
                Err(format!("{head}\n{body}").into())
            };
        }
    }
}

/// What `Content-Length` says.
fn length(head: &str) -> Option<usize> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let (_, length) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    length.parse().ok()
}
