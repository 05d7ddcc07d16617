//! The way of a browser to the provider and back, which login and linking share.

use std::sync::Arc;

use axum::{
    extract::OriginalUri,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use serde_json::json;

use super::{
    browser::{Answered, AuthorizationUrl},
    query::Query,
    refusal::{
        AuthorizeRefusal, ErrorOfProvider, ProviderRefusal, ProviderUnavailable, ReturnRefusal,
    },
};
use crate::{
    error::Error,
    http::{fastapi_routing::origin, refusals::Refusals, respond},
    manager::Users,
    model::UserModel,
    oauth::{
        Authorization, Flow, Next, OAuth, Profile, Proofs, ProviderToken, State, StateError,
        UsedStates,
    },
    token,
    transport::cookie_header::read_cookie,
};

/// The routes of one flow.
#[derive(Clone)]
pub(super) struct RoundTrip {
    pub(super) oauth: Arc<OAuth>,
    pub(super) flow: Flow,
    /// The callback's URL, where it is configured.
    redirect_url: Option<String>,
    used: Arc<UsedStates>,
}

/// A browser that came back with a state of its own and a code.
pub(super) struct Returned {
    pub(super) state: State,
    proofs: Proofs,
    code: String,
    redirect_uri: String,
}

impl RoundTrip {
    pub(super) fn new(oauth: Arc<OAuth>, flow: Flow, redirect_url: Option<String>) -> Self {
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

    /// Answers with the provider's page, and gives the browser a cookie to be known by.
    pub(super) async fn authorize<U: UserModel>(
        &self,
        users: &Users<U>,
        parts: &Parts,
        subject: Option<String>,
    ) -> Result<AuthorizationUrl, AuthorizeRefusal> {
        let oauth = &*self.oauth;
        let query = Query::of(parts);
        let next = self.next(&query)?;
        self.prepare(users).await?;
        let (keys, as_original) = (users.state_keys(), users.options().oauth_as_original);
        let csrf = token::random();
        let flow = (!as_original).then(|| self.flow.clone());
        let state = State {
            csrf: csrf.clone(),
            subject,
            flow,
            next,
        };
        let state = state
            .sign(keys)
            .map_err(|error| Error::Token(error.into()))?;
        let proofs = Proofs::of(&csrf, &keys.mac_key());
        let challenge = oauth
            .client
            .provider
            .supports_pkce()
            .then(|| proofs.challenge());
        let sends_nonce = self.sends_nonce(as_original);
        let scopes = query.all("scopes").or_else(|| oauth.scopes.clone());
        let url = oauth.client.authorization_url(Authorization {
            redirect_uri: &self
                .redirect_uri(parts, "/authorize")
                .ok_or(AuthorizeRefusal::NoHost)?,
            state: &state,
            scopes: scopes.as_deref(),
            code_challenge: challenge.as_deref(),
            nonce: sends_nonce.then_some(&*proofs.nonce),
        });
        let mut response =
            respond::serialized(StatusCode::OK, &json!({ "authorization_url": url }));
        let cookie = oauth
            .csrf
            .set(&csrf)
            .map_err(|error| Error::Token(error.into()))?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
        Ok(AuthorizationUrl(respond::no_store(response)))
    }

    /// The front end that waits, which must be one of those that are configured.
    fn next(&self, query: &Query) -> Result<Option<Next>, AuthorizeRefusal> {
        /// More than a path or an id needs, and little enough for a URL.
        const LONGEST_EXTRA: usize = 512;
        let front_ends = &self.oauth.front_ends;
        let Some(url) = query.get("next").filter(|_| !front_ends.is_empty()) else {
            return Ok(None);
        };
        let extra = query.get("extra").map(str::to_owned);
        if !front_ends.iter().any(|known| known == url)
            || extra
                .as_ref()
                .is_some_and(|extra| extra.len() > LONGEST_EXTRA)
        {
            return Err(AuthorizeRefusal::InvalidNext);
        }
        Ok(Some(Next {
            url: url.to_owned(),
            extra,
        }))
    }

    /// Judges what a browser brought back, before anything is asked of the provider.
    pub(super) async fn returned<U: UserModel>(
        &self,
        users: &Users<U>,
        parts: &Parts,
    ) -> Result<Returned, ReturnRefusal> {
        let query = Query::of(parts);
        let code = match (query.get("error"), query.get("code")) {
            (Some(error), _) => return Err(ErrorOfProvider(error.to_owned()).into()),
            (None, None) => return Err(ReturnRefusal::Incomplete),
            (None, Some(code)) => code.to_owned(),
        };
        let cookie = read_cookie(&parts.headers, &self.oauth.csrf.name);
        let (state, proofs) = State::read(
            query.get("state").unwrap_or_default(),
            cookie.as_deref(),
            users.state_keys(),
        )?;
        let is_ours = state.flow.as_ref() == Some(&self.flow);
        self.prepare(users).await?;
        let is_good = if users.options().oauth_as_original {
            is_ours || state.flow.is_none()
        } else {
            // RFC 9207: a provider that names itself in its answers does so in every one.
            let issuer = self.oauth.client.provider.issuer_in_answers();
            let is_its = issuer.is_none_or(|issuer| query.get("iss") == Some(issuer));
            is_ours && is_its && self.used.is_first_use(&state.csrf)
        };
        if !is_good {
            return Err(StateError::Invalid.into());
        }
        let redirect_uri = self
            .redirect_uri(parts, "/callback")
            .ok_or(ReturnRefusal::Incomplete)?;
        Ok(Returned {
            state,
            proofs,
            code,
            redirect_uri,
        })
    }

    /// The answer to a browser that came back with nothing: a front end is told, where the state is the browser's own and names one.
    pub(super) fn refuse<U: UserModel, T, E: Refusals>(
        &self,
        users: &Users<U>,
        parts: &Parts,
        refusal: E,
    ) -> Answered<T, E> {
        let query = Query::of(parts);
        let cookie = read_cookie(&parts.headers, &self.oauth.csrf.name);
        let state = query.get("error").and(query.get("state"));
        let read =
            state.and_then(|state| State::read(state, cookie.as_deref(), users.state_keys()).ok());
        let ours = read
            .map(|(state, _)| state)
            .filter(|state| state.flow.as_ref() == Some(&self.flow));
        Answered::new(match ours.and_then(|state| state.next) {
            Some(next) => redirect(&next, vec![("error".to_owned(), refusal.code().to_owned())]),
            None => refusal.into_response(),
        })
    }

    /// Exchanges the code, and asks who the user is.
    pub(super) async fn identify<U: UserModel>(
        &self,
        users: &Users<U>,
        returned: &Returned,
    ) -> Result<(ProviderToken, Profile), ProviderRefusal> {
        let client = &self.oauth.client;
        let as_original = users.options().oauth_as_original;
        let proofs = &returned.proofs;
        let verifier = client.provider.supports_pkce().then_some(&*proofs.verifier);
        let token = client
            .exchange(
                &returned.code,
                &returned.redirect_uri,
                verifier,
                !as_original,
            )
            .await;
        let token = token.map_err(|error| ProviderRefusal::NoToken.or(&error))?;
        let nonce = self.sends_nonce(as_original).then_some(&*proofs.nonce);
        let profile = client.profile(&token, nonce, !as_original).await;
        let profile = profile.map_err(|error| ProviderRefusal::NoProfile.or(&error))?;
        Ok((token, profile))
    }

    /// Whether id tokens are bound to the browser. The original sends a nonce only where a provider insists.
    fn sends_nonce(&self, as_original: bool) -> bool {
        let provider = &self.oauth.client.provider;
        provider.supports_nonce() && (!as_original || provider.requires_nonce())
    }

    /// The answer, or the redirect to the front end that the state names; the browser's cookie has done its work.
    pub(super) async fn answer<U: UserModel, T: IntoResponse, E: Refusals>(
        &self,
        users: &Users<U>,
        next: Option<&Next>,
        answer: Result<T, E>,
    ) -> Answered<T, E> {
        let mut response = match (next, answer) {
            (None, Ok(answer)) => answer.into_response(),
            (None, Err(refusal)) => refusal.into_response(),
            (Some(next), Err(refusal)) => {
                redirect(next, vec![("error".to_owned(), refusal.code().to_owned())])
            }
            (Some(next), Ok(answer)) => forward(next, answer.into_response()).await,
        };
        if !users.options().oauth_as_original
            && let Ok(cookie) = self.oauth.csrf.clear()
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Answered::new(response)
    }

    /// The callback's URL: the configured one, or the one beside the route that was asked.
    fn redirect_uri(&self, parts: &Parts, route: &str) -> Option<String> {
        if let Some(url) = &self.redirect_url {
            return Some(url.clone());
        }
        let path = parts
            .extensions
            .get::<OriginalUri>()
            .map_or_else(|| parts.uri.path(), |OriginalUri(uri)| uri.path());
        let origin = origin(&parts.headers, &parts.uri, &parts.extensions)?;
        Some(format!(
            "{origin}{}/callback",
            path.strip_suffix(route).unwrap_or(path)
        ))
    }
}

/// Sends the browser on with what a backend answered: its cookies as they are, its JSON as the fragment.
async fn forward(next: &Next, response: Response) -> Response {
    /// More than any transport has to say.
    const LONGEST: usize = 1 << 16;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, LONGEST)
        .await
        .unwrap_or_default();
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&body).unwrap_or_default();
    let texts = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
    let mut response = redirect(next, texts.collect());
    for cookie in parts.headers.get_all(header::SET_COOKIE) {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    response
}

fn redirect(next: &Next, mut fragment: Vec<(String, String)>) -> Response {
    fragment.extend(
        next.extra
            .iter()
            .map(|extra| ("extra".to_owned(), extra.clone())),
    );
    let fragment = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fragment)
        .finish();
    let url = if fragment.is_empty() {
        next.url.clone()
    } else {
        format!("{}#{fragment}", next.url)
    };
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(&url) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    respond::no_store(response)
}
