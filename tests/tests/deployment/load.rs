//! Users who keep account of what they were told, while servers go and come.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::task::JoinSet;
use users_tests::{Answer, Client, PASSWORD};

/// How many clients there are at once.
pub(crate) const CLIENTS: usize = 8;

/// The time between two such requests.
const PAUSE: Duration = Duration::from_millis(100);

/// How long whatever the clients are expected to do may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// The backends that every user logs in with.
const BACKENDS: [&str; 3] = ["jwt", "db", "redis"];

/// The server did not answer.
#[derive(Debug)]
pub(crate) struct Gone(reqwest::Error);

/// What all clients have done so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Users who went through everything.
    journeys: AtomicUsize,
    /// Answers that said to come back later.
    unavailable: AtomicUsize,
    has_ended: AtomicBool,
}

impl Tally {
    /// Waits until so many more users have gone through everything.
    pub(crate) async fn more_journeys(&self, more: usize) {
        grows(&self.journeys, more).await;
    }

    /// Waits until so many more clients were told to come back later.
    pub(crate) async fn more_unavailable(&self, more: usize) {
        grows(&self.unavailable, more).await;
    }
}

async fn grows(number: &AtomicUsize, more: usize) {
    let wanted = number.load(Ordering::SeqCst) + more;
    let growing = async {
        while number.load(Ordering::SeqCst) < wanted {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let now = || number.load(Ordering::SeqCst);
    tokio::time::timeout(PATIENCE, growing)
        .await
        .unwrap_or_else(|_| panic!("{} of {wanted}", now()));
}

/// A user whose registration was acknowledged, and what else was.
#[derive(Debug)]
pub(crate) struct Known {
    email: String,
    /// The name that was acknowledged last, and those sent since.
    names: Vec<Option<String>>,
    /// The tokens that were handed out.
    open: Vec<String>,
    /// The tokens whose logout was acknowledged.
    ended: Vec<String>,
}

impl Known {
    /// Everything that was acknowledged is there.
    pub(crate) async fn assert_is_kept(&self, client: &Client) {
        let email = &self.email;
        assert_eq!(
            client.login("jwt", email, PASSWORD).await.status,
            200,
            "{email}"
        );
        for token in &self.open {
            let me = client.bearer(token).get("/users/me").await;
            assert_eq!(me.status, 200, "{email} was logged out: {me:?}");
            let (me, name) = (
                me.json(),
                me.json()["first_name"].as_str().map(str::to_owned),
            );
            assert_eq!(me["email"], json!(email));
            assert!(
                self.names.contains(&name),
                "{name:?} is none of {:?}",
                self.names
            );
        }
        for token in &self.ended {
            client
                .bearer(token)
                .get("/users/me")
                .await
                .assert_detail(401, "Unauthorized");
        }
    }
}

/// Clients of one server.
pub(crate) struct Load {
    tally: Arc<Tally>,
    clients: JoinSet<(Vec<Known>, Option<Gone>)>,
}

impl Load {
    /// Lets the clients begin; each goes on until the load ends, or the server does.
    pub(crate) fn start(client: &Client) -> Self {
        let tally = Arc::new(Tally::default());
        let run = uuid::Uuid::new_v4().simple();
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            let mut visitor = Visitor {
                client: client.clone(),
                tally: Arc::clone(&tally),
                known: Vec::new(),
            };
            let domain = format!("client{number}.{run}.example.com");
            clients.spawn(async move {
                let gone = visitor.visit(&domain).await.err();
                (visitor.known, gone)
            });
        }
        Self { tally, clients }
    }

    /// What the clients have done so far.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Lets every client finish; the users, none of whom was left without an answer.
    pub(crate) async fn end(self) -> Vec<Known> {
        self.tally.has_ended.store(true, Ordering::SeqCst);
        let (known, gone) = self.outcome().await;
        assert!(gone.is_empty(), "no answer: {gone:?}");
        known
    }

    /// Waits until every client has noticed that the server is gone; the users.
    pub(crate) async fn end_with_the_server(self) -> Vec<Known> {
        let (known, gone) = self.outcome().await;
        assert_eq!(gone.len(), CLIENTS, "everybody was at work");
        assert!(
            gone.iter().all(|Gone(error)| !error.is_timeout()),
            "{gone:?}"
        );
        known
    }

    async fn outcome(self) -> (Vec<Known>, Vec<Gone>) {
        let outcomes = tokio::time::timeout(PATIENCE, self.clients.join_all())
            .await
            .expect("clients that end");
        let (known, gone): (Vec<_>, Vec<_>) = outcomes.into_iter().unzip();
        (
            known.into_iter().flatten().collect(),
            gone.into_iter().flatten().collect(),
        )
    }
}

struct Visitor {
    client: Client,
    tally: Arc<Tally>,
    known: Vec<Known>,
}

impl Visitor {
    async fn visit(&mut self, domain: &str) -> Result<(), Gone> {
        for number in 0.. {
            if self.tally.has_ended.load(Ordering::SeqCst) {
                break;
            }
            self.journey(format!("user{number}@{domain}"), number)
                .await?;
            self.tally.journeys.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }

    /// One user: registers, logs in everywhere, changes the name, logs out once.
    async fn journey(&mut self, email: String, number: usize) -> Result<(), Gone> {
        self.register(&email).await?;
        let index = self.known.len();
        self.known.push(Known {
            email: email.clone(),
            names: vec![None],
            open: Vec::new(),
            ended: Vec::new(),
        });
        for backend in BACKENDS {
            let (answer, _) = self
                .insist(&[200], || self.client.try_login(backend, &email, PASSWORD))
                .await?;
            self.known[index].open.push(
                answer.json()["access_token"]
                    .as_str()
                    .expect("a token")
                    .to_owned(),
            );
            self.looks(index).await?;
        }
        if number == 0 {
            let (refused, _) = self
                .insist(&[400], || self.client.try_login("db", &email, "wrong"))
                .await?;
            refused.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
        }
        for change in 0..BACKENDS.len() {
            self.renames(index, change, &format!("name {change}"))
                .await?;
            self.looks(index).await?;
        }
        self.logs_out(index, BACKENDS[1 + number % 2]).await?;
        self.looks(index).await
    }

    async fn register(&self, email: &str) -> Result<(), Gone> {
        let body = json!({ "email": email, "password": PASSWORD });
        let (answer, attempts) = self
            .insist(&[201, 400], || {
                self.client.try_json("POST", "/auth/register", &body)
            })
            .await?;
        if answer.status == 400 {
            answer.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");
            assert!(attempts > 1, "{email} is nobody else's");
        }
        Ok(())
    }

    /// Every session that is open shows the user, with a name that was sent.
    async fn looks(&self, index: usize) -> Result<(), Gone> {
        let known = &self.known[index];
        for token in &known.open {
            let client = self.client.bearer(token);
            let (me, _) = self
                .insist(&[200], || client.try_send("GET", "/users/me"))
                .await?;
            let name = me.json()["first_name"].as_str().map(str::to_owned);
            assert!(
                known.names.contains(&name),
                "{name:?} is none of {:?}",
                known.names
            );
        }
        for token in &known.ended {
            let client = self.client.bearer(token);
            self.insist(&[401], || client.try_send("GET", "/users/me"))
                .await?;
        }
        Ok(())
    }

    async fn renames(&mut self, index: usize, session: usize, name: &str) -> Result<(), Gone> {
        self.known[index].names.push(Some(name.to_owned()));
        let client = self.client.bearer(&self.known[index].open[session]);
        let body = json!({ "first_name": name });
        let (changed, _) = self
            .insist(&[200], || client.try_json("PATCH", "/users/me", &body))
            .await?;
        assert_eq!(changed.json()["first_name"], json!(name));
        self.known[index].names = vec![Some(name.to_owned())];
        Ok(())
    }

    async fn logs_out(&mut self, index: usize, backend: &str) -> Result<(), Gone> {
        let place = BACKENDS
            .iter()
            .position(|other| *other == backend)
            .expect("a backend");
        let token = self.known[index].open.remove(place);
        let client = self.client.bearer(&token);
        let path = format!("/auth/{backend}/logout");
        let (answer, attempts) = self
            .insist(&[204, 401], || client.try_send("POST", &path))
            .await?;
        assert!(answer.status == 204 || attempts > 1, "{answer:?}");
        self.known[index].ended.push(token);
        Ok(())
    }

    /// Asks until the answer is not that one should come back later; the answer, and how often it took.
    async fn insist<F>(&self, normal: &[u16], ask: impl Fn() -> F) -> Result<(Answer, usize), Gone>
    where
        F: Future<Output = reqwest::Result<Answer>>,
    {
        let begun = Instant::now();
        for attempt in 1.. {
            let answer = ask().await.map_err(Gone)?;
            if answer.status != 503 {
                assert!(
                    normal.contains(&answer.status),
                    "{answer:?} is none of {normal:?}"
                );
                return Ok((answer, attempt));
            }
            answer.assert_detail(503, "Service Unavailable");
            assert_eq!(answer.header("retry-after"), "1");
            self.tally.unavailable.fetch_add(1, Ordering::SeqCst);
            assert!(
                begun.elapsed() < PATIENCE,
                "still unavailable after {attempt} attempts"
            );
            tokio::time::sleep(PAUSE).await;
        }
        unreachable!("the attempts do not end by themselves")
    }
}
