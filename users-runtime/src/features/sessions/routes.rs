//! `/me/sessions` for all users, `/{id}/sessions` for superusers

use std::convert::Infallible;

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, Path, State},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use http::{StatusCode, request::Parts};
use serde::Serialize;

use super::query::All;
#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    error::Error,
    model::UserModel,
    session::SessionInfo,
    users::{Refused, Requirements, Session, Users},
    value::UserId as _,
    web::{
        answers::NoContent,
        documented::Documented,
        group::Group,
        parts::QuietParts,
        refusals::{Unprocessable, refusals},
        route::Route,
    },
    wire::respond,
};

/// Adds the routes to those of users, with which they stand under one prefix.
pub(crate) fn add_to<U: UserModel>(group: Group<U>, requires_verification: bool) -> Group<U> {
    let me = Requirements::active(requires_verification);
    let admin = Requirements::superuser(requires_verification);
    let group = group
        .get("/me/sessions", move |users, parts| {
            list_own::<U>(me, users, parts)
        })
        .named(
            Some(Route::Sessions),
            "users:sessions",
            "Show the current user's sessions",
            Some(me),
        )
        .delete("/me/sessions", move |users, all, parts| {
            end_others::<U>(me, users, all, parts)
        })
        .named(
            Some(Route::Sessions),
            "users:end_sessions",
            "End the current user's other sessions",
            Some(me),
        )
        .delete("/me/sessions/{session}", move |users, id, parts| {
            end_own::<U>(me, users, id, parts)
        })
        .named(
            Some(Route::Sessions),
            "users:end_session",
            "End a session of the current user",
            Some(me),
        );
    group
        .get("/{id}/sessions", move |users, path, parts| {
            list_of::<U>(admin, users, path, parts)
        })
        .named(
            Some(Route::Sessions),
            "users:user_sessions",
            "Show a user's sessions",
            Some(admin),
        )
        .delete("/{id}/sessions", move |users, path, parts| {
            end_all_of::<U>(admin, users, path, parts)
        })
        .named(
            Some(Route::Sessions),
            "users:end_user_sessions",
            "End a user's sessions",
            Some(admin),
        )
        .delete("/{id}/sessions/{session}", move |users, path, parts| {
            end_of::<U>(admin, users, path, parts)
        })
        .named(
            Some(Route::Sessions),
            "users:end_user_session",
            "End a session of a user",
            Some(admin),
        )
}

/// A session as its user sees it.
#[derive(Serialize)]
struct ShownSession {
    id: String,
    backend: String,
    created_at: String,
    last_used_at: String,
    expires_at: String,
    ip: Option<String>,
    user_agent: Option<String>,
    methods: Vec<String>,
    is_current: bool,
}

impl ShownSession {
    fn new(info: SessionInfo, current: Option<&Session>) -> Self {
        let current = current.and_then(|session| session.kept.as_ref());
        Self {
            is_current: current
                .is_some_and(|kept| kept.id == info.id && kept.backend == info.backend),
            id: info.id,
            backend: info.backend,
            created_at: rfc3339(info.created_at),
            last_used_at: rfc3339(info.last_used_at),
            expires_at: rfc3339(info.expires_at),
            ip: info.ip,
            user_agent: info.user_agent,
            methods: info.methods,
        }
    }
}

/// An instant in UTC (RFC 3339).
pub(crate) fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A list of sessions.
struct SessionList(Response);

impl SessionList {
    fn new(sessions: Vec<SessionInfo>, current: Option<&Session>) -> Self {
        let shown: Vec<_> = sessions
            .into_iter()
            .map(|info| ShownSession::new(info, current))
            .collect();
        Self(respond::no_store(respond::serialized(
            StatusCode::OK,
            &shown,
        )))
    }
}

impl IntoResponse for SessionList {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Documented for SessionList {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        let text = serde_json::json!({ "type": "string" });
        let instant = serde_json::json!({ "type": "string", "format": "date-time" });
        let optional = serde_json::json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] });
        let session = page.component(
            "UserSession",
            serde_json::json!({
                "type": "object",
                "title": "UserSession",
                "properties": {
                    "id": text, "backend": text,
                    "created_at": instant, "last_used_at": instant, "expires_at": instant,
                    "ip": optional, "user_agent": optional,
                    "methods": { "type": "array", "items": text },
                    "is_current": { "type": "boolean" },
                },
                "required": [
                    "id", "backend", "created_at", "last_used_at", "expires_at", "ip", "user_agent", "methods", "is_current",
                ],
            }),
        );
        page.answers_json(
            200,
            serde_json::json!({ "type": "array", "items": session }),
        );
    }
}

/// The ids in the path; text that is no UTF-8 is no id.
#[derive(Default)]
struct Ids {
    user: String,
    session: String,
}

