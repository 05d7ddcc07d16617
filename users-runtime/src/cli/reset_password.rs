//! `reset-password`

use clap::Args;

use super::{
    Io, Target,
    failure::{Failure, Outcome},
    flags::update,
    new_password::NewPassword,
    target::named,
};
use crate::{model::UserModel, users::Users, wire::json::Json};

/// `reset-password`: gives a user a new password, or sends them a token for one.
#[derive(Clone, Args)]
pub struct ResetPassword {
    #[command(flatten)]
    user: Target,
    #[command(flatten)]
    password: NewPassword,
    /// Have the application send the user a token, as if they had forgotten their password
    #[arg(long, conflicts_with = "password_stdin")]
    send: bool,
}

impl ResetPassword {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let user = self.user.find(users).await?;
        if self.send {
            if !user.account().is_active {
                return Err(Failure::new(
                    "USER_INACTIVE",
                    format!("user {} is not active", user.account().id),
                ));
            }
            users.send_reset_token(&user).await?;
            io.say(format_args!(
                "User {} is sent a token for a new password.",
                named(&user)
            ))?;
            return Ok(Outcome::Done);
        }
        let password = self.password.read(io)?;
        let user = update(
            users,
            &user,
            "password",
            Json::Text(password.expose().to_owned()),
        )
        .await?;
        io.say(format_args!("User {} has a new password.", named(&user)))?;
        Ok(Outcome::Done)
    }
}
