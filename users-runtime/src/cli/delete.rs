//! `delete`

use clap::Args;

use super::{
    Io, Target,
    failure::{Failure, Outcome},
    target::named,
};
use crate::{
    error::Error,
    model::UserModel,
    users::{DeleteError, Users},
};

/// `delete`: deletes a user with their access tokens and linked accounts.
#[derive(Clone, Args)]
pub struct Delete {
    #[command(flatten)]
    user: Target,
    /// Says that it is meant: nothing brings a user back
    #[arg(long, required = true)]
    yes: bool,
}

impl Delete {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let user = self.user.find(users).await?;
        match users.delete(&user, None).await {
            Ok(()) => {}
            Err(DeleteError::Failed(error @ Error::Hook(_))) => {
                let is_there = users.find(user.account().id).await?.is_some();
                return Err(Failure::from(error).and(if is_there {
                    "the user stays"
                } else {
                    "the user is deleted"
                }));
            }
            Err(error) => return Err(error.into()),
        }
        io.say(format_args!("User {} is deleted.", named(&user)))?;
        Ok(Outcome::Done)
    }
}
