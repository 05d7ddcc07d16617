//! `show`, and how a user is shown.

use clap::Args;
use serde_json::Value;

use super::{
    Io, Target, escape,
    failure::{Failure, Outcome},
};
use crate::{
    manager::Users,
    model::{UserModel, Viewer},
    schema::email,
};

/// `show`: shows what administrators see of a user.
#[derive(Clone, Args)]
pub struct Show {
    #[command(flatten)]
    user: Target,
    /// Print a JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) async fn run<U: UserModel>(&self, users: &Users<U>, io: &mut Io<'_>) -> Result<Outcome, Failure> {
        let user = self.user.find(users).await?;
        if self.json {
            io.say(as_json(&user)?)?;
            return Ok(Outcome::Done);
        }
        let Value::Object(fields) = read(&user)? else { return Err(unreadable()) };
        for (name, value) in fields {
            match value {
                Value::String(text) => io.say(format_args!("{name}: {}", escape::text(&text)))?,
                other => io.say(format_args!("{name}: {}", escape::json(&other.to_string())))?,
            }
        }
        Ok(Outcome::Done)
    }
}

/// What administrators see of a user, as a line of JSON.
pub(super) fn as_json<U: UserModel>(user: &U) -> Result<String, Failure> {
    Ok(escape::json(&read(user)?.to_string()))
}

/// What administrators see of a user. An address that is none, which no route shows, is shown as it is stored.
fn read<U: UserModel>(user: &U) -> Result<Value, Failure> {
    let stored = user.account().email;
    let email = email::normalize(stored).unwrap_or_else(|_| stored.to_owned());
    serde_json::to_value(user.read(email, Viewer::Admin)).map_err(|_| unreadable())
}

fn unreadable() -> Failure {
    Failure::new("USER_NOT_SHOWN", "the user's read schema cannot be written as JSON")
}
