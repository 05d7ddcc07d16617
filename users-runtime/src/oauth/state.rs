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

use crate::token::{Claims, JwtKeys, MacKey, SigningError, TokenError};

/// The audience of states.
const AUDIENCE: &str = "fastapi-users:oauth-state";
/// How long a browser may stay at the provider.
pub(super) const LIFETIME: Duration = Duration::from_hours(1);

/// What a flow is for; outside of the compatibility preset a state is good for its own flow only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flow(String);

impl Flow {
    pub(crate) fn login(provider: &str, backend: &str) -> Self {
        Self(format!("login:{provider}:{backend}"))
    }

    pub(crate) fn associate(provider: &str) -> Self {
        Self(format!("associate:{provider}"))
    }
}

/// What a state says.
pub(crate) struct State {
    pub(crate) csrf: String,
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

impl State {
    pub(crate) fn sign(&self, keys: &JwtKeys) -> Result<String, SigningError> {
        let mut claims = Claims::new();
        if let Some(subject) = &self.subject {
            claims = claims.with("sub", subject.as_str());
        }
        claims = claims
            .with("csrftoken", self.csrf.as_str())
            .with("aud", AUDIENCE);
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
    ) -> Result<(Self, Proofs), StateError> {
        let (claims, key) = keys
            .decode_with_key(state, &[AUDIENCE], SystemTime::now())
            .map_err(|error| match error {
                TokenError::Expired => StateError::Expired,
                _ => StateError::Undecodable,
            })?;
        let key = key.mac_key().ok_or(StateError::Undecodable)?;
        let text = |name| claims.text(name).map(str::to_owned);
        let csrf = text("csrftoken")
            .filter(|csrf| !csrf.is_empty())
            .ok_or(StateError::Invalid)?;
        let cookie = cookie.unwrap_or_default();
        if !bool::from(cookie.as_bytes().ct_eq(csrf.as_bytes())) {
            return Err(StateError::Invalid);
        }
        let next = text("next").map(|url| Next {
            url,
            extra: text("extra"),
        });
        let proofs = Proofs::of(&csrf, key);
        Ok((
            Self {
                csrf,
                subject: text("sub"),
                flow: text("flow").map(Flow),
                next,
            },
            proofs,
        ))
    }
}

/// What binds the provider's answers to a browser: both are derived from the value of its cookie with the key that signs the
/// state, so that nothing has to be stored, and nobody who sees the state can make them.
pub(crate) struct Proofs {
    pub(crate) verifier: String,
    pub(crate) nonce: String,
}

impl Proofs {
    pub(crate) fn of(csrf: &str, key: &MacKey) -> Self {
        let derived = |purpose: &str| {
            BASE64_URL_SAFE_NO_PAD.encode(key.mac(format!("{purpose}\0{csrf}").as_bytes()))
        };
        Self {
            verifier: derived("fastapi-users:oauth:verifier"),
            nonce: derived("fastapi-users:oauth:nonce"),
        }
    }

    /// The challenge of RFC 7636 with the method S256.
    pub(crate) fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// States that were used in this process.
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

    /// Whether a state is used for the first time.
    pub(crate) fn is_first_use(&self, csrf: &str) -> bool {
        let now = Instant::now();
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Used { known, order } = &mut *used;
        let is_full = order.len() >= Self::MOST;
        if let Some((_, oldest)) =
            order.pop_front_if(|(since, _)| is_full || now.duration_since(*since) >= LIFETIME)
        {
            known.remove(&oldest);
        }
        let is_first = known.insert(csrf.to_owned());
        if is_first {
            order.push_back((now, csrf.to_owned()));
        }
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> JwtKeys {
        JwtKeys::hs256([7; 32]).expect("32 bytes are enough")
    }

    fn state() -> State {
        State {
            csrf: "c".into(),
            subject: None,
            flow: Some(Flow::login("oidc", "jwt")),
            next: None,
        }
    }

    #[test]
    fn a_state_belongs_to_one_browser() {
        let signed = state().sign(&keys()).expect("a state");
        let (read, _) = State::read(&signed, Some("c"), &keys()).expect("the same state");
        assert_eq!(read.flow, Some(Flow::login("oidc", "jwt")));
        for other in [None, Some(""), Some("d"), Some("cc")] {
            assert_eq!(
                State::read(&signed, other, &keys()).err(),
                Some(StateError::Invalid),
                "{other:?}"
            );
        }
        let others = JwtKeys::hs256([8; 32]).expect("32 bytes are enough");
        assert_eq!(
            State::read(&signed, Some("c"), &others).err(),
            Some(StateError::Undecodable)
        );
    }

    #[test]
    fn an_empty_cookie_is_no_proof() {
        let signed = State {
            csrf: String::new(),
            ..state()
        }
        .sign(&keys())
        .expect("a state");
        assert_eq!(
            State::read(&signed, Some(""), &keys()).err(),
            Some(StateError::Invalid)
        );
        assert_eq!(
            State::read(&signed, None, &keys()).err(),
            Some(StateError::Invalid)
        );
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        // Appendix B.
        let proofs = Proofs {
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
            nonce: String::new(),
        };
        assert_eq!(
            proofs.challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        let proofs = Proofs::of("c", &keys().mac_key());
        assert_eq!(proofs.verifier.len(), 43);
        assert_ne!(proofs.verifier, proofs.nonce);
    }

    #[test]
    fn a_state_is_used_once() {
        let used = UsedStates::default();
        assert!(used.is_first_use("a"));
        assert!(!used.is_first_use("a"));
        assert!(used.is_first_use("b"));
    }
}
