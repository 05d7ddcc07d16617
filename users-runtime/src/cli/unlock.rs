//! `unlock`

use super::{
    Io, Target,
    failure::{Failure, Outcome},
    target::named,
};
use crate::{model::UserModel, users::Users};

pub(super) async fn run<U: UserModel>(
    users: &Users<U>,
    user: &Target,
    io: &mut Io<'_>,
) -> Result<Outcome, Failure> {
    let user = user.find(users).await?;
    users.forget_limits(&user).await?;
    io.say(format_args!("User {} is unlocked.", named(&user)))?;
    Ok(Outcome::Done)
}
