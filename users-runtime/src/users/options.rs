//! Where the default deliberately differs from FastAPI Users, and how to disable each difference.

use std::time::Duration;

use crate::{
    schema::echo::Echo,
    wire::{compat::Compat, json},
};

/// The choices that [`Compat`] presets; each can be set alone with the builder's method of the same name.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice of its own that the builder switches"
)]
pub(crate) struct Options {
    pub(crate) compat: Compat,
    pub(crate) revoke_sessions: bool,
    pub(crate) hash_access_tokens: bool,
    pub(crate) credentials_stamp: bool,
    pub(crate) table_audiences: bool,
    pub(crate) accept_clear_tokens: bool,
    pub(crate) logout_presented_session: bool,
    pub(crate) reset_token_follows_email: bool,
    pub(crate) own_email_in_other_case: bool,
    pub(crate) notify_in_background: bool,
    pub(crate) normalize_username: bool,
    pub(crate) normalize_passwords: bool,
    pub(crate) limits_by_default: bool,
    pub(crate) oauth_as_original: bool,
    pub(crate) allow_short_secret: bool,
    pub(crate) cross_site_protection: bool,
    pub(crate) refuse_same_site: bool,
    pub(crate) judge_passwords: bool,
    pub(crate) uniform_registration: bool,
    pub(crate) host_prefix_cookies: bool,
    pub(crate) superusers_set_passwords: bool,
    pub(crate) access_token_lifetime: Option<Duration>,
    pub(crate) reset_token_lifetime: Duration,
    pub(crate) verify_token_lifetime: Duration,
    pub(crate) body_limit: usize,
    pub(crate) json_value_limit: usize,
    pub(crate) echo: Echo,
    pub(crate) log_events: bool,
    /// `None` for what the struct declares.
    pub(crate) keep_events: Option<Duration>,
    pub(crate) max_background_hooks: u32,
}

impl Options {
    /// One hour: the default lifetime of every token.
    const HOUR: Duration = Duration::from_hours(1);
    /// 64 KiB: a registration has less than one, and a body becomes up to a hundred times its size while it is read.
    const BODY_LIMIT: usize = 64 << 10;
    /// 16 MiB: the original has no limit of its own, and leaves it to the proxy in front of it.
    const COMPATIBLE_BODY_LIMIT: usize = 16 << 20;
    /// Enough for 32 mails a second at two seconds each, and little enough for any mail server.
    const MAX_BACKGROUND_HOOKS: u32 = 64;

    /// The options of a struct that declares `secure`, or of any other.
    pub(crate) const fn of(compat: Compat, secure: bool) -> Self {
        let mut options = Self::new(compat);
        if secure && matches!(compat, Compat::Off) {
            options.refuse_same_site = true;
            options.uniform_registration = true;
            options.host_prefix_cookies = true;
            options.superusers_set_passwords = false;
        }
        options
    }

    const fn new(compat: Compat) -> Self {
        let safer = matches!(compat, Compat::Off);
        Self {
            compat,
            revoke_sessions: safer,
            hash_access_tokens: safer,
            credentials_stamp: safer,
            table_audiences: safer,
            accept_clear_tokens: !safer,
            logout_presented_session: safer,
            reset_token_follows_email: safer,
            own_email_in_other_case: safer,
            notify_in_background: safer,
            normalize_username: safer,
            normalize_passwords: safer,
            limits_by_default: safer,
            oauth_as_original: !safer,
            allow_short_secret: !safer,
            cross_site_protection: safer,
            refuse_same_site: false,
            judge_passwords: safer,
            uniform_registration: false,
            host_prefix_cookies: false,
            superusers_set_passwords: true,
            access_token_lifetime: Some(Self::HOUR),
            reset_token_lifetime: Self::HOUR,
            verify_token_lifetime: Self::HOUR,
            body_limit: if safer {
                Self::BODY_LIMIT
            } else {
                Self::COMPATIBLE_BODY_LIMIT
            },
            json_value_limit: json::MAX_VALUES,
            echo: if safer {
                Echo::SingleValues
            } else {
                Echo::AsOriginal
            },
            log_events: safer,
            keep_events: None,
            max_background_hooks: Self::MAX_BACKGROUND_HOOKS,
        }
    }
}
