//! Users within transactions of the application, on any store that has some.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use users_runtime::{
    Error, HookError, Hooks, PasswordHash, RequestParts, UserModel, Users, async_trait,
    errors::{DeleteError, RegisterError, UpdateError},
    events::Event,
    password::Argon2Bcrypt,
    store::{StoreError, StoreTransaction, UserSearch, UserStore},
    users::UsersTransaction,
    value::Presence,
};

/// The owner of an organisation.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "owner",
    backend(name = "web", transport = bearer, strategy = database)
)]
pub(crate) struct Owner {
    pub(crate) id: i64,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
    #[fastapi_users(length(max = 50))]
    pub(crate) company: Option<String>,
}

/// The tables of the application.
pub(crate) const TABLES: [&str; 2] = [
    "CREATE TABLE organisation (name VARCHAR(50) NOT NULL)",
    "CREATE UNIQUE INDEX one_company ON owner (company)",
];

/// A statement of the application.
pub(crate) const FOUND: &str = "INSERT INTO organisation (name) VALUES ('ACME')";

/// What a database does with a transaction that changes what another one has changed, or violates a unique index.
#[derive(Clone, Copy, PartialEq)]
#[allow(dead_code, reason = "a suite has databases of one kind")]
pub(crate) enum Conflicts {
    /// It waits for the other one, and undoes the statement alone.
    Wait,
    /// It aborts it.
    Abort,
}

impl Conflicts {
    /// Whether a transaction is to be begun anew.
    fn aborted(self, error: &Error) -> bool {
        let is_passing = matches!(error, Error::Store(StoreError::Unavailable(_)));
        self == Self::Abort && is_passing
    }
}

/// Counts what hooks were told: users who are registered, changed and deleted, events, and letters of both kinds.
#[derive(Clone, Default)]
struct Told(Arc<[AtomicUsize; 6]>);

impl Told {
    fn count(&self, hook: usize) {
        self.0[hook].fetch_add(1, Ordering::Relaxed);
    }

    /// How many users the hooks were told of that are registered, changed and deleted.
    fn so_far(&self) -> [usize; 3] {
        let [registered, changed, deleted, ..] = self.everything();
        [registered, changed, deleted]
    }

    /// The same, and how many events and letters there were.
    fn everything(&self) -> [usize; 6] {
        [0, 1, 2, 3, 4, 5].map(|hook| self.0[hook].load(Ordering::Relaxed))
    }
}

#[async_trait]
impl Hooks<Owner> for Told {
    async fn on_after_register(
        &self,
        _: &Owner,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.count(0);
        Ok(())
    }

    async fn on_after_update(
        &self,
        _: &Owner,
        _: &OwnerUpdate,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.count(1);
        Ok(())
    }

    async fn on_after_delete(&self, _: &Owner, _: Option<&RequestParts>) -> Result<(), HookError> {
        self.count(2);
        Ok(())
    }

    async fn on_event(&self, _: &Event<'_, Owner>) -> Result<(), HookError> {
        self.count(3);
        Ok(())
    }

    async fn on_after_request_verify(
        &self,
        _: &Owner,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.count(4);
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        _: &Owner,
        _: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.count(5);
        Ok(())
    }
}

fn owner(email: &str, company: Option<&str>) -> OwnerCreate {
    OwnerCreate {
        email: email.to_owned(),
        password: "battery staple".into(),
        is_active: true,
        is_superuser: false,
        is_verified: false,
        company: company.map(str::to_owned),
    }
}

