//! Login with an account at a provider.

use std::sync::Arc;

use axum::extract::State;
use http::request::Parts;

use super::{
    browser::{Answered, Leaving, Returning},
    refusal::{ProviderRefusal, ReturnRefusal},
    round_trip::{FlowRules, RoundTrip},
};
#[cfg(feature = "openapi")]
use crate::openapi::Context;
use crate::{
    features::{
        login::{LoggedIn, LoginAttempt, LoginError},
        oauth::{OAuthError, OAuthRules},
    },
    model::UserModel,
    oauth::{Flow, OAuth, Profile, ProviderToken},
    session::Backend,
    users::Users,
    web::{group::Group, mounted, refusals::refusals},
};

pub(crate) fn group<U: UserModel>(
    oauth: Arc<OAuth>,
    backend: &Backend<U>,
    rules: FlowRules,
) -> Group<U> {
    let flow = Flow::login(oauth.client.name(), backend.name());
    let (provider, name) = (
        oauth.client.name().to_owned(),
        format!("oauth:{}.{}", oauth.client.name(), backend.name()),
    );
    #[cfg(feature = "openapi")]
    let context = Context::of_backend(backend).for_verified(rules.requires_verification);
    let redirect_url = oauth.redirect_url.clone();
    let trip = RoundTrip::new(oauth, flow, redirect_url);
    #[cfg(feature = "openapi")]
    let context = trip.describe(context, rules.as_original);
    let (back, backend) = (trip.clone(), backend.clone());
    let authorize = move |State(users): State<Users<U>>, Leaving(parts): Leaving| {
        let trip = trip.clone();
        async move { trip.authorize(&users, &parts, None).await }
    };
    let callback = move |State(users): State<Users<U>>, Returning(parts): Returning| {
        callback(back.clone(), backend.clone(), rules, users, parts)
    };
    let group = Group::new()
        .get("/authorize", authorize)
        .named(
            None,
            &format!("{name}.authorize"),
            &format!("Begin a login with {provider}"),
            None,
        )
        .get("/callback", callback)
        .named(
            None,
            &format!("{name}.callback"),
            &format!("End a login with {provider}"),
            None,
        );
    #[cfg(feature = "openapi")]
    let group = group.within(context);
    group
}

refusals! {
    /// Why a user is not logged in.
    pub(crate) enum LoginRefusal {
        | Login(LoginError),
        | Return(ReturnRefusal),
        | Provider(ProviderRefusal),
        | Manager(OAuthError),
    }
}

async fn callback<U: UserModel>(
    trip: RoundTrip,
    backend: Backend<U>,
    rules: FlowRules,
    users: Users<U>,
    parts: Parts,
) -> Answered<LoggedIn<U>, LoginRefusal> {
    let returned = match trip.returned(&users, &parts).await {
        Ok(returned) => returned,
        Err(refusal) => return trip.refuse(&users, &parts, refusal.into()),
    };
    let answer = async {
        let (token, profile) = trip.identify(&users, &returned).await?;
        log_in(
            &trip.oauth,
            &backend,
            rules,
            &users,
            &parts,
            (token, profile),
        )
        .await
    };
    let answer = answer.await;
    trip.answer(returned.state.next.as_ref(), answer).await
}

/// Logs in whom the provider has identified.
pub(super) async fn log_in<U: UserModel>(
    oauth: &OAuth,
    backend: &Backend<U>,
    rules: FlowRules,
    users: &Users<U>,
    parts: &Parts,
    (token, profile): (ProviderToken, Profile),
) -> Result<LoggedIn<U>, LoginRefusal> {
    let of_accounts = OAuthRules {
        associate_by_email: oauth.associate_by_email,
        is_verified_by_default: oauth.is_verified_by_default,
        trusts_addresses: oauth.trusts_addresses,
        existing_users_only: oauth.existing_users_only,
    };
    let (provider, account_id) = (oauth.client.name(), profile.account_id.clone());
    let user = users
        .oauth_login(provider, &token, profile, of_accounts, Some(parts))
        .await?;
    let path = mounted::beside(parts, &format!("/auth/{provider}"), backend.path_prefix());
    let attempt = LoginAttempt::by_account(user, provider, account_id)
        .requires_verification(rules.requires_verification)
        .backend_path(path);
    Ok(users.complete_login(backend, attempt, parts).await?)
}
