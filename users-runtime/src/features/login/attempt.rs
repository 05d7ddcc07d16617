//! A login that a route begins: what proves who the user is, and what the client asks for.

use std::{borrow::Cow, fmt, pin::Pin};

use super::proven::Proven;
use crate::{error::HookError, model::UserModel, password::Password, users::Users};

/// The application's own way to check a credential: it returns the user to whom the credential belongs.
type Check<U> = Pin<Box<dyn Future<Output = Result<Option<U>, HookError>> + Send>>;

/// A login of a route of your own: what proves who the user is. [`Users::log_in`] completes it.
///
/// By default the client stays logged in after the browser is closed, and users whose address is not verified are refused as the struct's
/// `routes(requires_verification)` says.
#[must_use = "`Users::log_in` completes it"]
pub struct LoginAttempt<U> {
    pub(super) evidence: Evidence<U>,
    pub(super) method: Cow<'static, str>,
    pub(super) remember_me: bool,
    /// `None` where the struct decides.
    pub(super) requires_verification: Option<bool>,
    /// `None` for the prefix of the backend, under what the route is nested under.
    pub(super) backend_path: Option<String>,
}

/// What proves who the user is.
pub(super) enum Evidence<U> {
    /// A password, which is compared with the hash of the user that was found.
    Password {
        name: String,
        found: Option<U>,
        password: Password,
    },
    /// A credential that the application checks after the attempt was counted.
    Checked {
        name: String,
        found: Option<U>,
        check: Check<U>,
    },
    /// A proof that was checked before.
    Proven(Proven<U>),
}

impl<U: UserModel> LoginAttempt<U> {
    /// A login with a password, as in the built-in route: the attempt counts against the limits, and the password is compared with the hash of
    /// the user that you have found.
    ///
    /// `name` is what the client sent to name the user. It is counted where no user was `found`, in a normal form, and an unknown name costs the
    /// same work as a wrong password. Where a user was found, the user's e-mail address is counted, so that several routes share one count.
    pub fn password(
        name: impl Into<String>,
        found: Option<U>,
        password: impl Into<Password>,
    ) -> Self {
        Self::new(
            Evidence::Password {
                name: name.into(),
                found,
                password: password.into(),
            },
            "password".into(),
        )
    }

    /// A login with a credential that you check yourself, such as a password in a directory (LDAP).
    ///
    /// The attempt counts against the limits like that of a [`password`](Self::password), and a refused attempt does not run `check`. It
    /// returns the user, who may be a new one, or `None` where the credential is wrong. After an error the attempt does not count; the
    /// client receives a [`HookRefusal`](crate::hooks::HookRefusal) as it is, and a 500 for any other error.
    ///
    /// `method` names the way to log in, such as `ldap`, in the session and in [events](crate::docs::events).
    pub fn checked(
        name: impl Into<String>,
        found: Option<U>,
        method: impl Into<Cow<'static, str>>,
        check: impl Future<Output = Result<Option<U>, HookError>> + Send + 'static,
    ) -> Self {
        Self::new(
            Evidence::Checked {
                name: name.into(),
                found,
                check: Box::pin(check),
            },
            method.into(),
        )
    }

    /// A login whose user has given another proof, which you have checked, such as the token of a link that you have sent.
    ///
    /// It counts against no limit: the proof must be one that cannot be guessed. Pass the user as read when the proof was checked: the login is
    /// refused if the password has changed since then, or the user is inactive or deleted. A cross-site request is not refused either, since the
    /// proof may come from another site: accept it with `POST` from a page of yours, or make sure that it belongs to this browser.
    ///
    /// `method` names the way to log in, such as `magic_link`, in the session and in [events](crate::docs::events).
    pub fn proven(user: U, method: impl Into<Cow<'static, str>>) -> Self {
        Self::new(
            Evidence::Proven(Proven::by_application(user)),
            method.into(),
        )
    }

    /// A login with an account at a provider.
    #[cfg(feature = "oauth")]
    pub(in crate::features) fn by_account(user: U, provider: &str, account_id: String) -> Self {
        let proven = Proven::by_account(user, provider, account_id);
        Self::new(Evidence::Proven(proven), format!("oauth:{provider}").into())
    }

    const fn new(evidence: Evidence<U>, method: Cow<'static, str>) -> Self {
        Self {
            evidence,
            method,
            remember_me: true,
            requires_verification: None,
            backend_path: None,
        }
    }

    /// Whether the client stays logged in after the browser is closed, for backends with
    /// [sessions](crate::docs::sessions). The default is yes.
    pub fn remember_me(mut self, remember: bool) -> Self {
        self.remember_me = remember;
        self
    }

    /// Whether users whose address is not verified are refused. The default is the struct's `routes(requires_verification)`.
    pub fn requires_verification(mut self, required: bool) -> Self {
        self.requires_verification = Some(required);
        self
    }

    /// The path under which clients reach the backend's routes, such as `/api/auth/web`: the path of the cookie with the refresh token.
    ///
    /// The default is the backend's prefix, under what this route is nested under. Set it where your route and `users.router()` are nested
    /// under different paths.
    pub fn backend_path(mut self, path: impl Into<String>) -> Self {
        self.backend_path = Some(path.into());
        self
    }
}

impl<U: UserModel> Evidence<U> {
    /// Without a user who is not one of these users, such as one of another tenant.
    pub(super) fn among(self, users: &Users<U>) -> Self {
        let of_these = |found: Option<U>| found.filter(|user| users.has(user));
        match self {
            Self::Password {
                name,
                found,
                password,
            } => Self::Password {
                name,
                found: of_these(found),
                password,
            },
            Self::Checked { name, found, check } => Self::Checked {
                name,
                found: of_these(found),
                check,
            },
            Self::Proven(proven) => Self::Proven(proven),
        }
    }
}

/// Shows nothing of the user or the proof.
impl<U> fmt::Debug for LoginAttempt<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginAttempt")
            .field("method", &self.method)
            .field("remember_me", &self.remember_me)
            .finish_non_exhaustive()
    }
}
