//! The way of a browser to the provider and back, which login and linking share.

use std::sync::Arc;

use axum::{extract::OriginalUri, response::IntoResponse};
use http::{StatusCode, header, request::Parts};
use serde_json::json;

use super::{
    browser::{Answered, AuthorizationUrl},
    front_end,
    query::Query,
    refusal::{
        AuthorizeRefusal, ErrorOfProvider, NoRedirectUrl, ProviderRefusal, ProviderUnavailable,
        ReturnRefusal,
    },
};
#[cfg(feature = "openapi")]
use crate::openapi::Context;
use crate::{
    error::Error,
    model::UserModel,
    oauth::{
        Authorization, Flow, Next, OAuth, Profile, Proofs, ProviderToken, STATE_LIFETIME,
        SignedState, State, StateError, UsedStates, is_loopback,
    },
    randomness::Randomness,
    token,
    users::Users,
    web::{outcome::OAUTH_INVALID_STATE, refusals::Refusals},
    wire::{cookie_header::read_cookie, origin::origin, respond},
};

/// What a flow demands, by its own options and by the mode of the user system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlowRules {
    /// Whether only users get on whose address is proven.
    pub(crate) requires_verification: bool,
    /// Whether the flow is that of the original.
    pub(crate) as_original: bool,
}

/// The routes of one flow.
#[derive(Clone)]
pub(crate) struct RoundTrip {
    pub(crate) oauth: Arc<OAuth>,
    pub(crate) flow: Flow,
    /// The callback's URL, where it is configured.
    redirect_url: Option<String>,
    used: Arc<UsedStates>,
}

/// A browser that came back with a state of its own and a code.
pub(crate) struct Returned {
    pub(crate) state: State,
    proofs: Option<Proofs>,
    /// A front end's own proof of RFC 7636, which the original passes on.
    verifier: Option<String>,
    code: String,
    redirect_uri: String,
}

impl RoundTrip {
    pub(crate) fn new(oauth: Arc<OAuth>, flow: Flow, redirect_url: Option<String>) -> Self {
        Self {
            oauth,
            flow,
            redirect_url,
            used: Arc::default(),
        }
    }

    /// Sees to it that what must be known of the provider is known.
    async fn prepare<U: UserModel>(&self, users: &Users<U>) -> Result<(), ProviderUnavailable> {
        let strict = !users.options().oauth_as_original;
        Ok(self.oauth.client.prepare(strict).await?)
    }

    /// Says what the answers depend on.
    #[cfg(feature = "openapi")]
    pub(crate) fn describe(&self, context: Context, as_original: bool) -> Context {
        let oauth = &self.oauth;
        Context {
            oauth_as_original: as_original,
            front_ends: !oauth.front_ends.is_empty(),
            restricts_scopes: oauth.restricts_scopes(as_original),
            refuses_hosts: !as_original && self.redirect_url.is_none(),
            ..context
        }
    }

    /// Answers with the provider's page, and gives the browser a cookie to be known by.
    pub(crate) async fn authorize<U: UserModel>(
        &self,
        users: &Users<U>,
        parts: &Parts,
        subject: Option<String>,
    ) -> Result<AuthorizationUrl, AuthorizeRefusal> {
        let oauth = &*self.oauth;
        let query = Query::of(parts);
        let (keys, as_original) = (users.state_keys(), users.options().oauth_as_original);
        let next = front_end::asked_for(&query, &oauth.front_ends)?;
        let scopes = oauth
            .scopes_for(query.all("scopes"), as_original)
            .map_err(|_| AuthorizeRefusal::InvalidScope)?;
        let redirect_uri = self.redirect_uri(parts, "/authorize", as_original)?;
        self.prepare(users).await?;
        let randomness = &*users.inner.randomness;
        let csrf = self.csrf(parts, as_original, randomness);
        let id = (!as_original || oauth.uses_pkce(as_original)).then(|| randomness.token());
        let proofs = id.as_deref().map(|id| Proofs::of(id, &keys.mac_key()));
        let (challenge, nonce) = self.sent(proofs.as_ref(), as_original, randomness);
        let state = State {
            csrf,
            id,
            subject,
            flow: (!as_original).then(|| self.flow_of(users)),
            next,
        };
        let signed = state
            .sign(keys)
            .map_err(|error| Error::Token(error.into()))?;
        let url = oauth.client.authorization_url(Authorization {
            redirect_uri: &redirect_uri,
            state: &signed,
            scopes: scopes.as_deref(),
            code_challenge: challenge.as_deref(),
            nonce: nonce.as_deref(),
        });
        let mut response =
            respond::serialized(StatusCode::OK, &json!({ "authorization_url": url }));
        let cookie = oauth
            .csrf
            .set(&state.csrf)
            .map_err(|error| Error::Token(error.into()))?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
        Ok(AuthorizationUrl(respond::no_store(response)))
    }