/// Everything that transactions promise. `begin` begins one on the store's database, `found` runs [`FOUND`] on it, and `count` counts the
/// organisations outside of it.
pub(crate) async fn hold<T: StoreTransaction>(
    store: impl UserStore<Owner>,
    conflicts: Conflicts,
    begin: impl AsyncFn() -> T,
    found: impl AsyncFn(&mut T::Connection),
    count: impl AsyncFn() -> i64,
) {
    let told = Told::default();
    // Cheap: a transaction on SQLite keeps all others waiting while a password is hashed in it.
    let hasher = Argon2Bcrypt::with_params(8, 1, 1).expect("parameters");
    let users = Users::<Owner>::builder(store, "a secret of the tests, long enough for HS256")
        .password_hasher(hasher)
        .hooks(told.clone())
        .build()
        .expect("a sound configuration");
    let within = async || users.within(begin().await).expect("the store's database");

    // Neither.
    let mut transaction = within().await;
    let ada = owner("ada@example.com", None);
    let ada = transaction.create(ada, None).await.expect("a new user");
    found(&mut *transaction.connection().await).await;
    let seen = transaction.find_by_email("ADA@example.com").await;
    assert_eq!(seen.expect("an answer").map(|user| user.id), Some(ada.id));
    drop(transaction);
    let left = users.find_by_email("ada@example.com").await;
    assert!(left.expect("an answer").is_none() && count().await == 0);
    assert_eq!(told.so_far(), [0, 0, 0], "nothing has happened");

    // Both, and the hook is told of what is stored.
    let (mut transaction, ada) = create(&within, conflicts).await;
    found(&mut *transaction.connection().await).await;
    assert_eq!(told.so_far(), [0, 0, 0], "not yet");
    transaction.commit().await.expect("a commit");
    let stored = users.find(&ada.id).await.expect("an answer");
    assert!(stored.is_some() && count().await == 1);
    assert_eq!(told.so_far(), [1, 0, 0]);

    find_what_they_have_stored(within().await, &users).await;
    report_nothing_before_the_commit(&within, &users, &told).await;
    go_on_after_refusals(within().await, conflicts, &users).await;
    keep_what_is_committed(&within, conflicts, &users, &ada, &told).await;
    end_sessions_with_the_commit(within, &users, &ada, &told).await;
    refuse_to_keep_a_part(within().await, &users).await;
}

/// A new user in a transaction, after another one that stored their address was dropped.
async fn create<T: StoreTransaction>(
    within: &impl AsyncFn() -> UsersTransaction<Owner, T>,
    conflicts: Conflicts,
) -> (UsersTransaction<Owner, T>, Owner) {
    loop {
        let mut transaction = within().await;
        let ada = owner("ada@example.com", Some("ACME"));
        match transaction.create(ada, None).await {
            // The driver rolls the other one back in the background.
            Err(RegisterError::Failed(error)) if conflicts.aborted(&error) => {}
            created => return (transaction, created.expect("a new user")),
        }
    }
}

/// A change in a transaction, while there are others.
async fn change<T: StoreTransaction>(
    within: &impl AsyncFn() -> UsersTransaction<Owner, T>,
    conflicts: Conflicts,
    ada: &Owner,
    update: impl Fn() -> OwnerUpdate,
) -> (UsersTransaction<Owner, T>, Owner) {
    loop {
        let mut transaction = within().await;
        match transaction.update(ada, update(), None, None).await {
            Err(UpdateError::Failed(error)) if conflicts.aborted(&error) => {}
            changed => return (transaction, changed.expect("a user")),
        }
    }
}

/// Searches and counts see what the transaction has stored; those outside of it do not.
async fn find_what_they_have_stored<T: StoreTransaction>(
    mut transaction: UsersTransaction<Owner, T>,
    users: &Users<Owner>,
) {
    let staff = || UserSearch::new().field(Owner::COMPANY, Some("Initech".to_owned()));
    for number in 1..=2 {
        let company = Some("Initech").filter(|_| number == 1);
        let new = owner(&format!("staff{number}@example.com"), company);
        let new = transaction.create(new, None).await.expect("a new user");
        let found = transaction.search(&UserSearch::new().email("staff")).await;
        let found = found.expect("an answer");
        assert_eq!(found.len(), number);
        assert!(found.iter().any(|user| user.id == new.id));
        let count = transaction.count(&staff()).await;
        assert_eq!(count.expect("an answer"), 1);
    }
    assert_eq!(users.count(&staff()).await.expect("an answer"), 0);
    transaction.rollback().await.expect("a server");
}

