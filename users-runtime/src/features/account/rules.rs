//! Changing a user.

use http::request::Parts;

use super::changed::{Asked, Ending, Updated};
use crate::{
    error::Error,
    model::UserModel,
    store::{ColumnValue, Expected, StoreError},
    users::{
        Refused, Session, UpdateError, Users,
        fields::{Fields, column_value, role_value},
        hooks::PasswordOf,
    },
    value::{Field, Role, Value},
};

/// How often a change begins anew because the row changes at the same time.
const ATTEMPTS: usize = 8;

/// The columns to change, and what must still be stored for them.
struct Change<'a> {
    columns: Vec<ColumnValue>,
    expected: Option<Expected<'a>>,
}

/// The user as read before the change.
struct Subject<U> {
    user: U,
    /// Whether the session is the user's own.
    own: bool,
    /// Whether the change happens only while the password hash is the one that was read.
    guards_hash: bool,
    /// Whether another user with a new address is looked for by the statement that stores the address.
    guards_email: bool,
}

impl<U: UserModel> Users<U> {
    /// Changes a user: exactly the fields that `update` has. A new address is unverified until it is proven, unless the update
    /// says otherwise.
    ///
    /// `session` is the one that asks, which stays when a new password ends the others. Hashing a password takes a while, so
    /// the session is presented once more afterwards, and nothing changes where it has ended in the meantime. Every change by a
    /// user's own session happens only while the user is what the session's guard required: active, verified, a superuser.
    ///
    /// # Errors
    ///
    /// Nothing is stored when the password is refused, the address taken, the session over or the user gone.
    #[tracing::instrument(name = "update", skip_all, fields(user.id = %user.account().id))]
    pub async fn update(
        &self,
        user: &U,
        update: U::Update,
        session: Option<&Session>,
        request: Option<&Parts>,
    ) -> Result<U, UpdateError> {
        self.before_update(user, &update, request).await?;
        let mut fields = Fields::of(&update);
        let hash = match fields.password.take() {
            Some(password) => {
                let emails = [user.account().email, fields.email().unwrap_or_default()];
                self.judge_password(&password, &emails, PasswordOf::Existing(user), request)
                    .await?;
                Some(self.passwords().hash(password).await.map_err(Error::from)?)
            }
            None => None,
        };
        let asked = Asked { fields, hash };
        let (updated, ending) = self.change(user, &asked, &update, session, request).await?;
        if let Some(within) = self.within_transaction() {
            let (before, shown) = (user.clone(), updated.clone());
            let (session, request) = (session.cloned(), request.cloned());
            within.after_commit(move |users| async move {
                let (session, request) = (session.as_ref(), request.as_ref());
                users.end_after_commit(&shown, ending, session).await;
                let updated = Updated {
                    before: &before,
                    user: &shown,
                    asked: &asked,
                };
                users.updated(updated, &update, session, request).await
            });
            return Ok(updated);
        }
        let what = Updated {
            before: user,
            user: &updated,
            asked: &asked,
        };
        self.updated(what, &update, session, request).await?;
        Ok(updated)
    }

    /// Asks the hook that may refuse the change.
    async fn before_update(
        &self,
        user: &U,
        update: &U::Update,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        let decided = self.hooks().before_update(user, update, request).await;
        decided.map_err(Error::Refused)
    }

    /// Changes the user as stored, and begins anew where the row has changed since it was read.
    async fn change(
        &self,
        user: &U,
        asked: &Asked,
        update: &U::Update,
        session: Option<&Session>,
        request: Option<&Parts>,
    ) -> Result<(U, Ending), UpdateError> {
        let own = session.is_some_and(|session| session.user == user.account().id.to_string());
        // A new address waits for a look-up, and its owner gets the next reset token.
        let is_new = |email: &str| email != user.account().email;
        let is_moved = asked.fields.email().is_some_and(is_new);
        // What a stateless token depends on is in the row, and the statement that changes the row compares it.
        let is_covered = own && session.is_some_and(|session| self.is_stateless(session));
        let mut subject = Subject {
            user: user.clone(),
            own,
            guards_hash: is_moved && is_covered,
            guards_email: is_moved && self.store().compares_free_email(),
        };
        let mut waited = asked.hash.is_some() || (is_moved && !is_covered);
        for _ in 0..ATTEMPTS {
            if waited {
                subject = self.read_again(subject.user, session).await?;
                self.before_update(&subject.user, update, request).await?;
            }
            match self.try_change(&subject, asked, session).await {
                Err(UpdateError::Failed(Error::Store(StoreError::Outdated))) => waited = true,
                // The session ended with its user.
                Err(UpdateError::NotFound) if subject.own && session.is_some() => waited = true,
                result => return result,
            }
        }
        let busy = StoreError::Unavailable("the user keeps changing".into());
        Err(UpdateError::Failed(busy.into()))
    }

    fn is_stateless(&self, session: &Session) -> bool {
        self.backend(&session.backend)
            .is_some_and(|backend| backend.strategy().is_stateless())
    }

