//! The client over the network, against servers on the loopback interface that misbehave.

use std::{error::Error as _, fmt::Write as _, net::SocketAddr, time::Duration};

use axum::body::Bytes;
use http::{Request, Response};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::{HttpClient as _, HttpError, NetworkClient};

/// Longer than any of these exchanges takes.
const AMPLE: Duration = Duration::from_mins(1);
/// Short enough to be waited for.
const SHORT: Duration = Duration::from_millis(200);
/// The longest answer that is taken.
const LONGEST: usize = 1 << 20;

/// A server that says this to every request, and says no more; the requests that it was sent.
async fn saying(answer: Vec<u8>) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        // The connections stay open as long as the test.
        let mut connections = Vec::new();
        while let Ok((mut connection, _)) = listener.accept().await {
            sender
                .send(head(&mut connection).await)
                .expect("the test goes on");
            // A client that has heard enough hangs up.
            let _ = connection.write_all(&answer).await;
            connections.push(connection);
        }
    });
    (address, requests)
}

/// What a request begins with: its line and its headers.
async fn head(connection: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.expect("a whole request"));
    }
    String::from_utf8(head).expect("text")
}

/// An answer with a body of this many bytes, of which some are sent.
fn answer(length: usize, sent: usize) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    answer.resize(answer.len() + sent, b'x');
    answer
}

/// An answer that does not say how long it will be.
fn chunked(length: usize) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n").into_bytes();
    answer.resize(answer.len() + length, b'x');
    answer.extend(b"\r\n0\r\n\r\n");
    answer
}

async fn ask(server: SocketAddr, time: Duration) -> Result<Response<Bytes>, HttpError> {
    let request = Request::get(format!("http://{server}/me?code=in-the-query"))
        .header("authorization", "Bearer in-a-header");
    NetworkClient::with_time(time)
        .send(
            request
                .body(Bytes::from_static(b"in-the-body"))
                .expect("a request"),
        )
        .await
}

/// Everything that an error shows, in every format.
fn told(error: &HttpError) -> String {
    let mut told = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        write!(told, " {cause} {cause:?}").expect("text grows");
        source = cause.source();
    }
    told
}

/// Nothing that was sent is shown.
fn assert_discreet(error: &HttpError) {
    let told = told(error);
    for secret in ["in-the-query", "code=", "in-a-header", "in-the-body"] {
        assert!(!told.contains(secret), "`{secret}` is in {told}");
    }
}

fn assert_unreachable(answer: Result<Response<Bytes>, HttpError>) {
    let error = answer.expect_err("no answer");
    assert!(matches!(error, HttpError::Unreachable(_)), "{error:?}");
    assert_discreet(&error);
}

#[tokio::test]
async fn the_time_of_a_call_is_ten_seconds() {
    assert!(
        format!("{:?}", NetworkClient::new().expect("root certificates")).contains("time: 10s")
    );
}

#[tokio::test]
async fn an_answer_may_be_a_mebibyte_and_no_longer() {
    for longest in [answer(LONGEST, LONGEST), chunked(LONGEST)] {
        let answer = ask(saying(longest).await.0, AMPLE)
            .await
            .expect("an answer");
        assert_eq!(answer.body().len(), LONGEST);
    }
    for long in [
        answer(LONGEST + 1, LONGEST + 1),
        chunked(LONGEST + 1),
        chunked(4 * LONGEST),
    ] {
        let error = ask(saying(long).await.0, AMPLE)
            .await
            .expect_err("too much");
        assert!(matches!(error, HttpError::TooLong), "{error:?}");
        assert_discreet(&error);
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up() {
    let hanging: [&[u8]; 3] = [b"", b"HTTP/1.1 200 OK\r\nContent-", &answer(1000, 999)];
    for so_far in hanging {
        let (server, mut requests) = saying(so_far.to_vec()).await;
        // Where the time limit did not work, this test would not end in its own.
        let answer = tokio::time::timeout(AMPLE, ask(server, SHORT))
            .await
            .expect("an end");
        assert_unreachable(answer);
        assert!(requests.recv().await.is_some(), "it was asked");
    }
}

#[tokio::test]
async fn a_redirect_is_returned_and_not_followed() {
    let (elsewhere, mut misled) = saying(answer(0, 0)).await;
    let redirect =
        format!("HTTP/1.1 302 Found\r\nLocation: http://{elsewhere}/\r\nContent-Length: 0\r\n\r\n");
    let (server, mut requests) = saying(redirect.into_bytes()).await;
    let answer = ask(server, AMPLE).await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 302);
    assert_eq!(answer.headers()["location"], format!("http://{elsewhere}/"));
    assert!(
        requests
            .recv()
            .await
            .expect("a request")
            .starts_with("GET /me?code=in-the-query HTTP/1.1\r\n")
    );
    assert!(misled.try_recv().is_err(), "the redirect was followed");
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    assert_unreachable(ask(address, AMPLE).await);
}

#[tokio::test]
async fn what_is_no_answer_is_not_repeated_in_the_error() {
    // The last one says back what it was sent, as the pages of some proxies do.
    for nonsense in [
        "",
        "\r\n\r\n",
        "HTTP/9.9 in-the-query\r\n\r\n",
        "GET /me?code=in-the-query\r\n\r\n",
    ] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                head(&mut connection).await;
                let _ = connection.write_all(nonsense.as_bytes()).await;
            }
        });
        assert_unreachable(ask(address, AMPLE).await);
    }
}