/// Events, hooks, letters and the end of a session: nothing happens before the commit, nothing without one, and everything with one.
async fn report_nothing_before_the_commit<T: StoreTransaction>(
    within: &impl AsyncFn() -> UsersTransaction<Owner, T>,
    users: &Users<Owner>,
    told: &Told,
) {
    let strategy = users.backend("web").expect("the backend").strategy();
    let cy = users.create(owner("cy@example.com", None), None).await;
    let cy = cy.expect("a new user");
    let token = strategy.write(&cy).await.expect("a token");
    for is_kept in [false, true] {
        let before = told.everything();
        let mut transaction = within().await;
        let dan = transaction
            .create(owner("dan@example.com", None), None)
            .await;
        let dan = dan.expect("a new user");
        let update = OwnerUpdate {
            password: Presence::Present(Some("correct horse".into())),
            ..OwnerUpdate::default()
        };
        let changed = transaction.update(&cy, update, None, None).await;
        let changed = changed.expect("a user");
        transaction.request_verify(&changed, None);
        transaction.forgot_password(&changed, None);
        transaction.delete(&dan, None).await.expect("a user");
        users.drain().await;
        assert_eq!(told.everything(), before, "not yet");
        let session = strategy.read(&token).await.expect("an answer");
        assert_eq!(session, Some(cy.id), "the session goes on");
        if is_kept {
            transaction.commit().await.expect("a commit");
        } else {
            transaction.rollback().await.expect("a server");
        }
        users.drain().await;
        let session = strategy.read(&token).await.expect("an answer");
        if is_kept {
            assert_eq!(session, None, "the session has ended");
            let after = told.everything();
            let happened = after
                .iter()
                .zip(before)
                .all(|(after, before)| *after > before);
            assert!(happened, "{before:?} {after:?}");
        } else {
            assert_eq!(session, Some(cy.id), "the session goes on");
            assert_eq!(told.everything(), before, "nothing has happened");
        }
    }
    users.delete(&cy, None).await.expect("a user");
}

/// What is refused leaves a transaction that can go on, unless the database itself has refused it and aborts.
async fn go_on_after_refusals<T: StoreTransaction>(
    mut transaction: UsersTransaction<Owner, T>,
    conflicts: Conflicts,
    users: &Users<Owner>,
) {
    let taken = transaction
        .create(owner("Ada@example.com", None), None)
        .await;
    assert!(matches!(taken, Err(RegisterError::EmailTaken)), "{taken:?}");
    // Refused by the database itself.
    let twice = transaction
        .create(owner("bob@example.com", Some("ACME")), None)
        .await;
    let conflict = |error: &RegisterError| {
        matches!(
            error,
            RegisterError::Failed(Error::Store(StoreError::Conflict { .. }))
        )
    };
    assert!(twice.as_ref().is_err_and(conflict), "{twice:?}");
    if conflicts == Conflicts::Abort {
        let ended = transaction.create(owner("bob@example.com", None), None);
        assert!(ended.await.is_err(), "the transaction is aborted");
        let refused = transaction.commit().await;
        assert!(refused.is_err(), "{refused:?}");
        return;
    }
    let bob = transaction
        .create(owner("bob@example.com", None), None)
        .await
        .expect("a new user");
    transaction.commit().await.expect("a commit");
    users.delete(&bob, None).await.expect("a user");
}

