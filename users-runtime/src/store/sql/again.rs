//! Doing again what a database has undone as a whole.

use std::{error::Error as StdError, future::Future, time::Duration};

use crate::store::StoreError;

/// How often something is done that the database undoes because others are in its way.
const ATTEMPTS: u32 = 8;

/// Why a transaction was undone that can be done again.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Undone(pub(super) Box<dyn StdError + Send + Sync>);

/// Does a transaction, and again as long as it is undone as a whole, a bounded number of times.
pub(super) async fn again<T, F: Future<Output = Result<T, StoreError>>>(
    attempt: impl FnMut() -> F,
) -> Result<T, StoreError> {
    again_while(is_undone, attempt).await
}

fn is_undone(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(source) if source.is::<Undone>())
}

/// The same, where a driver's error shows that it is undone.
pub(in crate::store) async fn again_while<T, E, F: Future<Output = Result<T, E>>>(
    is_undone: impl Fn(&E) -> bool,
    mut attempt: impl FnMut() -> F,
) -> Result<T, E> {
    let mut result = attempt().await;
    for number in 1..ATTEMPTS {
        if !result.as_ref().is_err_and(&is_undone) {
            break;
        }
        pause(number).await;
        result = attempt().await;
    }
    result
}

/// Lets those who met in a deadlock go on one by one: for some milliseconds, about twice as many each time.
async fn pause(attempt: u32) {
    let longest = 2_u32 << attempt;
    let milliseconds = getrandom::u32().map_or(longest, |random| longest / 2 + random % longest);
    tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    async fn attempts(lost: u32, error: fn() -> StoreError) -> (bool, u32) {
        let count = Cell::new(0);
        let result = again(|| {
            count.set(count.get() + 1);
            let result = if count.get() > lost {
                Ok(())
            } else {
                Err(error())
            };
            async move { result }
        });
        (result.await.is_ok(), count.get())
    }

    #[tokio::test]
    async fn only_what_was_undone_is_done_again_and_not_for_ever() {
        let undone = || StoreError::Unavailable(Undone("a deadlock".into()).into());
        assert_eq!(attempts(0, undone).await, (true, 1));
        assert_eq!(attempts(2, undone).await, (true, 3));
        assert_eq!(attempts(u32::MAX, undone).await, (false, ATTEMPTS));
        assert_eq!(
            attempts(2, || StoreError::Unavailable("away".into())).await,
            (false, 1)
        );
        assert_eq!(attempts(2, || StoreError::NotFound).await, (false, 1));
    }
}
