//! A server that closes the connections of clients that send nothing.

use std::{
    any::Any,
    convert::Infallible,
    fmt,
    future::pending,
    io,
    pin::{Pin, pin},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
    serve::Listener,
};
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpStream, sync::watch};
use tower::{Service, ServiceExt as _};
use tower_http::timeout::TimeoutBody;

use super::serve_limits::{DeadlineBody, WriteTimeout};
use crate::wire::origin::LocalAddress;

/// Serves an application over HTTP/1.1, as [`axum::serve`](axum::serve()) does, with time limits for slow clients.
///
/// `axum::serve` waits without end for the rest of a request's head, so that a client that opens many connections and sends half a
/// request on each keeps the server's file descriptors. Here the head must arrive within 30 seconds
/// ([`header_read_timeout`](Serve::header_read_timeout)), a body may pause for 30 seconds
/// ([`body_read_timeout`](Serve::body_read_timeout)) and may take 2 minutes in all
/// ([`body_deadline`](Serve::body_deadline)), a client that reads nothing of its answers for a minute is cut off
/// ([`write_timeout`](Serve::write_timeout)), and a connection that is idle for 30 seconds is closed.
///
/// `app` is a [`Router`](axum::Router), or what [`fastapi_routing`](crate::fastapi_routing) makes of one. Handlers can extract
/// [`ConnectInfo<SocketAddr>`](axum::extract::ConnectInfo), the client's address; no `into_make_service_with_connect_info` is
/// needed.
///
/// ```
/// # async fn main_of_an_application(shutdown: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
/// use axum::{Router, routing::get};
///
/// let app: Router = Router::new().route("/hello", get(|| async { "Hello!" }));
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
/// users_runtime::serve(listener, app).with_graceful_shutdown(shutdown).await
/// # }
/// ```
pub fn serve<L, S>(listener: L, app: S) -> Serve<L, S> {
    Serve {
        listener,
        app,
        limits: Limits {
            header: Serve::<L, S>::DEFAULT_TIMEOUT,
            body: Serve::<L, S>::DEFAULT_TIMEOUT,
            whole_body: Serve::<L, S>::DEFAULT_BODY_DEADLINE,
            write: Serve::<L, S>::DEFAULT_WRITE_TIMEOUT,
        },
        shutdown: Box::pin(pending()),
    }
}

/// A server that [`serve`] prepares. Awaiting it runs it, until the signal of
/// [`with_graceful_shutdown`](Self::with_graceful_shutdown) and the requests under way have ended. It returns no error: those of
/// single connections end that connection.
#[must_use = "a server must be awaited"]
pub struct Serve<L, S> {
    listener: L,
    app: S,
    limits: Limits,
    shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    header: Duration,
    body: Duration,
    whole_body: Duration,
    write: Duration,
}

impl<L, S> Serve<L, S> {
    const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
    const DEFAULT_BODY_DEADLINE: Duration = Duration::from_mins(2);
    /// As nginx's `send_timeout`. It is longer than the others: with a full buffer of some megabytes, Linux lets the server write on
    /// only after a third of it was sent.
    const DEFAULT_WRITE_TIMEOUT: Duration = Duration::from_mins(1);

    /// How long the client may take to send the head of a request, counted from the connection's opening or the previous answer.
    /// The connection is closed then, an idle one, too. The default is 30 seconds.
    pub fn header_read_timeout(mut self, timeout: Duration) -> Self {
        self.limits.header = timeout;
        self
    }

    /// How long the client may send nothing while a handler waits for the rest of a body. Reading the body fails then: the user
    /// system answers 400, and the connection is closed. The default is 30 seconds.
    pub fn body_read_timeout(mut self, timeout: Duration) -> Self {
        self.limits.body = timeout;
        self
    }

    /// How long the whole body of a request may take, counted from the end of its head, so that a client that sends a byte now and
    /// then does not keep its connection for ever. Reading the body fails then, as for
    /// [`body_read_timeout`](Self::body_read_timeout). The default is 2 minutes: raise it where handlers take large uploads.
    pub fn body_deadline(mut self, limit: Duration) -> Self {
        self.limits.whole_body = limit;
        self
    }

    /// How long the client may accept nothing of what the server sends. The connection is closed then, one that was upgraded (a
    /// WebSocket), too; one on which nothing waits to be sent is not. The default is one minute.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.limits.write = timeout;
        self
    }

    /// Once `signal` is ready, no more connections are accepted, idle ones are closed, and requests under way are answered, for
    /// which they have a minute. The default is to run for ever.
    pub fn with_graceful_shutdown(
        mut self,
        signal: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        self.shutdown = Box::pin(signal);
        self
    }
}

impl<L, S> Serve<L, S>
where
    L: Listener,
    L::Addr: Clone + Sync + 'static,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    async fn run(self) {
        let Self {
            mut listener,
            app,
            limits,
            shutdown,
        } = self;
        let (stop, stopped) = watch::channel(());
        let mut shutdown = pin!(shutdown);
        loop {
            let (io, client) = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut shutdown => break,
            };
            let connection = Connection {
                app: app.clone(),
                limits,
                client: ConnectInfo(client),
                stopped: stopped.clone(),
            };
            tokio::spawn(connection.serve(io));
        }
        drop((listener, stopped));
        // Each connection has a receiver, and drops it when it ends.
        let _ = stop.send(());
        stop.closed().await;
    }
}

impl<L, S> IntoFuture for Serve<L, S>
where
    L: Listener,
    L::Addr: Clone + Sync + 'static,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Output = io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.run().await;
            Ok(())
        })
    }
}

impl<L: fmt::Debug, S> fmt::Debug for Serve<L, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("listener", &self.listener)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// How long a request that is under way at a stop may take.
const LONGEST_STOP: Duration = Duration::from_mins(1);

/// One client's connection.
struct Connection<S, A> {
    app: S,
    limits: Limits,
    client: ConnectInfo<A>,
    stopped: watch::Receiver<()>,
}

impl<S, A> Connection<S, A>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    A: Clone + Send + Sync + 'static,
{
    async fn serve<I>(self, io: I)
    where
        I: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let Self {
            app,
            limits,
            client,
            mut stopped,
        } = self;
        let io_type: &dyn Any = &io;
        let local = io_type
            .downcast_ref::<TcpStream>()
            .and_then(|stream| stream.local_addr().ok());
        let answer = service_fn(move |request: http::Request<Incoming>| {
            let mut request = request.map(|body| {
                if body.is_end_stream() {
                    return Body::empty();
                }
                let body = TimeoutBody::new(limits.body, body);
                Body::new(DeadlineBody::new(limits.whole_body, body))
            });
            request.extensions_mut().insert(client.clone());
            if let Some(local) = local {
                request.extensions_mut().insert(LocalAddress(local));
            }
            app.clone().oneshot(request)
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header);
        let connection = builder
            .serve_connection(TokioIo::new(WriteTimeout::new(limits.write, io)), answer)
            .with_upgrades();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                // A client that neither sends nor reads on must not keep the process.
                match tokio::time::timeout(LONGEST_STOP, connection).await {
                    Ok(ended) => ended,
                    Err(_) => return,
                }
            }
        };
        if let Err(error) = ended {
            let error: &dyn std::error::Error = &error;
            tracing::trace!(error, "a connection has ended");
        }
    }
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
