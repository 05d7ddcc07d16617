//! A handler that sees the users of the request's tenant.

use axum::{extract::Request, response::IntoResponse as _};

use crate::{
    model::UserModel,
    users::Users,
    web::any_handler::{Answering, AnyHandler},
};

/// A handler of the user system whose state are the users of the tenant to which the request belongs.
pub(crate) fn in_tenant<U: UserModel>(handler: AnyHandler<U>) -> AnyHandler<U> {
    AnyHandler::new(move |request: Request, users: Users<U>| -> Answering {
        let handler = handler.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let users = match users.for_request(&parts).await {
                Ok(users) => users,
                Err(error) => return error.into_response(),
            };
            let request = Request::from_parts(parts, body);
            axum::handler::Handler::call(handler, request, users).await
        })
    })
}