impl Ids {
    async fn read(parts: &mut Parts) -> Self {
        let path = parts.extract::<Path<Vec<(String, String)>>>().await;
        let mut ids = Self::default();
        for (name, value) in path.map_or_else(|_| Vec::new(), |Path(path)| path) {
            match &*name {
                "id" => ids.user = value,
                "session" => ids.session = value,
                _ => {}
            }
        }
        ids
    }
}

/// The session in the path.
struct SessionInPath(String);

impl<S: Send + Sync> FromRequestParts<S> for SessionInPath {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Ids::read(parts).await.session))
    }
}

impl Documented for SessionInPath {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        document_session(page);
    }
}

/// The user in the path.
struct UserInPath<U>(String, std::marker::PhantomData<fn() -> U>);

impl<U, S: Send + Sync> FromRequestParts<S> for UserInPath<U> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Ids::read(parts).await.user, std::marker::PhantomData))
    }
}

impl<U: UserModel> Documented for UserInPath<U> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        document_user::<U>(page);
    }
}

/// The user and the session in the path.
struct BothInPath<U>(Ids, std::marker::PhantomData<fn() -> U>);

impl<U, S: Send + Sync> FromRequestParts<S> for BothInPath<U> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Ids::read(parts).await, std::marker::PhantomData))
    }
}

impl<U: UserModel> Documented for BothInPath<U> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        document_user::<U>(page);
        document_session(page);
    }
}

#[cfg(feature = "openapi")]
fn document_user<U: UserModel>(page: &mut Page<'_>) {
    let schema = <U::Id as crate::value::Field>::json_schema();
    page.in_path("id", "The user's primary key.", schema);
}

#[cfg(feature = "openapi")]
fn document_session(page: &mut Page<'_>) {
    let schema = serde_json::json!({ "type": "string" });
    page.in_path("session", "The session's id.", schema);
}

refusals! {
    /// Why sessions are not shown or ended.
    enum SessionsRefusal {
        | Guard(Refused),
        | Failed(Error),
    }
}

refusals! {
    /// Why the other sessions are not ended.
    enum OthersRefusal {
        | Guard(Refused),
        | Query(Unprocessable),
        | Failed(Error),
    }
}

refusals! {
    /// Why a session, or a user's sessions, are not shown or ended.
    enum MissingRefusal {
        NotFound = NOT_FOUND,
        | Guard(Refused),
        | Failed(Error),
    }
}

async fn list_own<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<SessionList, SessionsRefusal> {
    let me = users.current(&parts, guard).await?;
    let sessions = users.sessions(&me.user).await?;
    Ok(SessionList::new(sessions, Some(&me.session)))
}

async fn end_others<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    All(all): All,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, OthersRefusal> {
    let me = users.current(&parts, guard).await?;
    let kept = (!all?).then_some(&me.session);
    users
        .acting(&me.session, &parts)
        .run(users.revoke_sessions(&me.user, kept))
        .await?;
    Ok(NoContent)
}

async fn end_own<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    SessionInPath(session): SessionInPath,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, MissingRefusal> {
    let me = users.current(&parts, guard).await?;
    let acting = users.acting(&me.session, &parts);
    ended(acting.run(users.end_session(&me.user, &session)).await?)
}

async fn list_of<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    UserInPath(id, _): UserInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<SessionList, MissingRefusal> {
    let admin = users.current(&parts, guard).await?;
    let user = find_or_404(&users, &id).await?;
    let sessions = users.sessions(&user).await?;
    Ok(SessionList::new(sessions, Some(&admin.session)))
}

async fn end_all_of<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    UserInPath(id, _): UserInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, MissingRefusal> {
    let admin = users.current(&parts, guard).await?;
    let user = find_or_404(&users, &id).await?;
    users
        .acting(&admin.session, &parts)
        .run(users.revoke_sessions(&user, None))
        .await?;
    Ok(NoContent)
}

async fn end_of<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    BothInPath(ids, _): BothInPath<U>,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, MissingRefusal> {
    let admin = users.current(&parts, guard).await?;
    let user = find_or_404(&users, &ids.user).await?;
    let acting = users.acting(&admin.session, &parts);
    ended(acting.run(users.end_session(&user, &ids.session)).await?)
}

const fn ended(was_there: bool) -> Result<NoContent, MissingRefusal> {
    if was_there {
        Ok(NoContent)
    } else {
        Err(MissingRefusal::NotFound)
    }
}

async fn find_or_404<U: UserModel>(users: &Users<U>, id: &str) -> Result<U, MissingRefusal> {
    let id = U::Id::parse(id).ok_or(MissingRefusal::NotFound)?;
    users.find(&id).await?.ok_or(MissingRefusal::NotFound)
}
