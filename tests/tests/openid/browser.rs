//! A browser without a screen: it keeps cookies, and follows redirects one by one.

use std::time::Duration;

use reqwest::{Response, Url, header::LOCATION, redirect::Policy};
use serde_json::Value;
use users_tests::App;

/// More redirects than any flow has.
const LONGEST_WAY: usize = 10;

/// A browser. Its cookies belong to the host whatever the port, as everywhere.
pub(crate) struct Browser {
    http: reqwest::Client,
    app: String,
    bearer: Option<String>,
}

/// What the application answered.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) text: String,
}

impl Page {
    /// Its body, with which the login succeeded.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn assert_detail(&self, status: u16, detail: &str) {
        let expected = serde_json::json!({ "detail": detail }).to_string();
        assert_eq!((self.status, &self.text), (status, &expected), "{self:?}");
    }
}

impl Browser {
    /// A new browser at this application.
    pub(crate) fn at(app: &App) -> Self {
        let builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .cookie_store(true)
            .no_proxy();
        let http = builder
            .timeout(Duration::from_mins(5))
            .build()
            .expect("a client");
        Self {
            http,
            app: app.url.clone(),
            bearer: None,
        }
    }

    /// Presents the token of a login's answer from now on.
    pub(crate) fn present(&mut self, login: &Value) {
        self.bearer = Some(login["access_token"].as_str().expect("a token").to_owned());
    }

    /// Goes to a page, of the application where only a path is given.
    pub(crate) async fn get(&self, url: &str) -> Page {
        let url = if url.starts_with('/') {
            format!("{}{url}", self.app)
        } else {
            url.to_owned()
        };
        let mut request = self.http.get(&url);
        if let Some(token) = self.bearer.as_ref().filter(|_| url.starts_with(&self.app)) {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.expect("an answer");
        let (status, location) = (
            answer.status().as_u16(),
            location(&answer).map(String::from),
        );
        Page {
            status,
            location,
            text: answer.text().await.expect("text"),
        }
    }

    /// The provider's page, as the application tells it.
    pub(crate) async fn authorize(&self, path: &str) -> String {
        self.get(path).await.ok()["authorization_url"]
            .as_str()
            .expect("a URL")
            .to_owned()
    }

    /// Goes to the provider as this account (nobody cancels); where the provider sends the browser back to.
    pub(crate) async fn at_provider(&self, page: &str, login: &str) -> String {
        let mut answer = self
            .http
            .get(page)
            .send()
            .await
            .expect("the provider's answer");
        for _ in 0..LONGEST_WAY {
            answer = match location(&answer) {
                Some(url) if url.as_str().starts_with(&self.app) => return url.into(),
                Some(url) => self
                    .http
                    .get(url)
                    .send()
                    .await
                    .expect("the provider's answer"),
                None => {
                    let url = answer.url().clone();
                    assert!(
                        url.path().starts_with("/interaction/"),
                        "{url}: {}",
                        answer.text().await.expect("text")
                    );
                    self.http
                        .post(url)
                        .form(&[("login", login)])
                        .send()
                        .await
                        .expect("the provider's answer")
                }
            };
        }
        panic!("the provider sends browsers round in circles");
    }

    /// From the application to the provider, and back to the application's door.
    pub(crate) async fn there_and_back(&self, prefix: &str, login: &str) -> String {
        let page = self.authorize(&format!("{prefix}/authorize")).await;
        self.at_provider(&page, login).await
    }

    /// The whole way.
    pub(crate) async fn log_in(&self, prefix: &str, login: &str) -> Page {
        self.get(&self.there_and_back(prefix, login).await).await
    }
}

fn location(answer: &Response) -> Option<Url> {
    let location = answer.headers().get(LOCATION)?.to_str().expect("a URL");
    Some(answer.url().join(location).expect("a URL"))
}
