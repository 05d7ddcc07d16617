//! The shares of the clients that wait.

use std::{net::IpAddr, sync::Arc};

use tokio::task::{JoinHandle, yield_now};

use crate::password::{
    HashClient,
    queue::{Full, Permit, Queue},
};

type Request = JoinHandle<Result<Permit, Full>>;

/// A request of a client, which waits or has been answered when this returns.
async fn request(queue: &Arc<Queue>, client: u8) -> Request {
    let client = HashClient::at(Some(IpAddr::from([192, 0, 2, client])));
    let queue = Arc::clone(queue);
    let request = tokio::spawn(async move { queue.permit(client).await });
    // The test's runtime has one thread, so the request runs until it waits.
    yield_now().await;
    request
}

async fn requests(queue: &Arc<Queue>, client: u8, count: usize) -> Vec<Request> {
    let mut requests = Vec::new();
    for _ in 0..count {
        requests.push(request(queue, client).await);
    }
    requests
}

async fn permit(request: Request) -> Permit {
    request.await.expect("no panic").expect("a permit")
}

async fn is_turned_away(request: Request) -> bool {
    yield_now().await;
    assert!(request.is_finished(), "a request waits");
    request.await.expect("no panic").is_err()
}

/// A queue of this capacity, whose only permit is given.
async fn busy(capacity: usize) -> (Arc<Queue>, Permit) {
    let queue = Arc::new(Queue::new(1, capacity));
    let permit = permit(request(&queue, 0).await).await;
    (queue, permit)
}

#[tokio::test]
async fn clients_take_turns() {
    let (queue, mut running) = busy(10).await;
    let mut waiting = Vec::new();
    for client in [1, 1, 1, 2, 3, 2] {
        waiting.push((client, request(&queue, client).await));
    }
    let mut order = Vec::new();
    while !waiting.is_empty() {
        drop(running);
        yield_now().await;
        let next = waiting
            .iter()
            .position(|(_, request)| request.is_finished())
            .expect("one request has its turn");
        let (client, request) = waiting.remove(next);
        order.push(client);
        running = permit(request).await;
    }
    assert_eq!(order, [1, 2, 3, 1, 2, 1]);
    drop(running);
    assert_eq!((queue.free(), queue.waiting()), (1, 0));
}

#[tokio::test]
async fn one_client_may_fill_the_queue_but_does_not_keep_others_out() {
    let (queue, running) = busy(4).await;
    let mut attacker = requests(&queue, 1, 4).await;
    assert!(is_turned_away(request(&queue, 1).await).await);
    // Two more clients: their share is more than one place.
    let others = [
        request(&queue, 2).await,
        request(&queue, 3).await,
        request(&queue, 2).await,
    ];
    let [first, second, third] = others;
    assert!(is_turned_away(attacker.pop().expect("the newest")).await);
    assert!(is_turned_away(attacker.pop().expect("the next")).await);
    // Two, one and one place: no client is better off by displacing another.
    assert!(is_turned_away(third).await);
    assert!(is_turned_away(request(&queue, 1).await).await);
    assert_eq!(queue.waiting(), 4);
    drop(running);
    drop(permit(attacker.remove(0)).await);
    drop(permit(first).await);
    drop(permit(second).await);
    drop(permit(attacker.remove(0)).await);
    assert_eq!((queue.free(), queue.waiting()), (1, 0));
}

#[tokio::test]
async fn a_request_that_is_dropped_gives_up_its_place() {
    let (queue, running) = busy(2).await;
    let first = request(&queue, 1).await;
    let second = request(&queue, 2).await;
    first.abort();
    assert!(first.await.is_err_and(|error| error.is_cancelled()));
    assert_eq!(queue.waiting(), 1);
    drop(running);
    drop(permit(second).await);
    // One that has got its permit, but never looked at it.
    let running = permit(request(&queue, 1).await).await;
    let dropped = request(&queue, 1).await;
    drop(running);
    dropped.abort();
    assert!(dropped.await.is_err_and(|error| error.is_cancelled()));
    assert_eq!((queue.free(), queue.waiting()), (1, 0));
}

#[tokio::test]
async fn a_queue_without_places_turns_everyone_away() {
    let (queue, running) = busy(0).await;
    assert!(is_turned_away(request(&queue, 1).await).await);
    drop(running);
    drop(permit(request(&queue, 1).await).await);
}
