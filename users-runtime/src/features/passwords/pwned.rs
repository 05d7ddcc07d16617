//! Have I Been Pwned's collection of leaked passwords.

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use axum::body::Bytes;
use http::{HeaderValue, Request, StatusCode};
use sha1::{Digest as _, Sha1};

use crate::{
    oauth::{HttpClient, HttpError},
    password::Password,
};

/// Asks [Have I Been Pwned](https://haveibeenpwned.com/API/v3#PwnedPasswords) whether a password is known from data leaks.
///
/// It is sent the first 5 of 40 hexadecimal digits of the password's SHA-1, which hundreds of passwords share, and answers with padding,
/// so that neither it nor a listener learns the password. Where it does not answer, the password is accepted and a warning logged.
///
/// ```no_run
/// use users_runtime::{oauth::NetworkClient, password_policy::{PasswordPolicy, PwnedPasswords}};
///
/// # fn policy() -> Result<PasswordPolicy, users_runtime::oauth::NetworkClientError> {
/// let pwned = PwnedPasswords::new(NetworkClient::new()?);
/// Ok(PasswordPolicy::new().pwned_passwords(pwned))
/// # }
/// ```
#[derive(Clone)]
pub struct PwnedPasswords {
    client: Arc<dyn HttpClient>,
    url: String,
}

/// Why the collection gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("it cannot be asked")]
    Http(#[from] HttpError),
    #[error("its URL is invalid")]
    Url(#[from] http::Error),
    #[error("it answered {0}")]
    Status(StatusCode),
    #[error("its answer is not a list of hashes")]
    Body,
}

impl PwnedPasswords {
    /// Asks `https://api.pwnedpasswords.com` by this client, which bounds the time of a call.
    pub fn new(client: impl HttpClient) -> Self {
        Self {
            client: Arc::new(client),
            url: "https://api.pwnedpasswords.com".to_owned(),
        }
    }

    /// Asks a mirror at this URL instead, which answers `/range/XXXXX` below it.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// Whether the collection has a password.
    pub(super) async fn has(&self, password: &Password) -> Result<bool, Unanswered> {
        let digest = Sha1::digest(password.expose().as_bytes());
        let digits = digest.iter().fold(String::new(), |mut digits, byte| {
            // Writing to text cannot fail.
            let _ = write!(digits, "{byte:02X}");
            digits
        });
        let (range, suffix) = digits.split_at(5);
        let request = Request::get(format!("{}/range/{range}", self.url.trim_end_matches('/')))
            .header("add-padding", HeaderValue::from_static("true"))
            .body(Bytes::new())?;
        let answer = self.client.send(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(Unanswered::Status(answer.status()));
        }
        let text = std::str::from_utf8(answer.body()).map_err(|_| Unanswered::Body)?;
        for line in text.lines() {
            let (known, count) = line.split_once(':').ok_or(Unanswered::Body)?;
            if known.eq_ignore_ascii_case(suffix) {
                // Padding has the count 0.
                return Ok(count.trim() != "0");
            }
        }
        Ok(false)
    }
}

impl fmt::Debug for PwnedPasswords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PwnedPasswords")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