/// Transactions on one user at once, of which one half is rolled back: they change nothing, no hook is called and no session ends.
async fn keep_what_is_committed<T: StoreTransaction>(
    within: &impl AsyncFn() -> UsersTransaction<Owner, T>,
    conflicts: Conflicts,
    users: &Users<Owner>,
    ada: &Owner,
    told: &Told,
) {
    const TIMES: usize = 10;
    let strategy = users.backend("web").expect("the backend").strategy();
    let token = strategy.write(ada).await.expect("a token");
    let before = told.so_far();
    let committed = async {
        for number in 0..TIMES {
            let update = || OwnerUpdate {
                company: Presence::Present(Some(format!("ACME {number}"))),
                ..OwnerUpdate::default()
            };
            let (transaction, _) = change(within, conflicts, ada, update).await;
            transaction.commit().await.expect("a commit");
        }
    };
    let rolled_back = async {
        for number in 0..TIMES {
            let update = || OwnerUpdate {
                password: Presence::Present(Some("correct horse".into())),
                is_active: Presence::Present(number % 2 == 0),
                ..OwnerUpdate::default()
            };
            let (mut transaction, changed) = change(within, conflicts, ada, update).await;
            let company = Owner::COMPANY;
            let set = transaction.set(&changed, company, None).await;
            assert_eq!(set.expect("a user").company, None);
            transaction.request_verify(&changed, None);
            transaction.rollback().await.expect("a server");
        }
    };
    tokio::join!(committed, rolled_back);
    users.drain().await;
    let stored = users.find(&ada.id).await.expect("an answer");
    let stored = stored.expect("the user");
    assert_eq!(stored.company, Some(format!("ACME {}", TIMES - 1)));
    assert!(stored.hashed_password == ada.hashed_password && stored.is_active);
    let owner = strategy.read(&token).await.expect("an answer");
    assert_eq!(owner, Some(ada.id), "the session goes on");
    assert_eq!(told.so_far(), [before[0], before[1] + TIMES, before[2]]);
}

async fn end_sessions_with_the_commit<T: StoreTransaction>(
    within: impl AsyncFn() -> UsersTransaction<Owner, T>,
    users: &Users<Owner>,
    ada: &Owner,
    told: &Told,
) {
    let strategy = users.backend("web").expect("the backend").strategy();
    let before = told.so_far();
    let token = strategy.write(ada).await.expect("a token");
    let new_password = || OwnerUpdate {
        password: Presence::Present(Some("correct horse".into())),
        ..OwnerUpdate::default()
    };
    let mut transaction = within().await;
    let changed = transaction.update(ada, new_password(), None, None).await;
    changed.expect("a user");
    transaction.rollback().await.expect("a server");
    let owner = strategy.read(&token).await.expect("an answer");
    assert_eq!(owner, Some(ada.id), "the session goes on");
    let mut transaction = within().await;
    let changed = transaction.update(ada, new_password(), None, None).await;
    changed.expect("a user");
    transaction.commit().await.expect("a commit");
    let owner = strategy.read(&token).await.expect("an answer");
    assert_eq!(owner, None, "the session has ended");
    assert_eq!(told.so_far()[1], before[1] + 1, "one update is committed");

    let token = strategy.write(ada).await.expect("a token");
    let mut transaction = within().await;
    transaction.delete(ada, None).await.expect("a user");
    let again = transaction.delete(ada, None).await;
    assert!(matches!(again, Err(DeleteError::NotFound)), "{again:?}");
    transaction.rollback().await.expect("a server");
    let owner = strategy.read(&token).await.expect("an answer");
    assert_eq!(owner, Some(ada.id), "the user and the token are there");
    let mut transaction = within().await;
    transaction.delete(ada, None).await.expect("a user");
    assert_eq!(told.so_far()[2], before[2], "not yet");
    transaction.commit().await.expect("a commit");
    assert!(users.find(&ada.id).await.expect("an answer").is_none());
    assert_eq!(told.so_far()[2], before[2] + 1);
}

/// An operation that was not waited for may have done a part.
async fn refuse_to_keep_a_part<T: StoreTransaction>(
    mut transaction: UsersTransaction<Owner, T>,
    users: &Users<Owner>,
) {
    let kept = transaction
        .create(owner("eve@example.com", None), None)
        .await;
    kept.expect("a new user");
    tokio::select! {
        biased;
        created = transaction.create(owner("zoe@example.com", None), None) => panic!("{created:?} at once"),
        () = std::future::ready(()) => {}
    }
    let refused = transaction.commit().await;
    assert!(refused.is_err(), "{refused:?}");
    let eve = users.find_by_email("eve@example.com").await;
    assert!(eve.expect("an answer").is_none(), "rolled back");
}
