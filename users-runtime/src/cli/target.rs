//! The user whom a command is about.

use clap::Args;

use super::{escape, failure::Failure, tenant::in_tenant};
use crate::{model::UserModel, users::Users, value::UserId as _};

/// The user whom a command is about.
#[derive(Clone, Args)]
pub struct Target {
    /// The user's id or e-mail address
    #[arg(value_name = "USER")]
    user: String,
    /// The tenant that the user belongs to: without it, users who belong to tenants are found by their ids only
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

impl Target {
    /// The user with this id or this address, as it is or in its normalised form.
    pub(super) async fn find<U: UserModel>(&self, users: &Users<U>) -> Result<U, Failure> {
        let text = self.user.as_str();
        let users = &in_tenant(users, self.tenant.as_deref())?;
        let by_id = match U::Id::parse(text) {
            Some(id) => users.find(&id).await?,
            None => None,
        };
        if users.lacks_tenant() {
            let sentence = format!(
                "no user has the id `{text}`; add `--tenant` to find a user by e-mail address"
            );
            return by_id.ok_or_else(|| Failure::new("USER_NOT_FOUND", sentence));
        }
        let mut by_email = users.find_by_email(text).await?;
        if by_email.is_none()
            && let Ok(normal) = users.email_rules().normalize(text)
        {
            by_email = users.find_by_email(&normal).await?;
        }
        let not_found = || Failure::new("USER_NOT_FOUND", format!("there is no user `{text}`"));
        match (by_id, by_email) {
            (Some(one), Some(other)) if one.account().id != other.account().id => {
                Err(Failure::new(
                    "AMBIGUOUS_USER",
                    format!("`{text}` is one user's id and another one's e-mail address"),
                ))
            }
            (one, other) => one.or(other).ok_or_else(not_found),
        }
    }
}

/// A user as the commands name one: `ID (EMAIL)`.
pub(super) fn named<U: UserModel>(user: &U) -> String {
    let account = user.account();
    format!(
        "{} ({})",
        escape::text(&account.id.to_string()),
        escape::text(account.email)
    )
}
