//! Hooks that run after the answer: a bounded number at once, and none is lost when the server stops.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tracing::Instrument as _;

use super::Users;
use crate::{error::Error, model::UserModel};

/// How many hooks may run after their answers, and which of these permits are taken.
#[derive(Debug)]
pub(crate) struct BackgroundHooks {
    permits: Arc<Semaphore>,
    count: u32,
    users: Arc<Mutex<HashMap<String, u32>>>,
}

/// The permission to run one hook after the answer; given back when the hook has ended, or when this is dropped.
#[derive(Debug)]
pub(crate) struct HookPermit(OwnedSemaphorePermit);

impl BackgroundHooks {
    /// How long a request waits for a permit.
    const PATIENCE: Duration = Duration::from_secs(1);
    /// How many hooks may run for one user at once. A user who asks again gets no further e-mail before one of these is sent.
    const MOST_OF_ONE_USER: u32 = 16;
    /// When a client that was turned away should come back.
    const RETRY_AFTER: Duration = Duration::from_secs(5);

    pub(crate) fn new(count: u32) -> Self {
        let most = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
        let count = count.clamp(1, most);
        Self {
            permits: Arc::new(Semaphore::new(count as usize)),
            count,
            users: Arc::default(),
        }
    }

    /// Takes a permit, for which it waits at most a second.
    pub(crate) async fn permit(&self) -> Result<HookPermit, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned();
        match timeout(Self::PATIENCE, permit).await {
            Ok(Ok(permit)) => Ok(HookPermit(permit)),
            // The semaphore is never closed.
            Ok(Err(_)) | Err(_) => Err(Error::HooksOverloaded {
                retry_after: Self::RETRY_AFTER,
            }),
        }
    }

    /// Takes a permit without a wait; `None` where none is free.
    pub(crate) fn permit_at_once(&self) -> Option<HookPermit> {
        let permit = Arc::clone(&self.permits).try_acquire_owned();
        permit.ok().map(HookPermit)
    }

    /// Counts a hook for a user; `None` where [`MOST_OF_ONE_USER`](Self::MOST_OF_ONE_USER) run already. Otherwise one address could take
    /// every permit: it would keep all other users waiting, and a client that is refused then would learn that a user has it.
    pub(crate) fn of_user(&self, user: String) -> Option<HookOfUser> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let running = users.entry(user.clone()).or_default();
        if *running >= Self::MOST_OF_ONE_USER {
            return None;
        }
        *running += 1;
        drop(users);
        Some(HookOfUser {
            users: Arc::clone(&self.users),
            user,
        })
    }

    /// Waits until no hook runs.
    async fn drained(&self) {
        // Having all permits means that no other task has one.
        drop(self.permits.acquire_many(self.count).await);
    }
}

/// A hook that runs for a user, counted until this is dropped.
#[derive(Debug)]
pub(crate) struct HookOfUser {
    users: Arc<Mutex<HashMap<String, u32>>>,
    user: String,
}

impl Drop for HookOfUser {
    fn drop(&mut self) {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = users.get_mut(&self.user) {
            *running -= 1;
            if *running == 0 {
                users.remove(&self.user);
            }
        }
    }
}

impl HookPermit {
    /// Runs a hook as a task of its own, in the present span.
    pub(crate) fn spawn(self, hook: impl Future<Output = ()> + Send + 'static) {
        self.spawn_boxed(Box::pin(hook));
    }

    /// Not generic, so that what tokio does with a task is compiled here and not in the application's crate for each hook.
    fn spawn_boxed(self, hook: Pin<Box<dyn Future<Output = ()> + Send>>) {
        let task = async move {
            hook.await;
            drop(self.0);
        };
        tokio::spawn(task.in_current_span());
    }
}

impl<U: UserModel> Users<U> {
    /// Waits until every hook that runs in the background has ended: an e-mail that is being sent is not lost then.
    ///
    /// Call it after the server has stopped, before the process ends. It waits as long as the hooks take; to end earlier, put it
    /// into a `tokio::time::timeout`. While it waits, requests that want to run such a hook are answered 503.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use users_runtime::{UserModel, Users};
    /// # async fn serve<U: UserModel>(users: Users<U>, listener: tokio::net::TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    /// axum::serve(listener, users.router::<()>()).with_graceful_shutdown(stop).await?;
    /// if tokio::time::timeout(Duration::from_secs(10), users.drain()).await.is_err() {
    ///     eprintln!("some e-mails were not sent");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn drain(&self) {
        self.inner.background.drained().await;
    }
}
