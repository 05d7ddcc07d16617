//! A handler that sees the users of the request's tenant.

use std::pin::Pin;

use axum::{
    extract::Request,
    handler::Handler,
    response::{IntoResponse as _, Response},
};

use crate::{model::UserModel, users::Users};

/// A handler of the user system whose state are the users of the tenant to which the request belongs.
#[derive(Clone)]
pub(crate) struct InTenant<H>(pub(crate) H);

impl<H, M, U> Handler<M, Users<U>> for InTenant<H>
where
    H: Handler<M, Users<U>>,
    U: UserModel,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, users: Users<U>) -> Self::Future {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let users = match users.for_request(&parts).await {
                Ok(users) => users,
                Err(error) => return error.into_response(),
            };
            self.0.call(Request::from_parts(parts, body), users).await
        })
    }
}
