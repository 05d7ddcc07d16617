//! `show`, and how a user is shown.

use clap::Args;
use serde::Serialize;

use super::{
    Io, Target, escape,
    failure::{Failure, Outcome},
};
use crate::{
    model::UserModel,
    users::Users,
    value::Viewer,
    wire::json::{self, Json},
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
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let user = self.user.find(users).await?;
        let shown = as_json(&users.show(&user, Viewer::Admin).await?)?;
        if self.json {
            io.say(escape::json(&shown))?;
            return Ok(Outcome::Done);
        }
        // Not by way of `serde_json::Value`, which sorts the fields.
        let Ok(Json::Object(fields)) = json::read_at_most(shown.as_bytes(), usize::MAX) else {
            return Err(unreadable());
        };
        for (name, value) in *fields {
            let shown = match value {
                Json::Text(text) => escape::text(&text),
                other => escape::json(&serde_json::to_string(&other).map_err(|_| unreadable())?),
            };
            io.say(format_args!("{name}: {shown}"))?;
        }
        Ok(Outcome::Done)
    }
}

/// What administrators see of a user, as JSON.
pub(super) fn as_json(user: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(user).map_err(|_| unreadable())
}

fn unreadable() -> Failure {
    Failure::new(
        "USER_NOT_SHOWN",
        "the user's read schema cannot be written as JSON",
    )
}
