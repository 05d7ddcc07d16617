//! Clients that send half of something. No test measures time: each waits for the server to close the connection, which without
//! a time limit never comes.

use std::net::SocketAddr;

use axum::{Router, body::Bytes, routing::get};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::oneshot,
    task::JoinHandle,
};

use super::*;
use crate::fastapi_routing;

const SHORT: Duration = Duration::from_millis(200);

fn app() -> Router {
    Router::new()
        .route(
            "/",
            get(|| async { "Hello!" }).post(|body: Bytes| async { body }),
        )
        .route(
            "/client",
            get(|ConnectInfo(client): ConnectInfo<SocketAddr>| async move { client.to_string() }),
        )
}

/// Starts a server on a free port.
async fn start<S>(
    prepare: impl FnOnce(Serve<TcpListener, Router>) -> Serve<TcpListener, S>,
) -> (SocketAddr, JoinHandle<io::Result<()>>)
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = prepare(serve(listener, app()));
    (address, tokio::spawn(server.into_future()))
}

/// What the server sends until it closes the connection.
async fn answer_to(address: SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    rest_of(&mut stream).await
}

async fn rest_of(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is closed with unread bytes is reset, after the answer.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn the_connection_of_a_half_sent_head_is_closed() {
    let (address, server) = start(|server| server.header_read_timeout(SHORT)).await;
    for head in [
        "",
        "GET",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: ",
    ] {
        assert_eq!(answer_to(address, head).await, "", "{head:?}");
    }
    // All at once, as an attack would do it.
    let mut streams = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost").await.unwrap();
        streams.push(stream);
    }
    for stream in &mut streams {
        assert_eq!(rest_of(stream).await, "");
    }
    server.abort();
}

#[tokio::test]
async fn a_head_that_drips_is_closed_as_well() {
    let (address, server) = start(|server| server.header_read_timeout(SHORT)).await;
    let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
    write.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let dripping = tokio::spawn(async move {
        // Ends with the error that writing to a closed connection is.
        while write.write_all(b"X: y\r\n").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    });
    let mut answer = Vec::new();
    let _ = read.read_to_end(&mut answer).await;
    assert_eq!(answer, b"");
    dripping.await.unwrap();
    server.abort();
}

#[tokio::test]
async fn a_half_sent_body_is_answered_and_closed() {
    let (address, server) = start(|server| server.body_read_timeout(SHORT)).await;
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf";
    let answer = answer_to(address, head).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    server.abort();
}

/// Sends `piece` over and over until the server has closed the connection, and returns what it has answered.
async fn answer_while_sending(stream: TcpStream, piece: &'static [u8], pause: Duration) -> String {
    let (mut read, mut write) = stream.into_split();
    let sending = tokio::spawn(async move {
        while write.write_all(piece).await.is_ok() {
            tokio::time::sleep(pause).await;
        }
    });
    let mut answer = Vec::new();
    let _ = read.read_to_end(&mut answer).await;
    sending.await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_body_that_drips_is_answered_and_closed() {
    let (address, server) = start(|server| server.body_deadline(SHORT * 2)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let answer = answer_while_sending(stream, b"x", SHORT / 10).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    server.abort();
}

#[tokio::test]
async fn a_body_in_time_is_read_after_another_one() {
    let (address, server) = start(|server| server.body_deadline(SHORT * 5)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
    // Longer than the deadline in all: it is counted anew for each request.
    for _ in 0..8 {
        stream.write_all(head).await.unwrap();
        tokio::time::sleep(SHORT).await;
        stream.write_all(b"body").await.unwrap();
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        let mut last = Vec::new();
        while !last.ends_with(b"body") {
            last.push(stream.read_u8().await.unwrap());
        }
    }
    server.abort();
}

#[tokio::test]
async fn the_connection_of_a_client_that_reads_no_answers_is_closed() {
    let (address, server) = start(|server| server.write_timeout(SHORT)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Ends with the error that writing to a closed connection is; an open one accepts no more once its buffers are full.
    let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
    while stream.write_all(&request).await.is_ok() {}
    server.abort();
}

#[tokio::test]
async fn a_client_that_pauses_while_it_reads_gets_the_whole_answer() {
    const LENGTH: usize = 32 << 20;
    let app = Router::new().route("/", get(|| async { vec![b'x'; LENGTH] }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve(listener, app).write_timeout(SHORT * 5);
    let server = tokio::spawn(server.into_future());
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let (mut length, mut pauses) = (0, 8);
    let mut portion = vec![0; 4 << 20];
    while let Ok(read @ 1..) = stream.read(&mut portion).await {
        length += read;
        if pauses > 0 {
            pauses -= 1;
            tokio::time::sleep(SHORT).await;
        }
    }
    assert!(length > LENGTH, "{length}");
    server.abort();
}

#[tokio::test]
async fn requests_in_time_are_answered_and_an_idle_connection_is_closed() {
    let (address, server) = start(|server| server.header_read_timeout(SHORT)).await;
    let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let answer = answer_to(address, &request.repeat(2)).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
    assert!(answer.ends_with("Hello!"), "{answer}");
    server.abort();
}

#[tokio::test]
async fn handlers_and_redirects_know_both_addresses() {
    let (address, server) = start(|server| server).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = b"GET /client HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let client = stream.local_addr().unwrap().to_string();
    let answer = rest_of(&mut stream).await;
    assert!(answer.ends_with(&client), "{answer}");
    server.abort();

    let routed =
        |server: Serve<TcpListener, Router>| serve(server.listener, fastapi_routing(app()));
    let (address, server) = start(routed).await;
    let head = "GET /client/ HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n";
    let answer = answer_to(address, head).await;
    let location = format!("location: http://{address}/client\r\n");
    assert!(answer.contains(&location), "{answer}");
    server.abort();
}

#[tokio::test]
async fn a_graceful_shutdown_answers_what_has_begun() {
    let (stop, stopped) = oneshot::channel::<()>();
    let signal = async { drop(stopped.await) };
    let (address, server) = start(|server| server.with_graceful_shutdown(signal)).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut begun = [0; 8];
    idle.read_exact(&mut begun).await.unwrap();
    let mut busy = TcpStream::connect(address).await.unwrap();
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    busy.write_all(head).await.unwrap();
    // The handler reads the body now.
    let mut interim = [0; 25];
    busy.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stop.send(()).unwrap();
    assert!(rest_of(&mut idle).await.ends_with("Hello!"));
    busy.write_all(b"begun").await.unwrap();
    let answer = rest_of(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with("begun"), "{answer}");
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
