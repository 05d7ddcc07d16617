//! Users within a transaction of the application.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex as SyncMutex, PoisonError},
};

use http::request::Parts;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::{DeleteError, RegisterError, Session, UpdateError, Users};
use crate::{
    error::Error,
    features::events::acting::Acting,
    model::UserModel,
    store::{SharedTransaction, StoreError, StoreTransaction, UserSearch, UserStore},
    value::{Field, UserField},
};

/// What happens after the commit.
type AfterCommit<U> = Box<dyn FnOnce(Users<U>) -> AfterCommitRun + Send>;
type AfterCommitRun = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// The transaction on which the statements of a [`Users`] run.
pub(crate) struct Within<U: UserModel> {
    store: Arc<dyn UserStore<U>>,
    after_commit: SyncMutex<Vec<AfterCommit<U>>>,
}

impl<U: UserModel> Within<U> {
    pub(super) fn store(&self) -> &dyn UserStore<U> {
        &*self.store
    }

    /// Leaves for after the commit what must not happen if there is none: events, hooks, letters and the ends of sessions.
    pub(crate) fn after_commit<F>(&self, run: impl FnOnce(Users<U>) -> F + Send + 'static)
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let acting = Acting::present();
        let run = move |users| -> AfterCommitRun {
            let run = run(users);
            match acting {
                Some(acting) => Box::pin(acting.run(run)),
                None => Box::pin(run),
            }
        };
        let mut runs = self
            .after_commit
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        runs.push(Box::new(run));
    }

    fn take(&self) -> Vec<AfterCommit<U>> {
        let mut runs = self
            .after_commit
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *runs)
    }
}

/// Users within a transaction of the application: what [`Users::within`] returns.
///
/// Its methods have the rules of those of the same name in [`Users`], and see what the transaction has changed. What must not happen
/// unless the transaction commits happens after the commit: events, the hooks `on_after_…` and the letters that they send, and the ends
/// of sessions. Dropping it rolls back.
pub struct UsersTransaction<U: UserModel, T> {
    users: Users<U>,
    within: Arc<Within<U>>,
    transaction: Arc<Mutex<T>>,
    /// Whether every operation so far has ended, and none with an error of the database, after which only a part may be done.
    is_sound: bool,
}

impl<U: UserModel> Users<U> {
    /// Users within a transaction that the application has begun, so that a user and rows of the application's tables are stored
    /// both or neither.
    ///
    /// ```
    /// # use users_runtime::{Error, PasswordHash, UserModel, Users, errors::RegisterError};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// # }
    /// async fn found(users: &Users<User>, pool: &sqlx::SqlitePool, owner: UserCreate) -> Result<User, Box<dyn std::error::Error>> {
    ///     // SQLite: take the write lock at the beginning. On other databases call `pool.begin()`.
    ///     let mut transaction = users.within(pool.begin_with("BEGIN IMMEDIATE").await?)?;
    ///     let owner = transaction.create(owner, None).await?;
    ///     sqlx::query("INSERT INTO organisation (owner) VALUES (?)")
    ///         .bind(owner.id)
    ///         .execute(&mut *transaction.connection().await)
    ///         .await?;
    ///     transaction.commit().await?;
    ///     Ok(owner)
    /// }
    /// ```
    ///
    /// Every store of this crate has transactions. On MongoDB the transaction is a `ClientSession` on which `start_transaction` was called;
    /// conflicts with other transactions, which [abort it](crate::docs::cookbook_data#a-user-and-an-organisation-on-mongodb), are
    /// [`StoreError::Unavailable`]. Hooks that are asked before, such as `before_register`, are
    /// called within the transaction, and their own statements run outside of it: on SQLite they may read, and a write would wait for
    /// the transaction that waits for them.
    ///
    /// # Errors
    ///
    /// When the transaction is not one of the store's database, or the store has no transactions.
    pub fn within<T: StoreTransaction>(
        &self,
        transaction: T,
    ) -> Result<UsersTransaction<U, T>, Error> {
        let transaction = Arc::new(Mutex::new(transaction));
        let shared = SharedTransaction::new(Arc::clone(&transaction));
        let store = self.store().within(&shared).ok_or_else(|| {
            StoreError::Database(
                "the transaction is not one of the store's database: begin it on the store's pool or client"
                    .into(),
            )
        })?;
        let within = Arc::new(Within {
            store,
            after_commit: SyncMutex::default(),
        });
        let users = Self {
            inner: Arc::clone(&self.inner),
            within: Some(Arc::clone(&within)),
            tenants: self.tenants.clone(),
        };
        Ok(UsersTransaction {
            users,
            within,
            transaction,
            is_sound: true,
        })
    }
}

