//! The sessions of everyone end while clients log in, refresh and ask at both systems.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::task::JoinSet;
use users_runtime::{JwtStrategy, session::Strategy as _, token::JwtKeys};
use users_tests::{Client, PASSWORD, SECRET, until};

use crate::{
    pair::{Member, Pair, System},
    refreshes::{refresh, text},
};

const VALID: [u16; 2] = [200, 200];
const ENDED: [u16; 2] = [401, 401];

/// How many users have credentials from before, and how many log in for the first time in the meantime.
const USERS: usize = 10;

/// What is under way while the sessions end.
#[derive(Clone, Default)]
struct Progress {
    answered: Arc<AtomicUsize>,
    begun: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
}

/// A token of a login beside the end.
struct Beside {
    token: String,
    /// It was answered before the end began.
    was_before: bool,
    /// It was asked for after the end.
    was_after: bool,
}

/// The credentials of users from before.
#[derive(Default)]
struct Before {
    access: Vec<String>,
    refresh: Vec<String>,
}

impl Progress {
    /// Waits until the load has been answered this many times more.
    async fn more_answers(&self, number: usize) {
        let wanted = self.answered.load(Ordering::SeqCst) + number;
        let are_answered = || (self.answered.load(Ordering::SeqCst) >= wanted).then_some(());
        until("logins and refreshes", are_answered).await;
    }

    /// Logs in until the end is over, and once more.
    async fn log_in(self, client: Client, backend: &'static str, email: String) -> Vec<Beside> {
        let mut received = Vec::new();
        loop {
            let was_after = self.ended.load(Ordering::SeqCst);
            let answer = client.login(backend, &email, PASSWORD).await;
            self.answered.fetch_add(1, Ordering::SeqCst);
            let was_before = !self.begun.load(Ordering::SeqCst);
            let token = text(&answer, "access_token");
            received.push(Beside {
                token,
                was_before,
                was_after,
            });
            if was_after {
                return received;
            }
        }
    }

    /// Refreshes until that is refused; everything that was answered.
    async fn refresh(self, client: Client, token: String) -> Before {
        let mut received = Before::default();
        let mut token = token;
        loop {
            let was_after = self.ended.load(Ordering::SeqCst);
            let answer = refresh(&client, &token).await;
            self.answered.fetch_add(1, Ordering::SeqCst);
            received.refresh.push(token);
            if answer.status != 200 {
                answer.assert_detail(400, "REFRESH_BAD_TOKEN");
                return received;
            }
            assert!(!was_after, "a session from before goes on");
            received.access.push(text(&answer, "access_token"));
            token = text(&answer, "refresh_token");
        }
    }

    /// Asks with a token until it is refused.
    async fn ask(self, client: Client, token: String) {
        loop {
            let was_after = self.ended.load(Ordering::SeqCst);
            let answer = client.bearer(&token).get("/users/me").await;
            self.answered.fetch_add(1, Ordering::SeqCst);
            match answer.status {
                401 => return,
                status => assert!(status == 200 && !was_after, "{answer:?}"),
            }
        }
    }
}

fn system(pair: &Pair, number: usize) -> &System {
    [&pair.one, &pair.other][number % 2]
}

async fn new_users(pair: &Pair) -> Vec<Member> {
    let mut users = Vec::new();
    for number in 0..USERS {
        let email = format!("{}@example.com", uuid::Uuid::new_v4());
        users.push(system(pair, number).user(&email).await);
    }
    users
}

/// Whatever was issued before the call ends, whichever system it was issued at and however often it was refreshed since; what is issued
/// after the call is valid, first logins included.
pub(crate) async fn ends_what_was_issued_before(pair: &Pair) {
    let plain = JwtStrategy::new(JwtKeys::hs256(SECRET).expect("a secret"));
    for round in 0..3 {
        let progress = Progress::default();
        let mut before = Before::default();
        let (mut logins, mut refreshes, mut requests) =
            (JoinSet::new(), JoinSet::new(), JoinSet::new());
        for (number, user) in new_users(pair).await.iter().enumerate() {
            let (here, there) = (system(pair, number), system(pair, number + 1));
            for backend in ["jwt", "session"] {
                let token = here.login(backend, &user.email).await;
                let (progress, client) = (progress.clone(), there.client.clone());
                requests.spawn(progress.ask(client, token.clone()));
                before.access.push(token);
            }
            let answer = here.client.login("api", &user.email, PASSWORD).await;
            before.access.push(text(&answer, "access_token"));
            let token = text(&answer, "refresh_token");
            let (progress, client) = (progress.clone(), there.client.clone());
            refreshes.spawn(progress.refresh(client, token));
        }
        for (number, user) in new_users(pair).await.into_iter().enumerate() {
            // From before the backend was `revocable`.
            before
                .access
                .push(plain.write(&user).await.expect("a token"));
            let backend = ["jwt", "jwt", "session", "api"][number % 4];
            let (progress, client) = (progress.clone(), system(pair, number / 2).client.clone());
            logins.spawn(progress.log_in(client, backend, user.email));
        }
        progress.more_answers(4 * USERS).await;
        progress.begun.store(true, Ordering::SeqCst);
        end(pair, round).await;
        progress.ended.store(true, Ordering::SeqCst);
        requests.join_all().await;
        for refreshed in refreshes.join_all().await {
            before.access.extend(refreshed.access);
            before.refresh.extend(refreshed.refresh);
        }
        before.assert_ended(pair).await;
        for login in logins.join_all().await.into_iter().flatten() {
            let me = pair.me(&login.token).await;
            assert_eq!(me[0], me[1], "both agree");
            assert!(!login.was_before || me == ENDED, "it was issued before");
            assert!(!login.was_after || me == VALID, "it was issued after");
        }
    }
}

/// Ends the sessions at one system, at the other, and at both at once.
async fn end(pair: &Pair, round: usize) {
    let (one, other) = (&pair.one.users, &pair.other.users);
    let expected = [("jwt", true), ("session", true), ("api", true)];
    let ended = match round {
        0 => one.revoke_everyones_sessions().await,
        1 => other.revoke_everyones_sessions().await,
        _ => {
            let (one, other) = tokio::join!(
                one.revoke_everyones_sessions(),
                other.revoke_everyones_sessions()
            );
            one.and(other)
        }
    };
    assert_eq!(ended.expect("they end"), expected);
}

impl Before {
    async fn assert_ended(&self, pair: &Pair) {
        for token in &self.access {
            assert_eq!(pair.me(token).await, ENDED);
        }
        for token in &self.refresh {
            for system in [&pair.one, &pair.other] {
                let refused = refresh(&system.client, token).await;
                refused.assert_detail(400, "REFRESH_BAD_TOKEN");
            }
        }
    }
}
