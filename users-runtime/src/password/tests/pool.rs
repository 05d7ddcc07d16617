//! The bound, the queue, and what happens to requests that are dropped.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::time::timeout;

use crate::password::{
    Argon2Bcrypt, HashError, Password, PasswordError, PasswordHash, PasswordHasher, Passwords,
    PasswordsConfig, Scratch, Verdict,
};

/// A hasher that waits at a gate, counts who is inside, and panics on request.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
    inside: AtomicUsize,
    most_inside: AtomicUsize,
    begun: AtomicUsize,
}

impl Gate {
    fn open(&self) {
        *self.open.lock().expect("gate") = true;
        self.opened.notify_all();
    }

    async fn until_begun(&self, count: usize) {
        while self.begun.load(SeqCst) < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

struct Gated(Arc<Gate>);

impl PasswordHasher for Gated {
    fn hash(&self, password: &Password, scratch: &mut Scratch) -> Result<PasswordHash, HashError> {
        let gate = &self.0;
        gate.begun.fetch_add(1, SeqCst);
        let inside = gate.inside.fetch_add(1, SeqCst) + 1;
        gate.most_inside.fetch_max(inside, SeqCst);
        drop(
            gate.opened
                .wait_while(gate.open.lock().expect("gate"), |open| !*open)
                .expect("gate"),
        );
        gate.inside.fetch_sub(1, SeqCst);
        scratch.blocks(4)?[0].as_mut().fill(1);
        assert_ne!(password.expose(), "panic");
        Ok(PasswordHash::new(password.expose()))
    }

    fn verify(&self, password: &Password, hash: &PasswordHash, _: &mut Scratch) -> Verdict {
        if password.expose() == hash.expose() {
            Verdict::Right
        } else {
            Verdict::Wrong
        }
    }

    fn kept_kib(&self) -> u32 {
        4
    }
}

fn gated(parallel: usize, queued: usize) -> (Arc<Gate>, Passwords) {
    let gate = Arc::new(Gate::default());
    let config = PasswordsConfig::new()
        .max_parallel(parallel)
        .max_queued(queued);
    (
        Arc::clone(&gate),
        Passwords::new(Arc::new(Gated(gate)), config),
    )
}

fn hash(
    passwords: &Passwords,
    password: &'static str,
) -> tokio::task::JoinHandle<Result<PasswordHash, PasswordError>> {
    let passwords = passwords.clone();
    tokio::spawn(async move { passwords.hash(Password::from(password)).await })
}

/// Waits until this number of requests is in the queue.
async fn until_queued(passwords: &Passwords, count: usize) {
    while passwords.inner.queue.waiting() != count {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn at_most_max_parallel_run_and_all_get_their_turn() {
    let (gate, passwords) = gated(2, 100);
    let requests: Vec<_> = (0..10).map(|_| hash(&passwords, "secret")).collect();
    gate.until_begun(2).await;
    until_queued(&passwords, 8).await;
    assert_eq!(gate.begun.load(SeqCst), 2);
    gate.open();
    for request in requests {
        request.await.expect("task").expect("hash");
    }
    assert_eq!(
        (gate.most_inside.load(SeqCst), passwords.hashes_done()),
        (2, 10)
    );
    let scratches = passwords.inner.memory.scratches(|kept| kept.len());
    assert!((1..=2).contains(&scratches), "{scratches}");
    assert_eq!(passwords.inner.queue.free(), 2);
}

#[tokio::test]
async fn whoever_finds_the_queue_full_is_turned_away_at_once() {
    let (gate, passwords) = gated(1, 2);
    let requests: Vec<_> = (0..3).map(|_| hash(&passwords, "secret")).collect();
    until_queued(&passwords, 2).await;
    let refused = timeout(
        Duration::from_secs(1),
        passwords.verify_nobody(Password::from("secret")),
    )
    .await
    .expect("at once");
    let Err(PasswordError::Overloaded { retry_after }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(retry_after, Duration::from_secs(1));
    gate.open();
    for request in requests {
        request.await.expect("task").expect("hash");
    }
    passwords
        .hash(Password::from("secret"))
        .await
        .expect("there is room again");
}

#[tokio::test]
async fn a_dropped_request_gives_up_its_place_and_hashes_nothing() {
    let (gate, passwords) = gated(1, 1);
    let first = hash(&passwords, "first");
    gate.until_begun(1).await;
    let waiting = hash(&passwords, "waiting");
    until_queued(&passwords, 1).await;
    waiting.abort();
    until_queued(&passwords, 0).await;
    let next = hash(&passwords, "next");
    until_queued(&passwords, 1).await;
    gate.open();
    assert_eq!(first.await.expect("task").expect("hash").expose(), "first");
    assert_eq!(next.await.expect("task").expect("hash").expose(), "next");
    assert_eq!((gate.begun.load(SeqCst), passwords.hashes_done()), (2, 2));
}

#[tokio::test]
async fn a_request_that_is_dropped_while_it_hashes_gives_everything_back() {
    let (gate, passwords) = gated(1, 1);
    let request = hash(&passwords, "secret");
    gate.until_begun(1).await;
    request.abort();
    assert!(request.await.expect_err("aborted").is_cancelled());
    assert_eq!(passwords.inner.queue.free(), 0, "the hash still runs");
    gate.open();
    let next = timeout(
        Duration::from_secs(5),
        passwords.hash(Password::from("next")),
    )
    .await
    .expect("no leak");
    assert_eq!(next.expect("hash").expose(), "next");
    assert_eq!(passwords.inner.memory.scratches(|kept| kept.len()), 1);
}

#[test]
fn a_job_that_has_not_begun_does_not_begin_for_a_dropped_request() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .enable_time()
        .build()
        .expect("runtime");
    runtime.block_on(async {
        let (gate, passwords) = gated(2, 0);
        let first = hash(&passwords, "first");
        gate.until_begun(1).await;
        // The second has a permit, but the only blocking thread is taken.
        let second = hash(&passwords, "second");
        while passwords.inner.queue.free() > 0 {
            tokio::task::yield_now().await;
        }
        second.abort();
        assert!(second.await.expect_err("aborted").is_cancelled());
        gate.open();
        first.await.expect("task").expect("hash");
        timeout(
            Duration::from_secs(5),
            passwords.hash(Password::from("third")),
        )
        .await
        .expect("no leak")
        .expect("hash");
        assert_eq!(
            (gate.begun.load(SeqCst), passwords.inner.queue.free()),
            (2, 2)
        );
    });
}

#[tokio::test]
async fn a_panic_in_the_hasher_is_an_error_and_leaks_nothing() {
    let (gate, passwords) = gated(1, 1);
    gate.open();
    let result = passwords.hash(Password::from("panic")).await;
    assert!(matches!(result, Err(PasswordError::CutShort)), "{result:?}");
    passwords.hash(Password::from("calm")).await.expect("hash");
    assert_eq!(passwords.inner.queue.free(), 1);
}

#[tokio::test]
async fn hashing_leaves_the_async_thread_free() {
    let (gate, passwords) = gated(1, 8);
    let request = hash(&passwords, "secret");
    gate.until_begun(1).await;
    // This test has one async thread, so the timer fires only if the hash does not sit on it.
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert!(!request.is_finished());
    gate.open();
    request.await.expect("task").expect("hash");
}

#[tokio::test]
async fn the_default_hasher_reuses_wiped_memory() {
    let passwords = Passwords::with_defaults(PasswordsConfig::new().max_parallel(1));
    let hash = passwords
        .hash(Password::from("correct horse"))
        .await
        .expect("hash");
    assert!(
        hash.expose().starts_with("$argon2id$v=19$m=65536,t=3,p=4$"),
        "the default parameters"
    );
    assert_eq!(
        passwords
            .verify(Password::from("correct horse"), hash.clone())
            .await
            .expect("verdict"),
        Verdict::Right
    );
    passwords
        .verify_nobody(Password::from("correct horse"))
        .await
        .expect("work");
    assert_eq!(passwords.hashes_done(), 3);
    let is_wiped = passwords.inner.memory.scratches(|kept| {
        let blocks = kept[0].blocks(65536).expect("kept memory");
        blocks
            .iter()
            .all(|block| block.as_ref().iter().all(|word| *word == 0))
    });
    assert!(is_wiped);
}

#[tokio::test]
async fn a_hash_can_itself_be_hashed() {
    let hasher = Argon2Bcrypt::with_params(8, 1, 1).expect("valid parameters");
    let passwords = Passwords::new(Arc::new(hasher), PasswordsConfig::default());
    let stored = passwords
        .hash(Password::from("secret"))
        .await
        .expect("hash");
    let fingerprint = passwords
        .hash(Password::from(stored.expose()))
        .await
        .expect("hash");
    let matches = passwords
        .verify(Password::from(stored.expose()), fingerprint.clone())
        .await
        .expect("verdict");
    assert_eq!(matches, Verdict::Right);
    let kept_salt = passwords
        .hash_with_salt(Password::from("secret"), stored.salt().expect("a salt"))
        .await
        .expect("hash");
    assert_eq!(kept_salt, stored);
    let other = passwords
        .hash(Password::from("secret"))
        .await
        .expect("hash");
    assert_eq!(
        passwords
            .verify(Password::from(other.expose()), fingerprint)
            .await
            .expect("verdict"),
        Verdict::Wrong
    );
}

#[test]
fn nothing_secret_is_shown() {
    let passwords = Passwords::with_defaults(PasswordsConfig::new().max_parallel(3).max_queued(5));
    assert_eq!(
        format!("{passwords:?}"),
        "Passwords { config: PasswordsConfig { max_parallel: 3, max_queued: Some(5), normalizes: true }, .. }"
    );
    assert_eq!(format!("{:?}", Password::from("secret")), "Password(…)");
    assert_eq!(
        format!("{:?}", PasswordHash::new("$2b$secret")),
        "PasswordHash(…)"
    );
    assert_eq!(PasswordsConfig::new().max_parallel(0).max_parallel, 1);
    assert_eq!(PasswordsConfig::new().max_parallel(3).queue(), 96);
}
