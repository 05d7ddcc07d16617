//! Linking an account at a provider to the current user.

use std::sync::Arc;

use axum::extract::State;
use http::request::Parts;

use super::{
    browser::{Answered, AuthorizationUrl, Leaving, Linked, Returning},
    refusal::{AuthorizeRefusal, ProviderRefusal, ReturnRefusal},
    round_trip::{FlowRules, Returned, RoundTrip},
};
#[cfg(feature = "openapi")]
use crate::openapi::Context;
use crate::{
    error::Error,
    features::oauth::OAuthError,
    model::UserModel,
    oauth::{Flow, OAuth, Profile, ProviderToken, StateError},
    store::StoreError,
    users::{Refused, Requirements, Session, Users},
    value::Viewer,
    web::{answers::Shown, group::Group, refusals::refusals},
};

/// How often linking begins anew because the user changes at the same time.
const ATTEMPTS: usize = 4;

pub(crate) fn group<U: UserModel>(oauth: Arc<OAuth>, rules: FlowRules) -> Group<U> {
    let flow = Flow::associate(oauth.client.name());
    let (provider, name) = (
        oauth.client.name().to_owned(),
        format!("oauth-associate:{}", oauth.client.name()),
    );
    let redirect_url = oauth
        .associate_redirect_url
        .clone()
        .or_else(|| oauth.redirect_url.clone());
    let trip = RoundTrip::new(oauth, flow, redirect_url);
    #[cfg(feature = "openapi")]
    let context = trip.describe(Context::default(), rules.as_original);
    let there = trip.clone();
    let guard = Requirements::active(rules.requires_verification);
    let authorize = move |State(users): State<Users<U>>, Leaving(parts): Leaving| {
        authorize(there.clone(), guard, users, parts)
    };
    let callback = move |State(users): State<Users<U>>, Returning(parts): Returning| {
        callback(trip.clone(), guard, users, parts)
    };
    let group = Group::new()
        .get("/authorize", authorize)
        .named(
            None,
            &format!("{name}.authorize"),
            &format!("Begin to link an account at {provider}"),
            Some(guard),
        )
        .get("/callback", callback)
        .named(
            None,
            &format!("{name}.callback"),
            &format!("Link an account at {provider}"),
            Some(guard),
        );
    #[cfg(feature = "openapi")]
    let group = group.within(context);
    group
}

refusals! {
    /// Why a user is not sent to the provider.
    pub(crate) enum LeaveRefusal {
        | Guard(Refused),
        | Trip(AuthorizeRefusal),
    }
}

refusals! {
    /// Why an account is not linked.
    pub(crate) enum LinkRefusal {
        | Guard(Refused),
        | Return(ReturnRefusal),
        | Provider(ProviderRefusal),
        | Manager(OAuthError),
        | Failed(Error),
    }
}

async fn authorize<U: UserModel>(
    trip: RoundTrip,
    guard: Requirements,
    users: Users<U>,
    parts: Parts,
) -> Result<AuthorizationUrl, LeaveRefusal> {
    let found = users.current(&parts, guard).await?;
    let subject = found.user.account().id.to_string();
    Ok(trip.authorize(&users, &parts, Some(subject)).await?)
}

async fn callback<U: UserModel>(
    trip: RoundTrip,
    guard: Requirements,
    users: Users<U>,
    parts: Parts,
) -> Answered<Linked<U>, LinkRefusal> {
    let found = match users.current(&parts, guard).await {
        Ok(found) => found,
        Err(refusal) => return trip.refuse(&users, &parts, refusal.into()),
    };
    let returned = match trip
        .returned(&users, &parts)
        .await
        .and_then(|returned| of_user(returned, &found.user))
    {
        Ok(returned) => returned,
        Err(refusal) => return trip.refuse(&users, &parts, refusal.into()),
    };
    let answer = link(&trip, &found.session, &users, &parts, &returned).await;
    trip.answer(returned.state.next.as_ref(), answer).await
}

/// A state that was made for the same user.
fn of_user<U: UserModel>(returned: Returned, user: &U) -> Result<Returned, ReturnRefusal> {
    match &returned.state.subject {
        Some(subject) if *subject == user.account().id.to_string() => Ok(returned),
        Some(_) => Err(ReturnRefusal::Incomplete),
        None => Err(StateError::Invalid.into()),
    }
}

/// Links an account to the user of a session, and begins anew where the user changes at the same time: the session is presented
/// again, since the provider may have taken its time, and a new password or a deactivation has ended it.
async fn linked<U: UserModel>(
    users: &Users<U>,
    session: &Session,
    parts: &Parts,
    (provider, token, profile): (&str, &ProviderToken, &Profile),
) -> Result<(U, bool), LinkRefusal> {
    for _ in 0..ATTEMPTS {
        let user = users.renew(session).await?;
        let linking = users.oauth_associate(&user, provider, token, profile, Some(parts));
        match linking.await {
            Ok(is_new) => return Ok((user, is_new)),
            Err(OAuthError::Failed(Error::Store(StoreError::Outdated))) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    let busy = StoreError::Unavailable("the user keeps changing".into());
    Err(Error::from(busy).into())
}

async fn link<U: UserModel>(
    trip: &RoundTrip,
    session: &Session,
    users: &Users<U>,
    parts: &Parts,
    returned: &Returned,
) -> Result<Linked<U>, LinkRefusal> {
    let (token, profile) = trip.identify(users, returned).await?;
    let provider = trip.oauth.client.name();
    let acting = users.acting(session, parts);
    let linking = linked(users, session, parts, (provider, &token, &profile));
    let (user, is_new) = acting.clone().run(linking).await?;
    // The user was as the session found them when the link was stored. The session itself may have ended.
    if let Err(refused) = users.renew(session).await {
        if is_new {
            let unlinked = users.unlink_late(&user, provider, &profile.account_id);
            acting.run(unlinked).await?;
        }
        return Err(refused.into());
    }
    if returned.state.next.is_some() {
        return Ok(Linked(None));
    }
    let shown = Shown::new(users, &user, Viewer::Owner).await?;
    Ok(Linked(Some(shown)))
}
