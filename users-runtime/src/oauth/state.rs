//! The state that travels through the provider, and the proofs that are derived from it.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    store::tenant_text,
    token::{Claims, JwtKeys, MacKey, SigningError, TokenError},
    value::Value,
};

/// The audience of states.
const AUDIENCE: &str = "fastapi-users:oauth-state";
/// How long a browser may stay at the provider.
pub(crate) const LIFETIME: Duration = Duration::from_hours(1);

/// What a flow is for; outside of the compatibility preset a state is valid only for its own flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flow(String);

impl Flow {
    pub(crate) fn login(provider: &str, backend: &str) -> Self {
        Self(format!("login:{provider}:{backend}"))
    }

    pub(crate) fn associate(provider: &str) -> Self {
        Self(format!("associate:{provider}"))
    }

    /// The flow of a tenant; a login that began in one does not end in another.
    pub(crate) fn of_tenant(&self, tenant: &Value) -> Self {
        Self(format!("{}@{}", self.0, tenant_text(tenant)))
    }
}

/// What a state says.
pub(crate) struct State {
    /// The value of the browser's cookie. A state with an id has only its fingerprint.
    pub(crate) csrf: String,
    /// What makes a state one of its own among those of a browser: it is used once, and the proofs are derived from it. States of
    /// the original, and of the compatibility preset, have none.
    pub(crate) id: Option<String>,
    /// Whose account is to be linked.
    pub(crate) subject: Option<String>,
    /// The flow that it was made for; states of the original do not say.
    pub(crate) flow: Option<Flow>,
    /// Where the browser goes in the end.
    pub(crate) next: Option<Next>,
}

/// A front end that waits for the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    /// Its address.
    pub(crate) url: String,
    /// What it gave along, for itself.
    pub(crate) extra: Option<String>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("flow", &self.flow)
            .finish_non_exhaustive()
    }
}

/// Why a state is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateError {
    Undecodable,
    Expired,
    /// Of another browser, another flow, or used before.
    Invalid,
}

/// A state with a valid signature.
pub(crate) struct SignedState {
    pub(crate) state: State,
    /// `None` for a state without an id.
    pub(crate) proofs: Option<Proofs>,
    /// Whether the browser has the cookie that the state was made for.
    pub(crate) is_of_browser: bool,
}

impl State {
    pub(crate) fn sign(&self, keys: &JwtKeys) -> Result<String, SigningError> {
        let mut claims = Claims::new();
        if let Some(subject) = &self.subject {
            claims = claims.with("sub", subject.as_str());
        }
        // The state is seen by the provider, while a browser's cookie stays valid for its next logins: a provider that knew
        // the cookie could have a state made for that browser. So it sees a fingerprint.
        let csrf = match self.id {
            Some(_) => fingerprint(&self.csrf, &keys.mac_key()),
            None => self.csrf.clone(),
        };
        claims = claims.with("csrftoken", csrf).with("aud", AUDIENCE);
        if let Some(id) = &self.id {
            claims = claims.with("jti", id.as_str());
        }
        if let Some(Flow(flow)) = &self.flow {
            claims = claims.with("flow", flow.as_str());
        }
        if let Some(next) = &self.next {
            claims = claims.with("next", next.url.as_str());
            if let Some(extra) = &next.extra {
                claims = claims.with("extra", extra.as_str());
            }
        }
        keys.encode(&claims.expiring(Some(LIFETIME)))
    }

    /// Reads a state, compares it with the browser's cookie, and derives the proofs again with the key that signed it.
    pub(crate) fn read(
        state: &str,
        cookie: Option<&str>,
        keys: &JwtKeys,
    ) -> Result<SignedState, StateError> {
        let signed = Self::signed(state, cookie, keys, SystemTime::now())?;
        if signed.is_of_browser {
            Ok(signed)
        } else {
            Err(StateError::Invalid)
        }
    }

    /// The same for a state that may have expired or belong to another browser: used to inform a front end why a login failed,
    /// and for nothing else.
    pub(crate) fn read_failed(
        state: &str,
        cookie: Option<&str>,
        keys: &JwtKeys,
    ) -> Option<SignedState> {
        // No state expires in 1970.
        Self::signed(state, cookie, keys, SystemTime::UNIX_EPOCH).ok()
    }

    fn signed(
        state: &str,
        cookie: Option<&str>,
        keys: &JwtKeys,
        now: SystemTime,
    ) -> Result<SignedState, StateError> {
        let (claims, key) = keys
            .decode_with_key(state, &[AUDIENCE], now)
            .map_err(|error| match error {
                TokenError::Expired => StateError::Expired,
                _ => StateError::Undecodable,
            })?;
        let key = key.mac_key().ok_or(StateError::Undecodable)?;
        let text = |name| claims.text(name).map(str::to_owned);
        let csrf = text("csrftoken")
            .filter(|csrf| !csrf.is_empty())
            .ok_or(StateError::Invalid)?;
        let id = text("jti");
        let cookie = cookie.filter(|cookie| !cookie.is_empty());
        let is_of_browser = cookie.is_some_and(|cookie| {
            let expected = match id {
                Some(_) => fingerprint(cookie, key),
                None => cookie.to_owned(),
            };
            expected.as_bytes().ct_eq(csrf.as_bytes()).into()
        });
        let next = text("next").map(|url| Next {
            url,
            extra: text("extra"),
        });
        Ok(SignedState {
            proofs: id.as_deref().map(|id| Proofs::of(id, key)),
            is_of_browser,
            state: Self {
                csrf,
                id,
                subject: text("sub"),
                flow: text("flow").map(Flow),
                next,
            },
        })
    }
}

/// What a state shows of a browser's cookie.
fn fingerprint(cookie: &str, key: &MacKey) -> String {
    derived("fastapi-users:oauth:browser", cookie, key)
}

fn derived(purpose: &str, from: &str, key: &MacKey) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(key.mac(format!("{purpose}\0{from}").as_bytes()))
}

/// What binds the provider's answers to a login: both are derived from the state's id with the key that signs the state, so that
/// nothing has to be stored, and a client that sees the state cannot make them.
pub(crate) struct Proofs {
    pub(crate) verifier: String,
    pub(crate) nonce: String,
}

impl Proofs {
    pub(crate) fn of(id: &str, key: &MacKey) -> Self {
        Self {
            verifier: derived("fastapi-users:oauth:verifier", id, key),
            nonce: derived("fastapi-users:oauth:nonce", id, key),
        }
    }

    /// The challenge of RFC 7636 with the method S256.
    pub(crate) fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// States that were used in this process, where no table is declared for them.
#[derive(Default)]
pub(crate) struct UsedStates(Mutex<Used>);

#[derive(Default)]
struct Used {
    known: HashSet<String>,
    /// The same, oldest first.
    order: VecDeque<(Instant, String)>,
}

impl UsedStates {
    /// How many are remembered; the oldest go first, and providers take a code only once anyway.
    const MOST: usize = 100_000;

    /// Whether the state with this id is used for the first time.
    pub(crate) fn is_first_use(&self, id: &str) -> bool {
        let now = Instant::now();
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Used { known, order } = &mut *used;
        let is_full = order.len() >= Self::MOST;
        if let Some((_, oldest)) =
            order.pop_front_if(|(since, _)| is_full || now.duration_since(*since) >= LIFETIME)
        {
            known.remove(&oldest);
        }
        let is_first = known.insert(id.to_owned());
        if is_first {
            order.push_back((now, id.to_owned()));
        }
        is_first
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