    /// The value of the browser's cookie: the one that it has, so that its other tabs can come back, too. The original makes a new
    /// one for every login, and shows it in the state.
    fn csrf(&self, parts: &Parts, as_original: bool, randomness: &dyn Randomness) -> String {
        read_cookie(&parts.headers, &self.oauth.csrf.name)
            .filter(|cookie| !as_original && token::is_random(cookie))
            .unwrap_or_else(|| randomness.token())
    }

    /// The challenge and the nonce that the provider is sent.
    fn sent(
        &self,
        proofs: Option<&Proofs>,
        as_original: bool,
        randomness: &dyn Randomness,
    ) -> (Option<String>, Option<String>) {
        let provider = &self.oauth.client.provider;
        let challenge = self
            .verifier(proofs, as_original)
            .and(proofs)
            .map(Proofs::challenge);
        let nonce = match self.nonce(proofs) {
            Some(nonce) => Some(nonce.to_owned()),
            // As the original, which does not look at it again.
            None => provider.requires_nonce().then(|| randomness.token()),
        };
        (challenge, nonce)
    }

    /// What proves that the code is exchanged by whom it was asked for.
    fn verifier<'a>(&self, proofs: Option<&'a Proofs>, as_original: bool) -> Option<&'a str> {
        let is_used =
            self.oauth.uses_pkce(as_original) && self.oauth.client.provider.supports_pkce();
        proofs.filter(|_| is_used).map(|proofs| &*proofs.verifier)
    }

    /// What binds an id token to the login.
    fn nonce<'a>(&self, proofs: Option<&'a Proofs>) -> Option<&'a str> {
        let is_used = self.oauth.client.provider.supports_nonce();
        proofs.filter(|_| is_used).map(|proofs| &*proofs.nonce)
    }

    /// Checks what a browser brought back, before anything is asked of the provider.
    pub(crate) async fn returned<U: UserModel>(
        &self,
        users: &Users<U>,
        parts: &Parts,
    ) -> Result<Returned, ReturnRefusal> {
        let query = Query::of(parts);
        let as_original = users.options().oauth_as_original;
        let code = code(&query, as_original)?;
        let cookie = read_cookie(&parts.headers, &self.oauth.csrf.name);
        let SignedState { state, proofs, .. } = State::read(
            query.get("state").unwrap_or_default(),
            cookie.as_deref(),
            users.state_keys(),
        )?;
        let redirect_uri = self.redirect_uri(parts, "/callback", as_original)?;
        self.prepare(users).await?;
        let is_valid = if as_original {
            self.is_own(users, &state)
        } else {
            // RFC 9207: a provider that names itself in its answers does so in every one.
            let provider = &self.oauth.client.provider;
            let is_its = match query.get("iss") {
                Some(named) => provider.known_issuer().is_none_or(|issuer| named == issuer),
                None => provider.issuer_in_answers().is_none(),
            };
            self.is_own(users, &state) && is_its && self.is_first_use(users, &state).await?
        };
        if !is_valid {
            return Err(StateError::Invalid.into());
        }
        let verifier = query
            .get("code_verifier")
            .filter(|verifier| as_original && !verifier.is_empty());
        Ok(Returned {
            state,
            proofs,
            verifier: verifier.map(str::to_owned),
            code,
            redirect_uri,
        })
    }

    /// Whether a state has an id and is used for the first time: in whatever process where the struct's key `oauth` declares a
    /// table for it, and otherwise in this one.
    async fn is_first_use<U: UserModel>(
        &self,
        users: &Users<U>,
        state: &State,
    ) -> Result<bool, Error> {
        let Some(id) = &state.id else {
            return Ok(false);
        };
        match users.tickets() {
            Some(tickets) => {
                users
                    .use_once(tickets, "oauth-state", id, STATE_LIFETIME)
                    .await
            }
            None => Ok(self.used.is_first_use(id)),
        }
    }

    /// Whether a state was made for this flow; those of the original do not say.
    fn is_own<U: UserModel>(&self, users: &Users<U>, state: &State) -> bool {
        match &state.flow {
            Some(flow) => *flow == self.flow_of(users),
            None => users.options().oauth_as_original,
        }
    }

    /// The flow of these users' tenant, where users belong to tenants.
    fn flow_of<U: UserModel>(&self, users: &Users<U>) -> Flow {
        users
            .tenant()
            .map_or_else(|| self.flow.clone(), |tenant| self.flow.of_tenant(tenant))
    }

    /// The answer to a browser that came back with nothing. A front end that waits is sent the code: the state must be of this
    /// server and this flow, and the front end still be one of those that are configured.
    pub(crate) fn refuse<U: UserModel, T, E: Refusals>(
        &self,
        users: &Users<U>,
        parts: &Parts,
        refusal: E,
    ) -> Answered<T, E> {
        let Some(SignedState {
            state,
            is_of_browser,
            ..
        }) = self.failed(users, parts)
        else {
            return Answered::new(refusal.into_response());
        };
        let Some(mut next) = state.next else {
            return Answered::new(refusal.into_response());
        };
        let mut code = front_end::code_of(refusal);
        if !is_of_browser {
            // Another site may have made this URL: it must not bring texts of its own to the front end.
            next.extra = None;
            let query = Query::of(parts);
            let is_given = ["error", "error_code"]
                .into_iter()
                .any(|name| query.get(name) == Some(&*code));
            if is_given && !is_plain_code(&code) {
                OAUTH_INVALID_STATE.text().clone_into(&mut code);
            }
        }
        Answered::new(front_end::refuse(&next, &code))
    }

    /// The state of a login that failed, if a front end waits for it.
    fn failed<U: UserModel>(&self, users: &Users<U>, parts: &Parts) -> Option<SignedState> {
        let cookie = read_cookie(&parts.headers, &self.oauth.csrf.name);
        let query = Query::of(parts);
        let signed =
            State::read_failed(query.get("state")?, cookie.as_deref(), users.state_keys())?;
        let url = &signed.state.next.as_ref()?.url;
        let is_known = self.oauth.front_ends.contains(url);
        (is_known && self.is_own(users, &signed.state)).then_some(signed)
    }

    /// Exchanges the code, and asks who the user is.
    pub(crate) async fn identify<U: UserModel>(
        &self,
        users: &Users<U>,
        returned: &Returned,
    ) -> Result<(ProviderToken, Profile), ProviderRefusal> {
        let client = &self.oauth.client;
        let as_original = users.options().oauth_as_original;
        let proofs = returned.proofs.as_ref();
        let verifier = returned
            .verifier
            .as_deref()
            .or_else(|| self.verifier(proofs, as_original));
        let token = client
            .exchange(
                &returned.code,
                &returned.redirect_uri,
                verifier,
                !as_original,
            )
            .await;
        let token = token.map_err(|error| ProviderRefusal::NoToken.or(&error))?;
        let nonce = self.nonce(proofs);
        let profile = client.profile(&token, nonce, !as_original).await;
        let profile = profile.map_err(|error| ProviderRefusal::NoProfile.or(&error))?;
        Ok((token, profile))
    }

    /// The answer, or the redirect to the front end that the state names.
    ///
    /// The browser keeps its cookie, which its other tabs may still need; the state itself is used up.
    pub(crate) async fn answer<T: IntoResponse, E: Refusals>(
        &self,
        next: Option<&Next>,
        answer: Result<T, E>,
    ) -> Answered<T, E> {
        Answered::new(match (next, answer) {
            (None, Ok(answer)) => answer.into_response(),
            (None, Err(refusal)) => refusal.into_response(),
            (Some(next), Err(refusal)) => front_end::refuse(next, &front_end::code_of(refusal)),
            (Some(next), Ok(answer)) => front_end::forward(next, answer.into_response()).await,
        })
    }

    /// The callback's URL: the configured one, or the one beside the route that was asked.
    ///
    /// A client writes the `Host` header as it likes, and the code would be sent where it says. So outside of the compatibility
    /// preset it counts on this machine only, where developers want to start without a configuration.
    fn redirect_uri(
        &self,
        parts: &Parts,
        route: &str,
        as_original: bool,
    ) -> Result<String, NoRedirectUrl> {
        if let Some(url) = &self.redirect_url {
            return Ok(url.clone());
        }
        let path = parts
            .extensions
            .get::<OriginalUri>()
            .map_or_else(|| parts.uri.path(), |OriginalUri(uri)| uri.path());
        let origin =
            origin(&parts.headers, &parts.uri, &parts.extensions).ok_or(NoRedirectUrl::NoHost)?;
        if !as_original && !is_loopback(&origin) {
            tracing::warn!(
                provider = self.oauth.client.name(),
                "an OAuth login at another host than this machine was refused: configure OAuth::redirect_url"
            );
            return Err(NoRedirectUrl::NotConfigured);
        }
        Ok(format!(
            "{origin}{}/callback",
            path.strip_suffix(route).unwrap_or(path)
        ))
    }
}

/// The code that the provider sent the browser back with.
fn code(query: &Query, as_original: bool) -> Result<String, ReturnRefusal> {
    // Some providers have a name of their own for the error.
    let other_error = || query.get("error_code").filter(|_| !as_original);
    match (query.get("error"), query.get("code")) {
        (Some(error), _) => Err(ErrorOfProvider(error.to_owned()).into()),
        (None, Some(code)) => Ok(code.to_owned()),
        (None, None) => match other_error() {
            Some(error) => Err(ErrorOfProvider(error.to_owned()).into()),
            None => Err(ReturnRefusal::Incomplete),
        },
    }
}

/// Whether a text is a code for programs rather than a text for people.
fn is_plain_code(text: &str) -> bool {
    const LONGEST: usize = 64;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    text.len() <= LONGEST && text.bytes().all(is_plain)
}
