//! `activate`, `deactivate`, `verify`, `promote` and `demote`: the flags of a user.

use indexmap::IndexMap;

use super::{
    Io, Target,
    failure::{Failure, Outcome},
    target::named,
};
use crate::{
    error::Error,
    model::{Account, UserModel},
    schema::body,
    users::{UpdateError, Users, fields::name_of},
    value::{Role, Viewer},
    wire::json::Json,
};

/// Sets one flag of a user.
#[derive(Clone, Copy)]
pub(super) struct Flag {
    field: Field,
    to: bool,
    /// What the user is then.
    adjective: &'static str,
}

#[derive(Clone, Copy)]
enum Field {
    Active,
    Superuser,
    Verified,
}

pub(super) const ACTIVATE: Flag = Flag {
    field: Field::Active,
    to: true,
    adjective: "active",
};
pub(super) const DEACTIVATE: Flag = Flag {
    field: Field::Active,
    to: false,
    adjective: "not active",
};
pub(super) const VERIFY: Flag = Flag {
    field: Field::Verified,
    to: true,
    adjective: "verified",
};
pub(super) const PROMOTE: Flag = Flag {
    field: Field::Superuser,
    to: true,
    adjective: "a superuser",
};
pub(super) const DEMOTE: Flag = Flag {
    field: Field::Superuser,
    to: false,
    adjective: "no superuser",
};

impl Flag {
    pub(super) async fn run<U: UserModel>(
        self,
        users: &Users<U>,
        user: &Target,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let user = user.find(users).await?;
        if self.field.of(&user.account()) == self.to {
            io.say(format_args!(
                "User {} is {} already.",
                named(&user),
                self.adjective
            ))?;
            return Ok(Outcome::Done);
        }
        let user = update(
            users,
            &user,
            name_of::<U>(self.field.role()),
            Json::Bool(self.to),
        )
        .await?;
        io.say(format_args!(
            "User {} is {} now.",
            named(&user),
            self.adjective
        ))?;
        Ok(Outcome::Done)
    }
}

impl Field {
    const fn role(self) -> Role {
        match self {
            Self::Active => Role::IsActive,
            Self::Superuser => Role::IsSuperuser,
            Self::Verified => Role::IsVerified,
        }
    }

    const fn of<Id>(self, account: &Account<'_, Id>) -> bool {
        match self {
            Self::Active => account.is_active,
            Self::Superuser => account.is_superuser,
            Self::Verified => account.is_verified,
        }
    }
}

/// Changes one field of a user as a superuser does over HTTP.
pub(super) async fn update<U: UserModel>(
    users: &Users<U>,
    user: &U,
    field: &str,
    value: Json,
) -> Result<U, Failure> {
    let change = Json::Object(Box::new(IndexMap::from([(field.to_owned(), value)])));
    let update: U::Update = body::model(&change, Viewer::Admin, &users.email_rules())
        .map_err(|errors| Failure::of_fields(&errors))?;
    users
        .update(user, update, None, None)
        .await
        .map_err(|error| match error {
            UpdateError::Failed(error @ Error::Hook(_)) => {
                Failure::from(error).and("the change is stored")
            }
            error => error.into(),
        })
}
