//! A handler of one type, whatever its parameters are.

use std::{pin::Pin, sync::Arc};

use axum::{extract::Request, handler::Handler, response::Response};

use crate::{model::UserModel, users::Users};

/// What axum's handlers return.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler of the user system, behind `dyn`: what axum puts around a handler is compiled in the application's crate, for this type once
/// and not for every route.
pub(crate) struct AnyHandler<U: UserModel>(
    Arc<dyn Fn(Request, Users<U>) -> Answering + Send + Sync>,
);

impl<U: UserModel> AnyHandler<U> {
    pub(crate) fn new(
        answer: impl Fn(Request, Users<U>) -> Answering + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }

    /// A function with extractors, whose future axum has boxed.
    pub(crate) fn of<M: 'static>(handler: impl Handler<M, Users<U>, Future = Answering>) -> Self {
        Self::new(move |request, users| handler.clone().call(request, users))
    }
}

impl<U: UserModel> Clone for AnyHandler<U> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<U: UserModel> Handler<(), Users<U>> for AnyHandler<U> {
    type Future = Answering;

    fn call(self, request: Request, users: Users<U>) -> Answering {
        (self.0)(request, users)
    }
}
