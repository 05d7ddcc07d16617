//! The mails of an application without a mail server: kept in memory, and shown on the page.

use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::Request,
    http::{HeaderMap, StatusCode, Uri, header, uri::Authority},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::letter::Letter;

/// How many mails are kept; the oldest go first.
const LIMIT: usize = 50;

/// The latest mails, the newest first. Anyone who can reach the route can read all of them, so it is for your own machine only.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Mutex<VecDeque<Shown>>>);

#[derive(Clone, Serialize)]
struct Shown {
    sent_at: DateTime<Utc>,
    #[serde(flatten)]
    letter: Letter,
}

impl Outbox {
    /// Keeps a mail.
    pub(crate) fn keep(&self, letter: Letter) {
        let mut mails = self.mails();
        mails.push_front(Shown {
            sent_at: Utc::now(),
            letter,
        });
        mails.truncate(LIMIT);
    }

    /// Prints the mails, the oldest first.
    pub(crate) fn print(&self) {
        for mail in self.mails().iter().rev() {
            let Letter { to, subject, text } = &mail.letter;
            println!("To: {to}\nSubject: {subject}\n\n{text}");
        }
    }

    /// `GET /outbox`
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/outbox", get(async move || Json(self.mails().clone())))
            .route_layer(from_fn(only_loopback))
    }

    fn mails(&self) -> MutexGuard<'_, VecDeque<Shown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses requests to another host than this machine's loopback names.
///
/// A page of `evil.example` can let its name point to 127.0.0.1 once it is loaded (DNS rebinding). To the browser this server is
/// `evil.example` then, and the page reads its answers; only the `Host` reveals it.
async fn only_loopback(request: Request, next: Next) -> Response {
    if is_loopback(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    let why = "The outbox answers to http://127.0.0.1 and http://localhost only.";
    (
        StatusCode::FORBIDDEN,
        Json(serde_json::json!({ "detail": why })),
    )
        .into_response()
}

/// Whether a request names a loopback host, with any port.
fn is_loopback(headers: &HeaderMap, uri: &Uri) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let named: Option<Authority> = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().and_then(|host| host.parse().ok()),
        (None, _) => uri.authority().cloned(),
        (Some(_), Some(_)) => None,
    };
    let Some(named) = named.filter(|named| !named.as_str().contains('@')) else {
        return false;
    };
    let host = named.host().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_loopback_hosts_are_answered() {
        let asked = |hosts: &[&'static str], target: &str| {
            let hosts = hosts
                .iter()
                .map(|host| (header::HOST, HeaderValue::from_static(host)));
            is_loopback(&hosts.collect(), &target.parse().unwrap())
        };
        for host in [
            "127.0.0.1:8000",
            "127.0.0.1",
            "localhost:8000",
            "LOCALHOST",
            "[::1]:80",
            "127.1.2.3",
        ] {
            assert!(asked(&[host], "/outbox"), "{host}");
        }
        for host in [
            "evil.example:8000",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "192.168.1.2:8000",
            "0.0.0.0:8000",
            "[::]:80",
            "localhost@evil.example",
            "evil@127.0.0.1",
            "",
            "127.0.0.1, evil.example",
            "[::ffff:10.0.0.1]",
        ] {
            assert!(!asked(&[host], "/outbox"), "{host}");
        }
        assert!(!asked(&["127.0.0.1", "evil.example"], "/outbox"));
        assert!(!asked(&[], "/outbox"));
        assert!(!asked(&[], "http://evil.example/outbox"));
    }

    #[test]
    fn the_newest_mails_are_kept() {
        let outbox = Outbox::default();
        for number in 0..LIMIT + 2 {
            outbox.keep(Letter {
                to: number.to_string(),
                subject: "",
                text: String::new(),
            });
        }
        let mails = outbox.mails();
        let kept: Vec<_> = mails.iter().map(|mail| mail.letter.to.as_str()).collect();
        assert_eq!((kept.len(), kept[0], kept[LIMIT - 1]), (LIMIT, "51", "2"));
    }
}
