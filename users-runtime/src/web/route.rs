//! The routes by their names.

/// One route of the user system; [`Users::router_without`](crate::Users::router_without) leaves it to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// `POST …/login` of every backend
    Login,
    /// `POST …/logout` of every backend
    Logout,
    /// `POST …/refresh` of every backend with refresh tokens
    Refresh,
    /// `POST /register`
    Register,
    /// `POST /forgot-password`
    ForgotPassword,
    /// `POST /reset-password`
    ResetPassword,
    /// `POST /request-verify-token`
    RequestVerifyToken,
    /// `POST /verify`
    Verify,
    /// `GET /me`
    ReadMe,
    /// `PATCH /me`
    UpdateMe,
    /// `GET /{id}`
    ReadUser,
    /// `PATCH /{id}`
    UpdateUser,
    /// `DELETE /{id}`
    DeleteUser,
    /// Everything under `/me/sessions` and `/{id}/sessions`
    Sessions,
    /// `GET /me/events` and `GET /{id}/events`
    Events,
    /// `POST /{id}/forgot-password`
    ResetForUser,
    /// `DELETE /{id}/limits`
    Limits,
    /// `POST /unlock`
    Unlock,
}
