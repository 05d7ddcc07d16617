//! One request at a time for what every login needs from a provider: its description, its keys.

use std::time::{Duration, Instant};

use http::StatusCode;
use tokio::sync::Mutex;

use super::{HttpError, ProviderError};

/// How long a failure is remembered. Logins that waited for the same request fail with it instead of repeating it one by one.
pub(super) const FAILURE_LIFETIME: Duration = Duration::from_secs(2);

/// Lets one login fetch while the others wait for its result.
#[derive(Default)]
pub(super) struct Fetching {
    last_failure: Mutex<Option<(Instant, Failure)>>,
}

impl Fetching {
    /// What is `known`, or else the result of `fetch`, which must make it known.
    ///
    /// `known` is asked again after a wait, since the login that was waited for may have fetched it. When a caller is cancelled
    /// while it fetches, the next one that waits fetches instead.
    pub(super) async fn once<T>(
        &self,
        known: impl Fn() -> Option<T>,
        fetch: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        if let Some(known) = known() {
            return Ok(known);
        }
        let mut last_failure = self.last_failure.lock().await;
        if let Some(known) = known() {
            return Ok(known);
        }
        if let Some((since, failure)) = &*last_failure
            && since.elapsed() < FAILURE_LIFETIME
        {
            return Err(failure.to_error());
        }
        let fetched = fetch.await;
        *last_failure = fetched
            .as_ref()
            .err()
            .map(|error| (Instant::now(), Failure::of(error)));
        fetched
    }

    /// Makes the remembered failure this much older.
    #[cfg(test)]
    pub(super) async fn age(&self, by: Duration) {
        if let Some((since, _)) = &mut *self.last_failure.lock().await {
            *since = since
                .checked_sub(by)
                .expect("a clock that runs for a while");
        }
    }
}

/// What is remembered of an error, which itself cannot be cloned.
#[derive(Clone, Copy)]
enum Failure {
    Unreachable,
    TooLong,
    Status(StatusCode),
    Answer(&'static str),
    Configuration(&'static str),
}

impl Failure {
    const fn of(error: &ProviderError) -> Self {
        match error {
            ProviderError::Http(HttpError::Unreachable(_)) => Self::Unreachable,
            ProviderError::Http(HttpError::TooLong) => Self::TooLong,
            ProviderError::Status { status } => Self::Status(*status),
            ProviderError::Answer(what) => Self::Answer(what),
            ProviderError::Configuration(what) => Self::Configuration(what),
        }
    }

    fn to_error(self) -> ProviderError {
        match self {
            Self::Unreachable => {
                HttpError::Unreachable("the last attempt failed a moment ago".into()).into()
            }
            Self::TooLong => HttpError::TooLong.into(),
            Self::Status(status) => ProviderError::Status { status },
            Self::Answer(what) => ProviderError::Answer(what),
            Self::Configuration(what) => ProviderError::Configuration(what),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    };

    use tokio::{sync::Semaphore, task::JoinHandle};

    use super::*;

    type Answer = fn() -> Result<u8, ProviderError>;

    /// What is fetched from a provider that counts how often it is asked.
    #[derive(Default)]
    struct Counted {
        fetching: Fetching,
        known: OnceLock<u8>,
        asked: AtomicUsize,
    }

    impl Counted {
        /// Gets it from a provider that answers when it is released.
        async fn get(&self, released: &Semaphore, answer: Answer) -> Result<u8, ProviderError> {
            let fetch = async {
                self.asked.fetch_add(1, Ordering::Relaxed);
                released.acquire().await.expect("it is open").forget();
                let answer = answer()?;
                Ok(*self.known.get_or_init(|| answer))
            };
            self.fetching
                .once(|| self.known.get().copied(), fetch)
                .await
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::Relaxed)
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is an answer, as `away` is")]
    const fn known() -> Result<u8, ProviderError> {
        Ok(7)
    }

    fn away() -> Result<u8, ProviderError> {
        Err(HttpError::Unreachable("no connection".into()).into())
    }

    /// 50 callers that all wait before the provider answers.
    async fn flood(counted: &Arc<Counted>, answer: Answer) -> Vec<Result<u8, ProviderError>> {
        let released = Arc::new(Semaphore::new(0));
        let callers: Vec<JoinHandle<_>> = (0..50)
            .map(|_| {
                let (counted, released) = (Arc::clone(counted), Arc::clone(&released));
                tokio::spawn(async move { counted.get(&released, answer).await })
            })
            .collect();
        tokio::task::yield_now().await;
        released.add_permits(50);
        let mut results = Vec::new();
        for caller in callers {
            results.push(caller.await.expect("no panic"));
        }
        results
    }

    #[tokio::test]
    async fn one_caller_fetches_for_all() {
        let counted = Arc::new(Counted::default());
        let results = flood(&counted, known).await;
        assert!(results.iter().all(|result| matches!(result, Ok(7))));
        assert_eq!(counted.asked(), 1);
    }

    #[tokio::test]
    async fn a_failure_is_shared_remembered_and_forgotten() {
        let counted = Arc::new(Counted::default());
        for _ in 0..2 {
            for result in flood(&counted, away).await {
                assert!(matches!(
                    result,
                    Err(ProviderError::Http(HttpError::Unreachable(_)))
                ));
            }
            assert_eq!(counted.asked(), 1);
        }
        counted.fetching.age(FAILURE_LIFETIME).await;
        let results = flood(&counted, known).await;
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(counted.asked(), 2);
    }

    #[tokio::test]
    async fn a_cancelled_caller_leaves_the_request_to_the_next() {
        let counted = Arc::new(Counted::default());
        let never = Semaphore::new(0);
        tokio::select! {
            biased;
            _ = counted.get(&never, known) => panic!("the provider did not answer"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(counted.asked(), 1);
        let results = flood(&counted, known).await;
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(counted.asked(), 2);
    }
}
