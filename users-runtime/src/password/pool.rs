//! Hashing on separate threads, a limited number at a time.

use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::Semaphore,
    task::{self, JoinHandle},
};

use super::{
    Argon2Bcrypt, HashError, Password, PasswordHash, PasswordHasher, PasswordsConfig, SALT_LENGTH,
    Scratch, Verdict,
    kept_memory::{self, KeptMemory},
    queue::{Full, Queue},
    share::HashClient,
};

/// Why a password was neither hashed nor compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// Too many are waiting already. A server answers 503 with `Retry-After`.
    #[error("too many passwords are waiting to be hashed")]
    Overloaded {
        /// The estimated time until the queue is done, in whole seconds and at least one.
        retry_after: Duration,
    },
    /// The hasher failed.
    #[error("the password hasher failed")]
    Hasher(#[from] HashError),
    /// The hasher panicked, or the runtime is shutting down.
    #[error("hashing a password was cut short")]
    CutShort,
}

/// What the methods of [`Passwords`] return: boxed, so that waiting for the queue and for a thread is compiled in this crate once, not in
/// the application's with everything that awaits it.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, PasswordError>> + Send + 'a>>;

/// Hashes passwords on separate threads, a limited number at a time, and refuses work when the queue is full.
///
/// Waiting clients take turns, and none of them can block the others: see [`PasswordsConfig`].
///
/// Cheap to clone; the clones share the bound. All methods need a tokio runtime. A request that is dropped while it waits
/// gives up its place and hashes nothing; one that is dropped later lets the hash that has begun run to its end, within the
/// bound.
///
/// A new password is hashed in Unicode's normalization form C, since one system's keyboard writes `é` as one character and
/// another's as two. Text in another form is compared both in form C and unchanged, so that hashes of other programs are still
/// accepted. `Compat::FastApiUsers15` does not normalize text.
#[derive(Clone)]
pub struct Passwords {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    hasher: Arc<dyn PasswordHasher>,
    config: PasswordsConfig,
    pub(super) queue: Arc<Queue>,
    /// The one place of the lane for what is hashed after an answer.
    late: Arc<Semaphore>,
    pub(super) memory: Arc<KeptMemory>,
    done: AtomicU64,
    mean_micros: AtomicU64,
}

impl Passwords {
    /// Hashes with this hasher.
    pub fn new(hasher: Arc<dyn PasswordHasher>, config: PasswordsConfig) -> Self {
        let inner = Inner {
            hasher,
            config,
            queue: Arc::new(Queue::new(config.max_parallel, config.queue())),
            late: Arc::new(Semaphore::new(1)),
            memory: KeptMemory::new(kept_memory::IDLE),
            done: AtomicU64::new(0),
            mean_micros: AtomicU64::new(100_000),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Hashes with [`Argon2Bcrypt`] and its default parameters.
    pub fn with_defaults(config: PasswordsConfig) -> Self {
        Self::new(Arc::new(Argon2Bcrypt::new()), config)
    }

    /// Hashes a password with a new random salt.
    pub fn hash(&self, password: Password) -> Answer<'_, PasswordHash> {
        Box::pin(async move {
            let password = self.normalized(&password).unwrap_or(password);
            Ok(self
                .run(move |hasher, scratch| hasher.hash(&password, scratch))
                .await??)
        })
    }

    /// Hashes a password with the salt of its former hash, see [`PasswordHash::salt`].
    pub fn hash_with_salt(
        &self,
        password: Password,
        salt: [u8; SALT_LENGTH],
    ) -> Answer<'_, PasswordHash> {
        Box::pin(async move {
            let password = self.normalized(&password).unwrap_or(password);
            Ok(self
                .run(move |hasher, scratch| hasher.hash_with_salt(&password, salt, scratch))
                .await??)
        })
    }

