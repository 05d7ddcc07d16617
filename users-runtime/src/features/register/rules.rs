//! Registration.

use http::request::Parts;
use indexmap::IndexMap;

use crate::{
    error::Error,
    features::events::event::EventKind,
    model::UserModel,
    password::Password,
    schema::ValidationError,
    store::StoreError,
    users::{
        NewUser, RefusedPassword, RegisterError, RegisteredBy, Registration, Users,
        hooks::PasswordOf,
    },
    wire::json::Json,
};

/// Why a registration is not accepted, whether the address is taken or not.
#[derive(Debug)]
pub(super) enum NotAccepted {
    Fields(Vec<ValidationError>),
    Password(RefusedPassword),
    Failed(Error),
}

impl<U: UserModel> Users<U> {
    /// Registers a user: calls `before_register`, validates the password, refuses a taken address, stores the user and calls
    /// `on_after_register`.
    ///
    /// Every field of `create` is used, flags included: application code can create a superuser with it. (A client's flags are
    /// dropped before.)
    ///
    /// # Errors
    ///
    /// [`RegisterError::InvalidPassword`] before [`RegisterError::EmailTaken`], as the client receives only one of them.
    pub async fn create(
        &self,
        create: U::Create,
        request: Option<&Parts>,
    ) -> Result<U, RegisterError> {
        let by = RegisteredBy::Application;
        self.register(create, by, IndexMap::new(), request).await
    }

    /// [`create`](Self::create), with the origin of the registration for the hook.
    #[tracing::instrument(name = "register", skip_all, fields(user.id))]
    pub(crate) async fn register(
        &self,
        create: U::Create,
        by: RegisteredBy<'_>,
        transient: IndexMap<String, Json>,
        request: Option<&Parts>,
    ) -> Result<U, RegisterError> {
        let (new, password) = self.accept(create, by, transient, request).await?;
        if self.store().find_by_email(new.email()).await?.is_some() {
            return Err(RegisterError::EmailTaken);
        }
        let hash = self.passwords().hash(password).await.map_err(Error::from)?;
        let user = self.store().insert(new.into_row(&hash)).await?;
        tracing::Span::current().record("user.id", tracing::field::display(user.account().id));
        let by = by.name();
        if let Some(within) = self.within_transaction() {
            let (registered, request) = (user.clone(), request.cloned());
            within.after_commit(move |users| async move {
                let shown = users.registered(registered, by, request.as_ref()).await;
                shown.map(drop)
            });
            return Ok(user);
        }
        Ok(self.registered(user, by, request).await?)
    }

    /// What happens when a user was registered.
    async fn registered(
        &self,
        user: U,
        by: &'static str,
        request: Option<&Parts>,
    ) -> Result<U, Error> {
        let kind = EventKind::Registered { by, provider: None };
        self.event(kind, Some(&user), request).await;
        self.after_registration(user, request).await
    }

    /// The user to be registered, whom `before_register` and the rules of the fields and of the password have accepted.
    pub(super) async fn accept(
        &self,
        create: U::Create,
        by: RegisteredBy<'_>,
        transient: IndexMap<String, Json>,
        request: Option<&Parts>,
    ) -> Result<(NewUser<U>, Password), NotAccepted> {
        if self.lacks_tenant() {
            // Before a hook receives a user who belongs to no tenant.
            return Err(Error::from(StoreError::NoTenant).into());
        }
        let mut new = NewUser::of(&create, self.email_rules()).of_tenant(self.tenant());
        let from = Registration::new(by, request).with_transient(&transient);
        self.hooks()
            .before_register(&mut new, &from)
            .await
            .map_err(Error::Refused)?;
        // Before anything waits for a hash: what a client sent beside the schema may be large.
        drop(transient);
        let changed = new.changed(&create).map_err(NotAccepted::Fields)?;
        let create = changed.unwrap_or(create);
        let password = new.take_password().unwrap_or_else(|| Password::from(""));
        self.judge_password(&password, &[new.email()], PasswordOf::New(&create), request)
            .await?;
        Ok((new, password))
    }
}

impl From<Error> for NotAccepted {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<RefusedPassword> for NotAccepted {
    fn from(refused: RefusedPassword) -> Self {
        Self::Password(refused)
    }
}

impl From<NotAccepted> for RegisterError {
    fn from(reason: NotAccepted) -> Self {
        match reason {
            NotAccepted::Fields(errors) => Self::InvalidFields(errors),
            NotAccepted::Password(refused) => refused.into(),
            NotAccepted::Failed(error) => error.into(),
        }
    }
}
