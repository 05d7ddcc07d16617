//! A certified provider in a process of its own, and the network to it with somebody in the middle.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes};
use http::{Request, Response};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};
use users_runtime::{
    UsersBuilder,
    oauth::{HttpClient, NetworkClient, OAuth, OAuthClient, OpenIdConnect},
};
use users_tests::{App, User};

/// How the application is registered. The secret is one that must be encoded in the header (RFC 6749, 2.3.1).
pub(crate) const CLIENT: (&str, &str) = ("the-application", "se cret & +100%:");

/// Where browsers may return to.
const PATHS: [&str; 3] = ["/oidc/callback", "/cookie/callback", "/link/callback"];

/// How long it may take to start, its installation from the registry included.
const PATIENCE: Duration = Duration::from_mins(10);

/// The provider, which dies with this value; and should it be forgotten, with this process, for it watches its standard input.
pub(crate) struct Provider {
    process: Child,
    secret: &'static str,
    pub(crate) issuer: String,
}

impl Provider {
    /// Starts a provider on a free port.
    pub(crate) async fn start() -> Self {
        Self::start_with_secret(CLIENT.1).await
    }

    /// The same, where the application has this secret.
    pub(crate) async fn start_with_secret(secret: &'static str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/oidc/provider.sh");
        let mut command = Command::new(script);
        command
            .args(["0", CLIENT.0, secret])
            .args(PATHS)
            .env("STDIN", "watch")
            .kill_on_drop(true);
        let pipes = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut process = pipes
            .spawn()
            .expect("tests/oidc/provider.sh cannot be started");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("lines of text") {
                if let Some(issuer) = line.strip_prefix("OpenID provider at ") {
                    return issuer.to_owned();
                }
            }
            panic!(
                "The OpenID provider did not start. It needs Node.js 18 or newer with npm, and the registry once; see above."
            )
        };
        let issuer = tokio::time::timeout(PATIENCE, ready)
            .await
            .expect("The OpenID provider is not ready after minutes.");
        Self {
            process,
            secret,
            issuer,
        }
    }

    /// SIGKILL; afterwards nobody listens any more.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.expect("killed");
    }

    /// What it says about itself, heard through this client.
    pub(crate) async fn oauth_through(&self, http: impl HttpClient + Clone) -> OAuth {
        let provider = OpenIdConnect::discover(&http, "oidc", &self.issuer)
            .await
            .expect("a sound description");
        OAuth::new(OAuthClient::new(provider, http, CLIENT.0, self.secret))
    }

    /// The routes of this provider over the network.
    pub(crate) async fn oauth(&self) -> OAuth {
        self.oauth_through(NetworkClient::new().expect("certificates"))
            .await
    }

    /// An application that knows this provider.
    pub(crate) async fn app(&self) -> App {
        start(self.oauth().await, |builder| builder).await
    }

    /// An application that knows this provider through somebody in the middle.
    pub(crate) async fn app_through(&self, middle: Middle) -> App {
        start(self.oauth_through(middle.network()).await, |builder| {
            builder
        })
        .await
    }
}

/// An application with every route, and `/oidc` (backend `db`), `/cookie` (backend `cookie`), `/link` and `/accounts`.
pub(crate) async fn start(
    oauth: OAuth,
    configure: impl FnOnce(UsersBuilder<User>) -> UsersBuilder<User> + 'static,
) -> App {
    let routes = App::builder()
        .configure(configure)
        .routes(move |users| -> Router<_> {
            let sound = "a sound configuration";
            users
                .router()
                .nest(
                    "/oidc",
                    users.oauth_router(oauth.clone(), "db").expect(sound),
                )
                .nest(
                    "/cookie",
                    users.oauth_router(oauth.clone(), "cookie").expect(sound),
                )
                .nest(
                    "/link",
                    users.oauth_associate_router(oauth.clone()).expect(sound),
                )
                .nest("/accounts", users.oauth_accounts_router().expect(sound))
        });
    routes.start().await
}

type OfRequests = Arc<dyn Fn(Request<Bytes>) -> Request<Bytes> + Send + Sync>;
type OfAnswers = Arc<dyn Fn(&str, Value) -> Value + Send + Sync>;

/// Somebody between the application and the provider.
#[derive(Clone)]
pub(crate) struct Middle {
    requests: OfRequests,
    answers: OfAnswers,
}

impl Middle {
    /// Alters what the application sends.
    pub(crate) fn of_requests(
        alter: impl Fn(Request<Bytes>) -> Request<Bytes> + Send + Sync + 'static,
    ) -> Self {
        Self {
            requests: Arc::new(alter),
            answers: Arc::new(|_, answer| answer),
        }
    }

    /// Alters what the provider answers at a path.
    pub(crate) fn of_answers(
        path: &'static str,
        alter: impl Fn(Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        let answers = move |asked: &str, answer| if asked == path { alter(answer) } else { answer };
        Self {
            requests: Arc::new(|request| request),
            answers: Arc::new(answers),
        }
    }

    fn network(self) -> impl HttpClient + Clone {
        let network = NetworkClient::new().expect("certificates");
        move |request: Request<Bytes>| {
            let (network, middle) = (network.clone(), self.clone());
            async move {
                let path = request.uri().path().to_owned();
                let (parts, body) = network.send((middle.requests)(request)).await?.into_parts();
                let answer = serde_json::from_slice(&body).expect("providers answer with JSON");
                let answer = (middle.answers)(&path, answer).to_string();
                Ok(Response::from_parts(parts, answer.into()))
            }
        }
    }
}

/// What the provider handed out, for whoever is in the middle.
pub(crate) type Kept = Arc<Mutex<Vec<Value>>>;
