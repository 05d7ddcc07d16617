//! Who hashes next: a bounded queue in which one client cannot take the places of the others.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use super::share::HashClient;

/// Hands out a number of permits at once, and queues a number of requests for the next ones.
///
/// The clients that wait take turns, each with one request. A client may fill the whole queue while no other wants a place. Once the
/// queue is full, a request of a client with fewer places displaces the newest one of the client that has the most, which is turned
/// away then: so each of the clients that wait keeps its equal share.
pub(super) struct Queue {
    state: Mutex<State>,
    capacity: usize,
}

#[derive(Default)]
struct State {
    /// Permits that no request holds; none while a request waits.
    free: usize,
    waiting: usize,
    /// In the order of their turns; none is empty.
    clients: VecDeque<Waiting>,
    next_id: u64,
}

/// The requests of one client that wait.
struct Waiting {
    client: HashClient,
    requests: VecDeque<(u64, oneshot::Sender<Permit>)>,
}

/// Too many are waiting already.
#[derive(Debug)]
pub(super) struct Full;

/// The right to hash, until it is dropped.
pub(super) struct Permit(Option<Arc<Queue>>);

impl Queue {
    pub(super) fn new(permits: usize, capacity: usize) -> Self {
        let state = State {
            free: permits,
            ..State::default()
        };
        Self {
            state: Mutex::new(state),
            capacity,
        }
    }

    /// Waits for a permit.
    pub(super) async fn permit(self: &Arc<Self>, client: HashClient) -> Result<Permit, Full> {
        let (id, turn) = {
            let mut state = self.state();
            if let Some(free) = state.free.checked_sub(1) {
                state.free = free;
                return Ok(Permit(Some(Arc::clone(self))));
            }
            if state.waiting >= self.capacity {
                state.displace(client)?;
            }
            state.join(client)
        };
        let _place = Place {
            queue: self,
            client,
            id,
        };
        // The sender is dropped where the request is displaced.
        turn.await.map_err(|_| Full)
    }

    /// Gives a permit to the request whose turn it is.
    fn hand_on(self: &Arc<Self>) {
        loop {
            let Some(turn) = self.state().next() else {
                return;
            };
            match turn.send(Permit(Some(Arc::clone(self)))) {
                Ok(()) => return,
                // The request was dropped at this moment: the next one has its turn.
                Err(mut unused) => unused.0 = None,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn free(&self) -> usize {
        self.state().free
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.state().waiting
    }
}

impl State {
    /// Adds a request to those of its client.
    fn join(&mut self, client: HashClient) -> (u64, oneshot::Receiver<Permit>) {
        let (sender, turn) = oneshot::channel();
        let id = self.next_id;
        self.next_id += 1;
        self.waiting += 1;
        let known = self.clients.iter_mut().find(|known| known.client == client);
        if let Some(known) = known {
            known.requests.push_back((id, sender));
        } else {
            self.clients.push_back(Waiting {
                client,
                requests: VecDeque::from([(id, sender)]),
            });
        }
        (id, turn)
    }

    /// Turns away the newest request of the client that has the most, if it has at least two more than this one: with one more, the two
    /// would displace each other in turn.
    fn displace(&mut self, client: HashClient) -> Result<(), Full> {
        let places = |waiting: &Waiting| waiting.requests.len();
        let mine = self.clients.iter().find(|known| known.client == client);
        let mine = mine.map_or(0, places);
        let most = self.clients.iter_mut().max_by_key(|known| places(known));
        let most = most.filter(|most| places(most) >= mine + 2).ok_or(Full)?;
        most.requests.pop_back();
        self.waiting -= 1;
        Ok(())
    }

    /// The request whose turn it is; without one the permit is free.
    fn next(&mut self) -> Option<oneshot::Sender<Permit>> {
        let turn = self.clients.pop_front().and_then(|mut client| {
            let turn = client.requests.pop_front();
            if !client.requests.is_empty() {
                self.clients.push_back(client);
            }
            turn
        });
        let Some((_, turn)) = turn else {
            self.free += 1;
            return None;
        };
        self.waiting -= 1;
        Some(turn)
    }

    /// Removes a request that waits no longer.
    fn leave(&mut self, client: HashClient, id: u64) {
        let Some(at) = self.clients.iter().position(|known| known.client == client) else {
            return;
        };
        let requests = &mut self.clients[at].requests;
        if let Some(request) = requests.iter().position(|(known, _)| *known == id) {
            requests.remove(request);
            self.waiting -= 1;
        }
        if self.clients[at].requests.is_empty() {
            self.clients.remove(at);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.hand_on();
        }
    }
}

/// The place of a request that waits, which a dropped request gives up.
struct Place<'a> {
    queue: &'a Queue,
    client: HashClient,
    id: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.state().leave(self.client, self.id);
    }
}
