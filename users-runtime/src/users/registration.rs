//! The context of a registration and of a login, which hooks receive.

use std::fmt;

use http::request::Parts;
use indexmap::IndexMap;

#[cfg(feature = "oauth")]
use crate::oauth::Profile;
use crate::{session::Login, wire::json::Json};

/// The context of a registration: what [`before_register`](crate::Hooks::before_register) receives in addition to the user.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Registration<'a> {
    /// How the user registers.
    pub by: RegisteredBy<'a>,
    /// The head of the request; `None` outside of one.
    pub request: Option<&'a Parts>,
    transient: Option<&'a IndexMap<String, Json>>,
    #[cfg(feature = "oauth")]
    profile: Option<&'a Profile>,
}

/// How a user registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisteredBy<'a> {
    /// `POST /register`.
    Form,
    /// A login with an account at the provider with this name, which is not linked to a user yet.
    Provider(&'a str),
    /// `create-superuser` on the command line.
    CommandLine,
    /// [`Users::create`](crate::Users::create).
    Application,
}

impl RegisteredBy<'_> {
    /// The name in events.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Provider(_) => "provider",
            Self::CommandLine => "command_line",
            Self::Application => "application",
        }
    }
}

impl<'a> Registration<'a> {
    pub(crate) const fn new(by: RegisteredBy<'a>, request: Option<&'a Parts>) -> Self {
        Self {
            by,
            request,
            transient: None,
            #[cfg(feature = "oauth")]
            profile: None,
        }
    }

    pub(crate) const fn with_transient(mut self, fields: &'a IndexMap<String, Json>) -> Self {
        self.transient = Some(fields);
        self
    }

    #[cfg(feature = "oauth")]
    pub(crate) const fn with_profile(mut self, profile: &'a Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// Who the user is at the provider; `None` if they do not register through one.
    #[cfg(feature = "oauth")]
    pub const fn profile(&self) -> Option<&'a Profile> {
        self.profile
    }

    /// What the request sent under a name that the schema does not have, such as an invitation's token or the answer to a captcha.
    /// It is not stored. Read your own type with [`Json::deserialize`]; its error, returned by the hook, is a 500, so refuse with a
    /// [`HookRefusal`](crate::hooks::HookRefusal) instead.
    pub fn transient(&self, name: &str) -> Option<&'a Json> {
        self.transient?.get(name)
    }
}

/// Shows nothing of the request.
impl fmt::Debug for Registration<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

/// A login whose user has proven who they are: what [`before_login`](crate::Hooks::before_login) receives in addition to the user.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct LoginContext<'a> {
    /// The name of the backend that is about to issue tokens.
    pub backend: &'a str,
    /// How the user proved who they are, and from where.
    pub login: &'a Login,
    /// The head of the request.
    pub request: &'a Parts,
}

impl<'a> LoginContext<'a> {
    pub(crate) const fn new(backend: &'a str, login: &'a Login, request: &'a Parts) -> Self {
        Self {
            backend,
            login,
            request,
        }
    }
}

/// Shows nothing of the request.
impl fmt::Debug for LoginContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginContext")
            .field("backend", &self.backend)
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}
