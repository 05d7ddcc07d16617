//! Each client's share of the queue for the password hasher.

use std::task::{Context, Poll};

use axum::{extract::Request, routing::MethodRouter};
use http::request::Parts;
use tower::{Service, layer::layer_fn};

use super::client_address::peer_address;
use crate::{
    model::UserModel,
    password::{HashClient, InShare},
    users::Users,
};

impl<U: UserModel> Users<U> {
    /// Runs work that hashes passwords in the share of this request's client, so that one client cannot fill the
    /// [queue](crate::password::PasswordsConfig) for all others. The routes of the user system do so; a route of your own that calls
    /// [`authenticate`](Self::authenticate), for example, does it with this method. Without it, the work shares the turns of all clients
    /// without a known address.
    ///
    /// ```
    /// # use http::request::Parts;
    /// # use users_runtime::{Error, Password, UserModel, Users};
    /// async fn login<U: UserModel>(
    ///     users: &Users<U>, request: &Parts, email: &str, password: Password,
    /// ) -> Result<Option<U>, Error> {
    ///     users.in_share_of(request, users.authenticate(email, password)).await
    /// }
    /// ```
    pub async fn in_share_of<T>(&self, request: &Parts, work: impl Future<Output = T>) -> T {
        self.hash_client(request).run(work).await
    }

    fn hash_client(&self, request: &Parts) -> HashClient {
        let client = self.client_address(request);
        HashClient::at(client.or_else(|| peer_address(request)))
    }
}

/// Has a route hash in the share of its client.
pub(crate) fn in_shares<U: UserModel>(
    users: &Users<U>,
    route: MethodRouter<Users<U>>,
) -> MethodRouter<Users<U>> {
    let users = users.clone();
    route.layer(layer_fn(move |inner| InShares {
        users: users.clone(),
        inner,
    }))
}

/// A service of its own, since `axum::middleware::from_fn` boxes what it wraps for each request.
#[derive(Clone)]
struct InShares<U: UserModel, S> {
    users: Users<U>,
    inner: S,
}

impl<U: UserModel, S: Service<Request>> Service<Request> for InShares<U, S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = InShare<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (parts, body) = request.into_parts();
        let client = self.users.hash_client(&parts);
        client.scope(self.inner.call(Request::from_parts(parts, body)))
    }
}
