//! Routes that are left out.

use axum::{routing::MethodFilter, routing::on};
use users_runtime::{Users, web::Route};
use users_tests::{App, User};
use uuid::Uuid;

/// Every route with its method and one of its paths.
pub(crate) const ROUTES: [(Route, &str, &str); 12] = [
    (Route::Login, "POST", "/auth/jwt/login"),
    (Route::Logout, "POST", "/auth/cookie/logout"),
    (Route::Register, "POST", "/auth/register"),
    (Route::ForgotPassword, "POST", "/auth/forgot-password"),
    (Route::ResetPassword, "POST", "/auth/reset-password"),
    (
        Route::RequestVerifyToken,
        "POST",
        "/auth/request-verify-token",
    ),
    (Route::Verify, "POST", "/auth/verify"),
    (Route::ReadMe, "GET", "/users/me"),
    (Route::UpdateMe, "PATCH", "/users/me"),
    (Route::ReadUser, "GET", "/users/{id}"),
    (Route::UpdateUser, "PATCH", "/users/{id}"),
    (Route::DeleteUser, "DELETE", "/users/{id}"),
];

fn filter(method: &str) -> MethodFilter {
    match method {
        "GET" => MethodFilter::GET,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::POST,
    }
}

#[tokio::test]
async fn a_route_that_is_left_out_is_the_applications_to_answer() {
    for (route, method, path) in ROUTES {
        let own = on(filter(method), || async { "the application's own" });
        let app = App::builder()
            .routes(move |users| {
                users
                    .router_without::<Users<User>>(&[route])
                    .route(path, own)
            })
            .start()
            .await;
        let asked = path.replace("{id}", &Uuid::new_v4().to_string());
        let answer = app.client().send(method, &asked).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (200, "the application's own"),
            "{route:?}"
        );
        for (other, method, path) in ROUTES.into_iter().filter(|(other, ..)| *other != route) {
            let answer = app.client().send(method, &path.replace("{id}", "1")).await;
            assert!(
                matches!(answer.status, 401 | 422),
                "{other:?} without {route:?}: {answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_route_that_is_left_out_and_not_replaced_is_gone() {
    for (route, method, path) in ROUTES {
        let app = App::builder()
            .routes(move |users| users.router_without(&[route]))
            .start()
            .await;
        let answer = app.client().send(method, &path.replace("{id}", "1")).await;
        let expected = if path.starts_with("/users") { 405 } else { 404 };
        assert_eq!(answer.status, expected, "{route:?}: {answer:?}");
    }
    let all = ROUTES.map(|(route, ..)| route);
    let app = App::builder()
        .routes(move |users| users.router_without(&all))
        .start()
        .await;
    for (_, method, path) in ROUTES {
        assert_eq!(
            app.client()
                .send(method, &path.replace("{id}", "1"))
                .await
                .status,
            404,
            "{method} {path}"
        );
    }
}