impl<U: UserModel, T: StoreTransaction> UsersTransaction<U, T> {
    /// The connection of the transaction, for statements of the application.
    pub async fn connection(&mut self) -> MappedMutexGuard<'_, T::Connection> {
        MutexGuard::map(self.transaction.lock().await, T::connection)
    }

    /// The user with this id.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn find(&mut self, id: &U::Id) -> Result<Option<U>, Error> {
        self.is_sound = false;
        let found = self.users.find(id).await;
        self.is_sound = found.is_ok();
        found
    }

    /// The user with this e-mail address, in whatever case.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn find_by_email(&mut self, email: &str) -> Result<Option<U>, Error> {
        self.is_sound = false;
        let found = self.users.find_by_email(email).await;
        self.is_sound = found.is_ok();
        found
    }

    /// The users that [a search](Users::search) asks for.
    ///
    /// # Errors
    ///
    /// Those of [`Users::search`].
    pub async fn search(&mut self, search: &UserSearch) -> Result<Vec<U>, Error> {
        self.is_sound = false;
        let found = self.users.search(search).await;
        self.is_sound = found.is_ok();
        found
    }

    /// [How many users](Users::count) a search asks for.
    ///
    /// # Errors
    ///
    /// Those of [`Users::count`].
    pub async fn count(&mut self, search: &UserSearch) -> Result<u64, Error> {
        self.is_sound = false;
        let count = self.users.count(search).await;
        self.is_sound = count.is_ok();
        count
    }

    /// [Registers a user](Users::create).
    ///
    /// # Errors
    ///
    /// Those of [`Users::create`] except for those of `on_after_register`.
    pub async fn create(
        &mut self,
        create: U::Create,
        request: Option<&Parts>,
    ) -> Result<U, RegisterError> {
        self.is_sound = false;
        let created = self.users.create(create, request).await;
        self.is_sound = !matches!(&created, Err(RegisterError::Failed(error)) if is_unsound(error));
        created
    }

    /// [Changes a user](Users::update). Sessions that the change ends go on until the commit.
    ///
    /// # Errors
    ///
    /// Those of [`Users::update`] except for those of `on_after_update`.
    pub async fn update(
        &mut self,
        user: &U,
        update: U::Update,
        session: Option<&Session>,
        request: Option<&Parts>,
    ) -> Result<U, UpdateError> {
        self.is_sound = false;
        let updated = self.users.update(user, update, session, request).await;
        self.is_sound = !matches!(&updated, Err(UpdateError::Failed(error)) if is_unsound(error));
        updated
    }

    /// [Sets one field](Users::set) of a user.
    ///
    /// # Errors
    ///
    /// Those of [`Users::set`].
    pub async fn set<F: Field>(
        &mut self,
        user: &U,
        field: UserField<U, F>,
        value: impl Into<F>,
    ) -> Result<U, UpdateError> {
        self.is_sound = false;
        let updated = self.users.set(user, field, value).await;
        self.is_sound = !matches!(&updated, Err(UpdateError::Failed(error)) if is_unsound(error));
        updated
    }

    /// [Deletes a user](Users::delete). Sessions that are not stored in the database go on until the commit.
    ///
    /// # Errors
    ///
    /// Those of [`Users::delete`] except for those of `on_after_delete`.
    pub async fn delete(&mut self, user: &U, request: Option<&Parts>) -> Result<(), DeleteError> {
        self.is_sound = false;
        let deleted = self.users.delete(user, request).await;
        self.is_sound = !matches!(&deleted, Err(DeleteError::Failed(error)) if is_unsound(error));
        deleted
    }

    /// [Starts the verification](Users::request_verify) of a user's address after the commit.
    pub fn request_verify(&mut self, user: &U, request: Option<&Parts>) {
        let (user, request) = (user.clone(), request.cloned());
        self.within.after_commit(|users| async move {
            users.request_verify(&user, request.as_ref()).await
        });
    }

    /// [Starts a password reset](Users::forgot_password) after the commit, as for a user who was invited and has no password yet.
    pub fn forgot_password(&mut self, user: &U, request: Option<&Parts>) {
        let (user, request) = (user.clone(), request.cloned());
        self.within.after_commit(|users| async move {
            users.forgot_password(&user, request.as_ref()).await
        });
    }

    /// Commits the transaction; then events, hooks and the ends of sessions take place, and what one of them fails with is logged.
    ///
    /// # Errors
    ///
    /// When the transaction was not committed: the database failed now, or an operation before failed or was not waited for.
    pub async fn commit(self) -> Result<(), Error> {
        let Self {
            mut users,
            within,
            transaction,
            is_sound,
        } = self;
        let runs = within.take();
        users.within = None;
        // The store has the transaction, too.
        drop(within);
        let transaction = Arc::into_inner(transaction).ok_or_else(|| unfinished("is in use"))?;
        let transaction = transaction.into_inner();
        if !is_sound {
            transaction.rollback().await?;
            return Err(unfinished("was rolled back, since an operation in it failed").into());
        }
        transaction.commit().await?;
        for run in runs {
            if let Err(error) = run(users.clone()).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a hook failed after the commit"
                );
            }
        }
        Ok(())
    }

    /// Rolls the transaction back: nothing has happened.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, which then rolls back by itself.
    pub async fn rollback(self) -> Result<(), Error> {
        let Self {
            mut users,
            within,
            transaction,
            ..
        } = self;
        users.within = None;
        drop(within);
        match Arc::into_inner(transaction) {
            Some(transaction) => Ok(transaction.into_inner().rollback().await?),
            None => Ok(()),
        }
    }
}

/// Whether the transaction may have done a part of what was asked, or cannot go on.
fn is_unsound(error: &Error) -> bool {
    matches!(
        error,
        Error::Store(StoreError::Database(_) | StoreError::Unavailable(_) | StoreError::Row(_))
    )
}

fn unfinished(what: &str) -> StoreError {
    StoreError::Database(format!("the transaction {what}").into())
}

impl<U: UserModel, T> fmt::Debug for UsersTransaction<U, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsersTransaction")
            .field("users", &self.users)
            .finish_non_exhaustive()
    }
}
