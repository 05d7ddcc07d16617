//! `GET /me/events`, and `GET /{id}/events` for superusers

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::stored::{EventCursor, EventPage, StoredEvent};
use crate::{
    error::Error,
    features::{
        administration::routes::{IdInPath, Missing, find_or_404},
        sessions::routes::rfc3339,
    },
    model::UserModel,
    users::{Refused, Requirements, Users},
    web::{
        documented::Documented,
        group::Group,
        outcome::VALIDATION_ERROR,
        parts::QuietParts,
        refusals::{Refusals, refusals},
        route::Route,
    },
    wire::respond,
};
#[cfg(feature = "openapi")]
use crate::{openapi::Page, web::outcome::Outcome};

/// How many events are shown where the client does not say.
const USUAL: u32 = 50;
/// How many are shown at most.
const MOST: u32 = 200;

/// Adds the routes to those of users, with which they stand under one prefix.
pub(crate) fn add_to<U: UserModel>(group: Group<U>, requires_verification: bool) -> Group<U> {
    let me = Requirements::active(requires_verification);
    let admin = Requirements::superuser(requires_verification);
    group
        .get("/me/events", move |users, portion, parts| {
            list_own::<U>(me, users, portion, parts)
        })
        .named(
            Some(Route::Events),
            "users:events",
            "Show the current user's events",
            Some(me),
        )
        .get("/{id}/events", move |users, id, portion, parts| {
            list_of::<U>(admin, users, id, portion, parts)
        })
        .named(
            Some(Route::Events),
            "users:user_events",
            "Show a user's events",
            Some(admin),
        )
}

/// An event as it is shown.
#[derive(Serialize)]
struct ShownEvent {
    id: String,
    name: String,
    at: String,
    actor: String,
    session: Option<String>,
    ip: Option<String>,
    details: Map<String, Value>,
}

impl ShownEvent {
    /// The event as superusers see it.
    fn whole(event: StoredEvent) -> Self {
        Self {
            id: event.id,
            name: event.name,
            at: rfc3339(event.at),
            actor: event.actor,
            session: event.session,
            ip: event.ip,
            details: event.details,
        }
    }

    /// The event as its user sees it. Where superusers and operators work from, and what the latter are called on their machine, is
    /// not for users.
    fn for_user(event: StoredEvent, user: &str) -> Self {
        let mut shown = Self::whole(event);
        let by_operator = shown.actor.starts_with("command-line");
        let by_other = shown
            .actor
            .strip_prefix("user:")
            .is_some_and(|id| id != user);
        if by_operator {
            "command-line".clone_into(&mut shown.actor);
        }
        if by_operator || by_other {
            (shown.session, shown.ip) = (None, None);
        }
        shown
    }
}

/// A portion of a list of events.
struct EventList(Response);

impl EventList {
    fn new(page: EventPage, show: impl Fn(StoredEvent) -> ShownEvent) -> Self {
        #[derive(Serialize)]
        struct List {
            items: Vec<ShownEvent>,
            next: Option<String>,
        }
        let list = List {
            items: page.items.into_iter().map(show).collect(),
            next: page.next.map(|cursor| cursor.to_string()),
        };
        Self(respond::no_store(respond::serialized(
            StatusCode::OK,
            &list,
        )))
    }
}

impl IntoResponse for EventList {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Documented for EventList {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        let text = json!({ "type": "string" });
        let optional = json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] });
        let event = page.component(
            "UserEvent",
            json!({
                "type": "object",
                "title": "UserEvent",
                "properties": {
                    "id": text, "name": text,
                    "at": { "type": "string", "format": "date-time" },
                    "actor": text, "session": optional, "ip": optional,
                    "details": { "type": "object", "additionalProperties": true },
                },
                "required": ["id", "name", "at", "actor", "session", "ip", "details"],
            }),
        );
        let list = page.component(
            "UserEvents",
            json!({
                "type": "object",
                "title": "UserEvents",
                "properties": { "items": { "type": "array", "items": event }, "next": optional },
                "required": ["items", "next"],
            }),
        );
        page.answers_json(200, list);
    }
}

/// Which portion is wanted: `?limit=` and `?cursor=`.
struct Portion {
    limit: u32,
    after: Option<EventCursor>,
}

/// A query that is not valid, by the name of its parameter.
#[derive(Debug)]
struct BadQuery(&'static str);

impl Portion {
    fn read(query: &str) -> Result<Self, BadQuery> {
        let mut portion = Self {
            limit: USUAL,
            after: None,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "limit" => {
                    let limit = value
                        .parse()
                        .ok()
                        .filter(|limit| (1..=MOST).contains(limit));
                    portion.limit = limit.ok_or(BadQuery("limit"))?;
                }
                "cursor" => {
                    let cursor = EventCursor::parse(&value).ok_or(BadQuery("cursor"))?;
                    portion.after = Some(cursor);
                }
                _ => {}
            }
        }
        Ok(portion)
    }
}

/// The portion in the query. A mistake is reported after the user was asked for.
struct PortionInQuery(Result<Portion, BadQuery>);

impl<S: Send + Sync> FromRequestParts<S> for PortionInQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Portion::read(parts.uri.query().unwrap_or_default())))
    }
}

impl Documented for PortionInQuery {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.in_query(
            "limit",
            "How many events are shown at most.",
            json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL }),
        );
        page.in_query(
            "cursor",
            "Where the portion begins: `next` of the one before it.",
            json!({ "type": "string" }),
        );
    }
}

impl IntoResponse for BadQuery {
    fn into_response(self) -> Response {
        let message = match self.0 {
            "limit" => "Value error, Write a whole number from 1 to 200",
            _ => "Value error, Write `next` of the portion before this one",
        };
        let mistake = json!({ "type": "value_error", "loc": ["query", self.0], "msg": message });
        VALIDATION_ERROR.with(&[mistake])
    }
}

impl Refusals for BadQuery {
    #[cfg(feature = "oauth")]
    fn code(&self) -> &'static str {
        VALIDATION_ERROR.text()
    }

    #[cfg(feature = "openapi")]
    fn outcomes() -> Vec<Outcome> {
        vec![VALIDATION_ERROR]
    }
}

refusals! {
    /// Why the current user's events are not shown.
    enum OwnRefusal {
        | Guard(Refused),
        | Query(BadQuery),
        | Failed(Error),
    }
}

refusals! {
    /// Why a user's events are not shown.
    enum OfRefusal {
        | Guard(Refused),
        | Query(BadQuery),
        | Missing(Missing),
        | Failed(Error),
    }
}

async fn list_own<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    PortionInQuery(portion): PortionInQuery,
    QuietParts(parts): QuietParts,
) -> Result<EventList, OwnRefusal> {
    let me = users.current(&parts, guard).await?.user;
    let Portion { limit, after } = portion?;
    let page = users.events(&me, limit, after.as_ref()).await?;
    let id = me.account().id.to_string();
    Ok(EventList::new(page, |event| {
        ShownEvent::for_user(event, &id)
    }))
}

async fn list_of<U: UserModel>(
    guard: Requirements,
    State(users): State<Users<U>>,
    id: IdInPath<U>,
    PortionInQuery(portion): PortionInQuery,
    QuietParts(parts): QuietParts,
) -> Result<EventList, OfRefusal> {
    users.current(&parts, guard).await?;
    let Portion { limit, after } = portion?;
    let user = find_or_404(&users, &id.text).await?;
    let page = users.events(&user, limit, after.as_ref()).await?;
    Ok(EventList::new(page, ShownEvent::whole))
}
