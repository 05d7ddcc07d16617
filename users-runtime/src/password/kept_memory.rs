//! The working memory that is kept between hashes, and freed once no password was hashed for a while.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    time::{Instant, sleep_until},
};

use super::Scratch;

/// How long the memory is kept after the last hash. The next hash pays for new memory, which is a quarter of its cost.
pub(super) const IDLE: Duration = Duration::from_mins(1);

/// The working memory of hashes that may run at once.
pub(super) struct KeptMemory {
    idle: Duration,
    state: Mutex<State>,
}

struct State {
    scratches: Vec<Scratch>,
    last_used: Instant,
    /// Dead while no task waits to free the memory.
    watcher: Weak<()>,
}

/// Memory that a hash has borrowed. It is wiped and given back when this is dropped, also when the hasher panics.
pub(super) struct Borrowed<'a> {
    pub(super) scratch: Scratch,
    owner: &'a Arc<KeptMemory>,
}

impl KeptMemory {
    /// Memory that is freed when it was not used for so long.
    pub(super) fn new(idle: Duration) -> Arc<Self> {
        Arc::new(Self {
            idle,
            state: Mutex::new(State {
                scratches: Vec::new(),
                last_used: Instant::now(),
                watcher: Weak::new(),
            }),
        })
    }

    /// Memory of an earlier hash, or new memory of which `kept_kib` KiB are kept.
    pub(super) fn borrow(self: &Arc<Self>, kept_kib: u32) -> Borrowed<'_> {
        let kept = self.state().scratches.pop();
        Borrowed {
            scratch: kept.unwrap_or_else(|| Scratch::keeping(kept_kib)),
            owner: self,
        }
    }

    fn give_back(self: &Arc<Self>, scratch: Scratch) {
        let holds_memory = !scratch.is_empty();
        let mut state = self.state();
        state.scratches.push(scratch);
        state.last_used = Instant::now();
        if holds_memory
            && state.watcher.strong_count() == 0
            && let Ok(runtime) = Handle::try_current()
        {
            let token = Arc::new(());
            state.watcher = Arc::downgrade(&token);
            runtime.spawn(free_when_idle(
                Arc::downgrade(self),
                state.last_used + self.idle,
                token,
            ));
        }
    }

    /// Frees the memory where it was not used for long enough; otherwise, returns when to look again.
    fn free_if_idle(&self, now: Instant) -> Option<Instant> {
        let mut state = self.state();
        let due = state.last_used + self.idle;
        if now < due {
            return Some(due);
        }
        state.watcher = Weak::new();
        let scratches = std::mem::take(&mut state.scratches);
        // Returning 64 MiB to the operating system takes a while, and no hash has to wait for it.
        drop(state);
        drop(scratches);
        None
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn scratches<T>(&self, read: impl FnOnce(&mut Vec<Scratch>) -> T) -> T {
        read(&mut self.state().scratches)
    }
}

/// Waits until the memory was not used for long enough, and frees it. `_token` shows that this task runs, also where its runtime
/// ends before it does.
async fn free_when_idle(kept: Weak<KeptMemory>, mut due: Instant, _token: Arc<()>) {
    loop {
        sleep_until(due).await;
        match kept
            .upgrade()
            .and_then(|kept| kept.free_if_idle(Instant::now()))
        {
            Some(later) => due = later,
            None => return,
        }
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.wipe();
        self.owner.give_back(scratch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn use_once(kept: &Arc<KeptMemory>) {
        let mut borrowed = kept.borrow(4);
        borrowed.scratch.blocks(4).expect("four KiB");
    }

    fn count(kept: &KeptMemory) -> usize {
        kept.scratches(|scratches| scratches.len())
    }

    #[tokio::test]
    async fn memory_is_kept_for_as_long_as_it_is_used_and_freed_afterwards() {
        let kept = KeptMemory::new(IDLE);
        use_once(&kept);
        let first = kept.state().last_used;
        assert_eq!(
            kept.free_if_idle(first + IDLE - Duration::from_secs(1)),
            Some(first + IDLE)
        );
        assert_eq!(count(&kept), 1);
        use_once(&kept);
        let second = kept.state().last_used;
        assert_eq!(count(&kept), 1, "it is reused");
        if second > first {
            assert_eq!(kept.free_if_idle(first + IDLE), Some(second + IDLE));
        }
        assert_eq!(kept.free_if_idle(second + IDLE), None);
        assert_eq!(count(&kept), 0);
    }

    #[tokio::test]
    async fn a_task_frees_the_memory_and_the_next_hash_starts_another() {
        let kept = KeptMemory::new(Duration::from_millis(1));
        for _ in 0..2 {
            use_once(&kept);
            while count(&kept) > 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    #[test]
    fn another_runtime_takes_over_from_one_that_has_ended() {
        let kept = KeptMemory::new(Duration::from_millis(1));
        for _ in 0..2 {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_time().build().expect("a runtime");
            // The task has no chance to run before the runtime is dropped.
            runtime.block_on(async { use_once(&kept) });
            drop(runtime);
            assert_eq!(kept.state().watcher.strong_count(), 0);
        }
        assert_eq!(count(&kept), 1);
    }

    #[test]
    fn without_a_runtime_memory_is_kept() {
        let kept = KeptMemory::new(IDLE);
        use_once(&kept);
        assert_eq!(count(&kept), 1);
    }
}
