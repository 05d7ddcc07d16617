//! What follows from a change of a user: the ends of sessions, events and the hook.

use http::request::Parts;

use crate::{
    error::Error,
    features::events::{acting::Acting, event::EventKind},
    model::UserModel,
    password::PasswordHash,
    users::{Session, Users, fields::Fields},
    value::Role,
};

/// What a request asks for, with the password hashed.
pub(super) struct Asked {
    pub(super) fields: Fields,
    pub(super) hash: Option<PasswordHash>,
}

/// A change that is stored.
pub(super) struct Updated<'a, U> {
    pub(super) before: &'a U,
    pub(super) user: &'a U,
    pub(super) asked: &'a Asked,
}

/// What a change means for the user's sessions.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent of each other")]
pub(super) struct Ending {
    /// The sessions end, except for the one that asks.
    pub(super) ends: bool,
    /// The user becomes inactive, and no session goes on.
    pub(super) leaves: bool,
    /// The user becomes active, and no session from before goes on.
    pub(super) returns: bool,
    /// The session that asks goes on with the new password.
    pub(super) keeps: bool,
}

impl<U: UserModel> Users<U> {
    /// What happens when a user was changed.
    pub(super) async fn updated(
        &self,
        what: Updated<'_, U>,
        update: &U::Update,
        session: Option<&Session>,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        let report = self.report_changes(&what, request);
        match session {
            Some(session) => Acting::of(session, None).run(report).await,
            None => report.await,
        }
        self.hooks()
            .on_after_update(what.user, update, request)
            .await
            .map_err(Error::Hook)
    }

    /// Reports what a change has changed.
    async fn report_changes(&self, what: &Updated<'_, U>, request: Option<&Parts>) {
        let Updated {
            before,
            user: updated,
            asked,
        } = *what;
        let (old, new) = (before.account(), updated.account());
        if asked.hash.is_some() {
            self.event(EventKind::PasswordChanged, Some(updated), request)
                .await;
        }
        if old.email != new.email {
            self.event(EventKind::EmailChanged, Some(updated), request)
                .await;
        }
        let flag = |old: bool, new: bool| (old != new).then_some(new);
        let flags = [
            flag(old.is_active, new.is_active),
            flag(old.is_superuser, new.is_superuser),
            flag(old.is_verified, new.is_verified),
        ];
        let [is_active, is_superuser, is_verified] = flags;
        if flags.iter().any(Option::is_some) {
            let kind = EventKind::FlagsChanged {
                is_active,
                is_superuser,
                is_verified,
            };
            self.event(kind, Some(updated), request).await;
        }
        let is_own = |name: &&str| {
            let mut columns = U::COLUMNS.iter();
            columns.any(|column| column.field == *name && column.role == Role::Extra)
        };
        let names = asked.fields.values.iter().map(|(name, _)| *name);
        let fields: Vec<_> = names.filter(is_own).collect();
        if !fields.is_empty() {
            let kind = EventKind::Updated { fields: &fields };
            self.event(kind, Some(updated), request).await;
        }
    }

    /// Ends what must have ended when the change is stored, so that a failure means that nothing has happened.
    pub(super) async fn end_before_change(
        &self,
        user: &U,
        ending: Ending,
        session: Option<&Session>,
    ) -> Result<(), Error> {
        // What was issued before the deactivation stays void, even if the process that deactivated the user died before it said so.
        if ending.returns {
            self.void_sessions(user).await?;
        }
        // A deactivation changes no stamp.
        if ending.ends && ending.leaves {
            self.end_sessions(user, None).await
        } else if ending.ends {
            self.revoke_before_new_password(user, session).await
        } else {
            Ok(())
        }
    }

    /// Ends what began in the meantime.
    pub(super) async fn end_after_change(
        &self,
        updated: &U,
        ending: Ending,
        session: Option<&Session>,
    ) {
        let stays = session.filter(|_| !ending.leaves);
        if ending.ends {
            self.revoke_late_sessions(updated, stays).await;
        }
        if ending.ends && ending.leaves {
            self.void_late_sessions(updated).await;
        }
        if let Some(session) = stays
            && ending.keeps
        {
            self.keep_session(updated, session).await;
        }
    }

    /// Ends what a change within a transaction has ended, which is committed.
    pub(super) async fn end_after_commit(
        &self,
        updated: &U,
        ending: Ending,
        session: Option<&Session>,
    ) {
        if ending.returns {
            self.void_late_sessions(updated).await;
        }
        self.end_after_change(updated, ending, session).await;
    }
}