    /// The user as stored now, where the session that asks is still good.
    async fn read_again(
        &self,
        user: U,
        session: Option<&Session>,
    ) -> Result<Subject<U>, UpdateError> {
        let id = user.account().id;
        if let Some(session) = session {
            let caller = self.renew(session).await.map_err(|refused| match refused {
                Refused::Unauthorized => UpdateError::SessionEnded,
                Refused::Forbidden | Refused::CrossSite => UpdateError::Forbidden,
                Refused::Failed(error) => UpdateError::Failed(error),
            })?;
            if caller.account().id == id {
                return Ok(Subject {
                    user: caller,
                    own: true,
                    guards_hash: true,
                    guards_email: false,
                });
            }
        }
        let user = self.find(id).await?.ok_or(UpdateError::NotFound)?;
        Ok(Subject {
            user,
            own: false,
            guards_hash: true,
            guards_email: false,
        })
    }

    async fn try_change(
        &self,
        subject: &Subject<U>,
        asked: &Asked,
        session: Option<&Session>,
    ) -> Result<(U, Ending), UpdateError> {
        let user = &subject.user;
        let Change { columns, expected } = self.decided(subject, asked, session).await?;
        let revokes = self.options().revoke_sessions;
        let (was_active, is_active) = (
            user.account().is_active,
            asked.fields.flag::<U>(Role::IsActive),
        );
        let leaves = was_active && is_active == Some(false);
        let ending = Ending {
            ends: revokes && (asked.hash.is_some() || leaves),
            leaves,
            returns: revokes && !was_active && is_active == Some(true),
            keeps: subject.own && asked.hash.is_some() && !leaves,
        };
        let is_within = self.within_transaction().is_some();
        if !is_within {
            self.end_before_change(user, ending, session).await?;
        }
        let updated = self
            .change_stored(user.account().id, columns, expected)
            .await?;
        if !is_within {
            self.end_after_change(&updated, ending, session).await;
        }
        Ok((updated, ending))
    }

    /// What to change, decided on the user as read.
    async fn decided<'a>(
        &self,
        subject: &'a Subject<U>,
        asked: &'a Asked,
        session: Option<&Session>,
    ) -> Result<Change<'a>, UpdateError> {
        let account = subject.user.account();
        let mut expected = Expected::new();
        if let Some(session) = session
            && subject.own
        {
            // Only what waited is guarded by the credentials: two changes of different fields both survive.
            if subject.guards_hash {
                expected = expected.hash(account.hashed_password);
            }
            // The user may have lost these since the guard read them.
            if session.requirements.active {
                expected = expected.active(true);
            }
            if session.requirements.verified {
                expected = expected.verified(true);
            }
            if session.requirements.superuser {
                expected = expected.superuser(true);
            }
        }
        let hash = asked.hash.as_ref().map(Field::to_value);
        let mut columns: Vec<_> = hash
            .and_then(|hash| role_value::<U>(Role::HashedPassword, hash))
            .into_iter()
            .collect();
        if let Some(email) = asked.fields.email() {
            let is_verified_set = asked.fields.flag::<U>(Role::IsVerified).is_some();
            let address = if subject.guards_email && is_another(account.email, email) {
                expected = expected.free_email(email);
                Address::New
            } else {
                self.new_address(&subject.user, email).await?
            };
            if address != Address::New {
                // The proof of the address stays, which is right only as long as this is the address.
                expected = expected.email(account.email);
            }
            if address != Address::Same {
                columns.extend(role_value::<U>(Role::Email, Value::Text(email.to_owned())));
            }
            if address == Address::New && !is_verified_set {
                columns.extend(role_value::<U>(Role::IsVerified, Value::Bool(false)));
            }
        }
        let others = asked.fields.values.iter();
        columns.extend(
            others
                .filter(|(field, _)| *field != "email")
                .filter_map(|(field, value)| column_value::<U>(field, value.clone())),
        );
        let expected = (expected.conditions().next().is_some()).then_some(expected);
        Ok(Change { columns, expected })
    }

    /// What an address is to the user, who may have it only where no other user does.
    async fn new_address(&self, user: &U, email: &str) -> Result<Address, UpdateError> {
        if email == user.account().email {
            return Ok(Address::Same);
        }
        let owner = self.find_beside(user, email).await?;
        let is_own = owner
            .as_ref()
            .is_some_and(|owner| owner.account().id == user.account().id);
        if owner.is_some() && !(is_own && self.options().own_email_in_other_case) {
            return Err(UpdateError::EmailTaken);
        }
        Ok(if is_own {
            Address::InOtherCase
        } else {
            Address::New
        })
    }
}

/// Whether two addresses differ in more than case, whatever the database takes for the same letter.
fn is_another(stored: &str, email: &str) -> bool {
    stored.is_ascii() && email.is_ascii() && !stored.eq_ignore_ascii_case(email)
}

/// What the address of an update is to the user.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Address {
    /// Exactly the stored address.
    Same,
    /// The stored one in other capitals.
    InOtherCase,
    /// Another one.
    New,
}
