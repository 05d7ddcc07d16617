//! `schema` and `migration`

use super::{
    Io,
    failure::{Failure, Outcome},
};
use crate::{model::UserModel, users::Users};

pub(super) fn print<U: UserModel>(users: &Users<U>, io: &mut Io<'_>) -> Result<Outcome, Failure> {
    io.print(
        &users
            .administration()
            .ok_or_else(Failure::no_administration)?
            .schema(),
    )?;
    Ok(Outcome::Done)
}

pub(super) async fn print_pending<U: UserModel>(
    users: &Users<U>,
    io: &mut Io<'_>,
) -> Result<Outcome, Failure> {
    io.print(
        &users
            .administration()
            .ok_or_else(Failure::no_administration)?
            .pending()
            .await?,
    )?;
    Ok(Outcome::Done)
}
