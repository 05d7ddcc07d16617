//! One line of the log for each event.

use std::fmt::Write as _;

use super::event::{Event, EventKind};
use crate::model::UserModel;

/// What is particular about a kind of event, as the log has it.
#[derive(Default)]
struct Details<'a> {
    backend: Option<&'a str>,
    methods: Option<String>,
    reason: Option<&'a str>,
    limited: Option<&'a str>,
    by: Option<&'a str>,
    provider: Option<&'a str>,
    ended: Option<&'a str>,
    kept: Option<bool>,
    changed: Option<String>,
}

/// Logs an event under the target `users_runtime::events`.
pub(super) fn log<U: UserModel>(event: &Event<'_, U>) {
    let details = details(&event.kind);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "users_runtime::events",
                event = event.kind.name(),
                user.id = event.user.map(|user| tracing::field::display(user.account().id)),
                actor = %event.actor,
                session.id = event.session.as_deref(),
                ip = event.ip.map(tracing::field::display),
                backend = details.backend,
                methods = details.methods,
                reason = details.reason,
                limited = details.limited,
                by = details.by,
                provider = details.provider,
                ended = details.ended,
                kept = details.kept,
                changed = details.changed,
                "{}",
                event.kind.message()
            )
        };
    }
    if event.kind.is_suspicious() {
        line!(warn);
    } else {
        line!(info);
    }
}

fn details<'a>(kind: &'a EventKind<'_>) -> Details<'a> {
    let mut details = Details::default();
    match kind {
        EventKind::LoggedIn { backend, methods } => {
            details.backend = Some(backend);
            details.methods = Some(methods.join(" "));
        }
        EventKind::LoginFailed { backend, reason } => {
            details.backend = *backend;
            details.reason = Some(reason.name());
        }
        EventKind::LoggedOut { backend } | EventKind::RefreshTokenReplayed { backend } => {
            details.backend = Some(backend);
        }
        EventKind::LimitReached { limited } => details.limited = Some(limited),
        EventKind::Registered { by, provider } => {
            details.by = Some(by);
            details.provider = *provider;
        }
        EventKind::FlagsChanged {
            is_active,
            is_superuser,
            is_verified,
        } => {
            details.changed = Some(flags([
                ("is_active", *is_active),
                ("is_superuser", *is_superuser),
                ("is_verified", *is_verified),
            ]));
        }
        EventKind::Updated { fields } => details.changed = Some(fields.join(" ")),
        EventKind::SessionEnded { backend, ended }
        | EventKind::RefreshTokenReused { backend, ended } => {
            details.backend = Some(backend);
            details.ended = Some(ended);
        }
        EventKind::SessionsRevoked { kept } => details.kept = Some(*kept),
        EventKind::AccountLinked { provider } | EventKind::AccountUnlinked { provider } => {
            details.provider = Some(provider);
        }
        EventKind::AccountLocked
        | EventKind::LimitsForgotten
        | EventKind::VerificationRequested
        | EventKind::Verified
        | EventKind::ResetRequested
        | EventKind::PasswordReset
        | EventKind::Claimed
        | EventKind::PasswordVoided
        | EventKind::PasswordChanged
        | EventKind::EmailChanged
        | EventKind::EveryonesSessionsRevoked
        | EventKind::Deleted => {}
    }
    details
}

fn flags(flags: [(&str, Option<bool>); 3]) -> String {
    let mut text = String::new();
    for (name, flag) in flags {
        if let Some(flag) = flag {
            let space = if text.is_empty() { "" } else { " " };
            // Writing to text does not fail.
            let _ = write!(text, "{space}{name}={flag}");
        }
    }
    text
}
