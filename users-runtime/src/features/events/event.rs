//! What can happen to users, and what is known of it.

use std::{fmt, net::IpAddr};

use chrono::{DateTime, Utc};
use http::request::Parts;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::model::UserModel;

/// Something that has happened: what, to whom, by whom, and from where.
///
/// The application observes events with [`on_event`](crate::Hooks::on_event). No event holds a password, a token or what a client typed
/// as a user name.
#[non_exhaustive]
pub struct Event<'a, U: UserModel> {
    /// What has happened.
    pub kind: EventKind<'a>,
    /// The user to whom it happened, as stored afterwards; `None` where there is none, as for a login with an unknown address.
    pub user: Option<&'a U>,
    /// Who did it.
    pub actor: Actor,
    /// The id of the session in which it happened; `None` outside of one, and for backends that keep none.
    pub session: Option<String>,
    /// The client's address, where it is [known](crate::Users::client_address).
    pub ip: Option<IpAddr>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The head of the request; `None` outside of one.
    pub request: Option<&'a Parts>,
}

/// Who has caused an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Actor {
    /// A user who is logged in, by the id as text.
    User(String),
    /// A client that is not logged in.
    Client,
    /// An operator on the command line, by the name of the system's user where it is known.
    CommandLine(Option<String>),
    /// Code of the application.
    Application,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Client => f.write_str("client"),
            Self::CommandLine(Some(name)) => write!(f, "command-line:{name}"),
            Self::CommandLine(None) => f.write_str("command-line"),
            Self::Application => f.write_str("application"),
        }
    }
}

/// Why a login failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginFailure {
    /// No user has the name or address.
    UnknownUser,
    /// The password is another one.
    WrongPassword,
    /// The user is inactive, or was deleted or changed while the login waited.
    Inactive,
    /// The address must be verified, and is not.
    NotVerified,
    /// `before_login` refused.
    RefusedByHook,
}

impl LoginFailure {
    /// The reason's name in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown_user",
            Self::WrongPassword => "wrong_password",
            Self::Inactive => "inactive",
            Self::NotVerified => "not_verified",
            Self::RefusedByHook => "refused_by_hook",
        }
    }
}

impl Serialize for LoginFailure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The kinds of events: each with its name and its line in the log.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $({ $($(#[$about:meta])* $field:ident: $type:ty,)* })? = $name:literal, $message:literal;)*) => {
        /// What has happened.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum EventKind<'a> {
            $($(#[$doc])* $kind $({ $($(#[$about])* $field: $type,)* })?,)*
        }

        impl EventKind<'_> {
            /// The names of all events, which do not change between versions.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The event's name, which does not change between versions.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$kind { .. } => $name,)*
                }
            }

            /// The fields of the kind by their names, without those that are `None`. None of them is a secret.
            pub fn details(&self) -> Map<String, Value> {
                let fields: Vec<(&str, Value)> = match self {
                    $(Self::$kind $({ $($field),* })? => vec![$($((stringify!($field), json!($field))),*)?],)*
                };
                let known = fields.into_iter().filter(|(_, value)| !value.is_null());
                known.map(|(name, value)| (name.to_owned(), value)).collect()
            }

            /// The event's line in the log.
            pub(super) const fn message(&self) -> &'static str {
                match self {
                    $(Self::$kind { .. } => $message,)*
                }
            }
        }
    };
}

