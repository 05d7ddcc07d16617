//! A client that keeps what it is answered whole.

use std::time::Duration;

use reqwest::{
    Method, RequestBuilder,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderMap, USER_AGENT},
};
use serde_json::Value;

/// After this time, a server that may be gone is taken to hang.
const PATIENCE: Duration = Duration::from_mins(5);

/// A client of one application.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    authorization: Option<String>,
    cookie: Option<String>,
    host: Option<String>,
    agent: Option<String>,
    headers: Vec<(&'static str, String)>,
}

/// An answer: status, headers and body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// When it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| {
            value.to_str().expect("headers of the tests are text")
        })
    }

    /// The cookie that it sets, as `NAME=VALUE`; empty when it sets none.
    pub fn cookie(&self) -> &str {
        self.header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default()
    }

    /// Asserts the status and the body.
    #[track_caller]
    pub fn assert(&self, status: u16, body: &Value) {
        assert_eq!((self.status, &self.json()), (status, body), "{self:?}");
    }

    /// Asserts the status and `{"detail": …}`.
    #[track_caller]
    pub fn assert_detail(&self, status: u16, detail: &str) {
        self.assert(status, &serde_json::json!({ "detail": detail }));
    }
}

impl Client {
    /// A client of the application at this URL, which presents nothing.
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Self {
            http: http.expect("a client"),
            url: url.to_owned(),
            authorization: None,
            cookie: None,
            host: None,
            agent: None,
            headers: Vec::new(),
        }
    }

    /// Presents a bearer token.
    #[must_use]
    pub fn bearer(&self, token: &str) -> Self {
        Self {
            authorization: Some(format!("Bearer {token}")),
            ..self.clone()
        }
    }

    /// Presents a `Cookie` header.
    #[must_use]
    pub fn cookie(&self, cookie: &str) -> Self {
        Self {
            cookie: Some(cookie.to_owned()),
            ..self.clone()
        }
    }

    /// Calls itself so (`User-Agent`).
    #[must_use]
    pub fn agent(&self, name: &str) -> Self {
        Self {
            agent: Some(name.to_owned()),
            ..self.clone()
        }
    }

    /// Names another host than the one that it connects to.
    #[must_use]
    pub fn host(&self, host: &str) -> Self {
        Self {
            host: Some(host.to_owned()),
            ..self.clone()
        }
    }

    /// Sends another header, too.
    #[must_use]
    pub fn header(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name, value.to_owned()));
        client
    }

    /// Sends a request without a body.
    pub async fn send(&self, method: &str, path: &str) -> Answer {
        finish(self.request(method, path)).await
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path).await
    }

    /// Sends a JSON body.
    pub async fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.raw(method, path, "application/json", body.to_string())
            .await
    }

    /// Posts a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, body).await
    }

    /// Sends a body of any content type.
    pub async fn raw(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        finish(
            self.request(method, path)
                .header(CONTENT_TYPE, content_type)
                .body(body),
        )
        .await
    }

    /// Logs in at a backend.
    pub async fn login(&self, backend: &str, email: &str, password: &str) -> Answer {
        let form = [("username", email), ("password", password)];
        finish(
            self.request("POST", &format!("/auth/{backend}/login"))
                .form(&form),
        )
        .await
    }

    /// Sends a request without a body to a server that may be gone.
    ///
    /// # Errors
    ///
    /// When there is no whole answer within a minute, here and in [`Client::try_json`] and [`Client::try_login`].
    pub async fn try_send(&self, method: &str, path: &str) -> reqwest::Result<Answer> {
        try_finish(self.request(method, path).timeout(PATIENCE)).await
    }

    /// Sends a JSON body to a server that may be gone.
    pub async fn try_json(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> reqwest::Result<Answer> {
        try_finish(self.request(method, path).timeout(PATIENCE).json(body)).await
    }

    /// Logs in at a backend of a server that may be gone.
    pub async fn try_login(
        &self,
        backend: &str,
        email: &str,
        password: &str,
    ) -> reqwest::Result<Answer> {
        let form = [("username", email), ("password", password)];
        try_finish(
            self.request("POST", &format!("/auth/{backend}/login"))
                .timeout(PATIENCE)
                .form(&form),
        )
        .await
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(agent) = &self.agent {
            request = request.header(USER_AGENT, agent);
        }
        if let Some(host) = &self.host {
            request = request.header(HOST, host);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request
    }
}

async fn finish(request: RequestBuilder) -> Answer {
    try_finish(request).await.expect("an answer")
}

async fn try_finish(request: RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer {
        status,
        headers,
        text: response.text().await?,
    })
}
