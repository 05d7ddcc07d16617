//! A password hasher that costs nothing, remembers what it was asked, and waits while a test holds it.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use users_runtime::{
    Password, PasswordHash,
    password::{HashError, PasswordHasher, Scratch, Verdict},
};

/// What the hasher was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// To hash a new password.
    Hash,
    /// To compare a password with a stored hash.
    Verify,
    /// To work as if there were a stored hash.
    VerifyNobody,
}

/// How the hasher writes hashes: the clear text behind a mark. For tests only.
pub const MARK: &str = "$test$";

/// A password hasher that costs nothing, remembers what it was asked, and waits while a test [holds](Self::hold) it.
#[derive(Clone, Debug, Default)]
pub struct TestHasher(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    calls: Vec<Call>,
    held: bool,
}

impl TestHasher {
    /// What the hasher was asked since the last time, waiting calls included.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.state().calls)
    }

    /// Makes every call wait until [`release`](Self::release), or for half a minute.
    pub fn hold(&self) {
        self.state().held = true;
    }

    /// Lets all calls go on.
    pub fn release(&self) {
        self.state().held = false;
        self.0.1.notify_all();
    }

    /// The hash that this hasher writes for a password.
    pub fn hash_of(password: &str) -> String {
        format!("{MARK}{password}")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0
            .0
            .lock()
            .expect("no test panics while it holds the lock")
    }

    fn called(&self, call: Call) {
        let mut state = self.state();
        state.calls.push(call);
        // Not for ever: the runtime of a test that failed meanwhile waits for this call.
        drop(
            self.0
                .1
                .wait_timeout_while(state, Duration::from_mins(5), |state| state.held),
        );
    }
}

impl PasswordHasher for TestHasher {
    fn hash(&self, password: &Password, _: &mut Scratch) -> Result<PasswordHash, HashError> {
        self.called(Call::Hash);
        match password.expose() {
            "no memory" => Err(HashError::OutOfMemory),
            "panic" => panic!("the hasher of the tests panics when it is told to"),
            clear => Ok(PasswordHash::new(Self::hash_of(clear))),
        }
    }

    fn verify(&self, password: &Password, hash: &PasswordHash, _: &mut Scratch) -> Verdict {
        self.called(Call::Verify);
        match hash.expose().strip_prefix(MARK) {
            Some(clear) if clear == password.expose() => Verdict::Right,
            None if hash.expose() == format!("$old${}", password.expose()) => {
                Verdict::RightButOutdated
            }
            _ => Verdict::Wrong,
        }
    }

    fn verify_nobody(&self, _: &Password, _: &mut Scratch) {
        self.called(Call::VerifyNobody);
    }
}