kinds! {
    /// A user has logged in.
    LoggedIn {
        /// The backend that issued the tokens.
        backend: &'a str,
        /// How the user proved who they are, such as `password` and `oauth:google`.
        methods: &'a [String],
    } = "login.succeeded", "logged in";
    /// A login failed.
    LoginFailed {
        /// The backend; `None` for [`Users::authenticate`](crate::Users::authenticate).
        backend: Option<&'a str>,
        /// Why.
        reason: LoginFailure,
    } = "login.failed", "login refused";
    /// A user has logged out.
    LoggedOut {
        /// The backend whose session ended.
        backend: &'a str,
    } = "logout", "logged out";
    /// More attempts than the limits allow. The user is known where the limit of an account was reached.
    LimitReached {
        /// What is limited: `login`, `register`, `forgot` or `verify`.
        limited: &'a str,
    } = "limit.reached", "too many attempts";
    /// Failed logins have locked an account: a letter that unlocks it goes out.
    AccountLocked = "account.locked", "an account was locked: too many failed logins";
    /// The failed logins of a user were forgotten by a superuser, an operator, a password reset or the letter that unlocks.
    LimitsForgotten = "limit.forgotten", "limits forgotten";
    /// A user has registered.
    Registered {
        /// By what: `form`, `provider`, `command_line` or `application`.
        by: &'static str,
        /// The provider, where it was one.
        provider: Option<&'a str>,
    } = "user.registered", "registered";
    /// A user wants to prove their address: a letter goes out.
    VerificationRequested = "verification.requested", "verification requested";
    /// A user has proven their address.
    Verified = "verification.done", "verified";
    /// A user has forgotten their password: a letter goes out.
    ResetRequested = "password_reset.requested", "password reset requested";
    /// A user has set a new password with a token.
    PasswordReset = "password_reset.done", "password reset";
    /// The address's owner has proven it, and what an unproven user got in with was voided: password, sessions and linked accounts.
    Claimed = "user.claimed", "what an unproven user got in with was voided, since the address's owner proved it";
    /// An unverified user's address was registered again with another password, and the user's password was voided.
    PasswordVoided = "password.voided", "the password of an unverified user was voided: the address was registered with another one";
    /// A user has a new password, by a change.
    PasswordChanged = "password.changed", "password changed";
    /// A user has another address.
    EmailChanged = "email.changed", "address changed";
    /// A flag of a user was changed; `None` where it was not.
    FlagsChanged {
        /// `is_active`
        is_active: Option<bool>,
        /// `is_superuser`
        is_superuser: Option<bool>,
        /// `is_verified`
        is_verified: Option<bool>,
    } = "flags.changed", "flags changed";
    /// Other fields of a user were set.
    Updated {
        /// Their names.
        fields: &'a [&'static str],
    } = "user.updated", "updated";
    /// A session was ended by its user, a superuser or an operator.
    SessionEnded {
        /// The session's backend.
        backend: &'a str,
        /// The id of the session that ended.
        ended: &'a str,
    } = "session.ended", "session ended";
    /// All sessions of a user were ended, except for the current one if `kept` is set.
    SessionsRevoked {
        /// Whether the session in which it happened goes on.
        kept: bool,
    } = "sessions.revoked", "sessions ended";
    /// The sessions of every user were ended.
    EveryonesSessionsRevoked = "sessions.revoked_for_everyone", "the sessions of every user ended";
    /// A refresh token was used again after its successor was used: it was copied, and the session was ended.
    RefreshTokenReused {
        /// The session's backend.
        backend: &'a str,
        /// The id of the session that ended.
        ended: &'a str,
    } = "refresh.reused", "a refresh token was used again: the session was ended";
    /// A former refresh token was used, and got the tokens that the session gave out for it before: by another tab, by a client that did
    /// not receive the answer, or by a thief. The session goes on.
    RefreshTokenReplayed {
        /// The session's backend.
        backend: &'a str,
    } = "refresh.replayed", "a former refresh token was answered with its successor";
    /// An account at a provider was linked to a user.
    AccountLinked {
        /// The provider.
        provider: &'a str,
    } = "account.linked", "account linked";
    /// An account at a provider was unlinked from a user.
    AccountUnlinked {
        /// The provider.
        provider: &'a str,
    } = "account.unlinked", "account unlinked";
    /// A user was deleted; the event has the user as it was.
    Deleted = "user.deleted", "deleted";
}

impl EventKind<'_> {
    /// Whether an operator should look at it.
    pub(super) const fn is_suspicious(&self) -> bool {
        matches!(
            self,
            Self::RefreshTokenReused { .. } | Self::Claimed | Self::AccountLocked
        )
    }
}

impl<U: UserModel> fmt::Debug for Event<'_, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("kind", &self.kind)
            .field("user", &self.user.map(|user| user.account().id))
            .field("actor", &self.actor)
            .field("session", &self.session)
            .field("ip", &self.ip)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
