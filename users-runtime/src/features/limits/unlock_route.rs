//! `POST /unlock`

use axum::extract::State;

use crate::{
    model::UserModel,
    users::{UnlockError, Users},
    web::{
        answers::{Null, WithCookie},
        body::{JsonBody, OnlyToken},
        group::Group,
        refusals::{Unprocessable, refusals},
        route::Route,
    },
};

pub(crate) fn group<U: UserModel>() -> Group<U> {
    Group::new().post("/unlock", unlock::<U>).named(
        Some(Route::Unlock),
        "unlock:unlock",
        "Unlock an account",
        None,
    )
}

refusals! {
    /// Why an account is not unlocked.
    enum UnlockRefusal {
        | Fields(Unprocessable),
        | Manager(UnlockError),
    }
}

async fn unlock<U: UserModel>(
    State(users): State<Users<U>>,
    body: JsonBody<OnlyToken>,
) -> Result<WithCookie<Null<200>>, UnlockRefusal> {
    let ([token], parts) = body.texts()?;
    let user = users.unlock(&token, Some(&parts)).await?;
    let cookie = users.browser_cookie(&parts.headers, &user, true);
    Ok(WithCookie::new(Null, cookie))
}