    /// Hashes with a new random salt, one at a time and beside what the other methods do, which it takes no place from.
    ///
    /// This is for what is hashed after an answer, where the caller limits how much waits: no request is refused. Its working
    /// memory is not kept.
    pub(crate) fn hash_late(&self, password: Password) -> Answer<'_, PasswordHash> {
        Box::pin(async move {
            let hash = move |hasher: &dyn PasswordHasher, scratch: &mut Scratch| {
                hasher.hash(&password, scratch)
            };
            Ok(self.run_late(hash).await??)
        })
    }

    /// [`verify`](Self::verify) in the lane of [`hash_late`](Self::hash_late).
    pub(crate) fn verify_late(
        &self,
        password: Password,
        hash: PasswordHash,
    ) -> Answer<'_, Verdict> {
        Box::pin(async move {
            let normalized = self.normalized(&password);
            self.run_late(move |hasher, scratch| {
                let as_it_came = hasher.verify(&password, &hash, scratch);
                match normalized {
                    Some(normalized) => {
                        of_both(hasher.verify(&normalized, &hash, scratch), as_it_came)
                    }
                    None => as_it_came,
                }
            })
            .await
        })
    }

    /// Compares a password, or any other text that was hashed, with a hash.
    ///
    /// Text that is not in form C is always compared twice, so that the time reveals neither which form was right nor, beside
    /// [`verify_nobody`](Self::verify_nobody), whether there is a user. Where the text as it came was right, the verdict is
    /// [`Verdict::RightButOutdated`]: a new hash is one of form C.
    pub fn verify(&self, password: Password, hash: PasswordHash) -> Answer<'_, Verdict> {
        Box::pin(async move {
            let Some(normalized) = self.normalized(&password) else {
                return self.verify_as_it_is(password, hash).await;
            };
            let verdict = self.verify_as_it_is(normalized, hash.clone()).await?;
            let as_it_came = self.verify_as_it_is(password, hash).await?;
            Ok(of_both(verdict, as_it_came))
        })
    }

    /// Does the work of [`verify`](Self::verify) where there is no user, so that the time reveals nothing.
    pub fn verify_nobody(&self, password: Password) -> Answer<'_, ()> {
        Box::pin(async move {
            if let Some(normalized) = self.normalized(&password) {
                self.work_for_nobody(normalized).await?;
            }
            self.work_for_nobody(password).await
        })
    }

    /// The password in form C, where it is not and should be.
    fn normalized(&self, password: &Password) -> Option<Password> {
        self.inner
            .config
            .normalizes
            .then(|| password.normalized())
            .flatten()
    }

    async fn verify_as_it_is(
        &self,
        password: Password,
        hash: PasswordHash,
    ) -> Result<Verdict, PasswordError> {
        self.run(move |hasher, scratch| hasher.verify(&password, &hash, scratch))
            .await
    }

    async fn work_for_nobody(&self, password: Password) -> Result<(), PasswordError> {
        self.run(move |hasher, scratch| hasher.verify_nobody(&password, scratch))
            .await
    }

    /// How many calls of the hasher have ended since the start. Tests count here that known and unknown addresses cost the
    /// same.
    pub fn hashes_done(&self) -> u64 {
        self.inner.done.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&dyn PasswordHasher, &mut Scratch) -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let client = HashClient::current();
        let permit = self.inner.queue.permit(client).await;
        let permit = permit.map_err(|Full| PasswordError::Overloaded {
            retry_after: self.inner.retry_after(),
        })?;
        self.off_the_async_threads(permit, |inner| inner.work(job))
            .await
    }

    async fn run_late<T: Send + 'static>(
        &self,
        job: impl FnOnce(&dyn PasswordHasher, &mut Scratch) -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.inner.late)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::CutShort)?;
        let job = |inner: &Inner| inner.timed(&mut Scratch::default(), job);
        self.off_the_async_threads(permit, job).await
    }

    async fn off_the_async_threads<T: Send + 'static>(
        &self,
        permit: impl Send + 'static,
        job: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let inner = Arc::clone(&self.inner);
        let mut task = AbortOnDrop(task::spawn_blocking(move || {
            // Dropped last, so that there are never more scratches than permits.
            let _permit = permit;
            job(&inner)
        }));
        (&mut task.0).await.map_err(|error| {
            tracing::error!(
                panicked = error.is_panic(),
                "hashing a password was cut short"
            );
            PasswordError::CutShort
        })
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn work<T>(&self, job: impl FnOnce(&dyn PasswordHasher, &mut Scratch) -> T) -> T {
        let mut borrowed = self.memory.borrow(self.hasher.kept_kib());
        self.timed(&mut borrowed.scratch, job)
    }

    fn timed<T>(
        &self,
        scratch: &mut Scratch,
        job: impl FnOnce(&dyn PasswordHasher, &mut Scratch) -> T,
    ) -> T {
        let started = Instant::now();
        let result = job(&*self.hasher, scratch);
        self.record(started.elapsed());
        result
    }

    /// Keeps a moving average of the duration, from which `Retry-After` is estimated.
    fn record(&self, duration: Duration) {
        let sample = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let mean = self.mean_micros.load(Ordering::Relaxed);
        self.mean_micros.store(
            (mean - mean / 8).saturating_add(sample / 8),
            Ordering::Relaxed,
        );
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    fn retry_after(&self) -> Duration {
        let rounds = (self.config.queue() / self.config.max_parallel).saturating_add(1);
        let mean = Duration::from_micros(self.mean_micros.load(Ordering::Relaxed));
        let wait = mean.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
        Duration::from_secs(
            wait.as_millis()
                .div_ceil(1000)
                .clamp(1, 60)
                .try_into()
                .unwrap_or(60),
        )
    }
}

/// The verdict on text that was compared in form C and as it came.
fn of_both(normalized: Verdict, as_it_came: Verdict) -> Verdict {
    match (normalized, as_it_came) {
        (Verdict::Wrong, Verdict::Wrong) => Verdict::Wrong,
        (Verdict::Wrong, _) => Verdict::RightButOutdated,
        (right, _) => right,
    }
}

/// A blocking task that does not begin if nothing waits for it any more.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
