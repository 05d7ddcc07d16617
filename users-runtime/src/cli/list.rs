//! `list`

use clap::Args;

use super::{
    Io, escape,
    failure::{Failure, Outcome},
    show::as_json,
    tenant::in_tenant,
};
use crate::{
    model::UserModel,
    store::{Cursor, UserSearch},
    users::Users,
    value::Viewer,
};

/// `list`: lists users by e-mail address, a portion at a time.
#[derive(Clone, Args)]
pub struct List {
    /// Only users whose address has this part, without regard to case
    #[arg(long, value_name = "PART")]
    email: Option<String>,
    /// Only users who are active, or who are not
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    active: Option<bool>,
    /// Only superusers, or all others
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    superuser: Option<bool>,
    /// Only users whose address is proven, or whose is not
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    verified: Option<bool>,
    /// Only users of this tenant, where users belong to tenants
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// The greatest number of users
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Only users behind this one, the last of the portion before
    // What `list` has printed may begin like an option.
    #[arg(long, num_args = 2, value_names = ["EMAIL", "ID"], allow_hyphen_values = true)]
    after: Option<Vec<String>>,
    /// Print a JSON object for each user, with every field that administrators see, on a line of its own
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let users = in_tenant(users, self.tenant.as_deref())?;
        let administration = users
            .administration()
            .ok_or_else(Failure::no_administration)?;
        let mut found = administration.search(&self.search()).await?;
        let portion = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = found.len() > portion;
        found.truncate(portion);
        if self.json {
            for user in &users.show_all(&found, Viewer::Admin).await? {
                io.say(escape::json(&as_json(user)?))?;
            }
        } else {
            print_table(&found, io)?;
        }
        if let Some(last) = found.last().filter(|_| has_more) {
            let Cursor { email, id } = Cursor::of(last);
            io.tell(format_args!(
                "There are more: --after {} {}",
                escape::word(&email),
                escape::word(&id)
            ));
        }
        Ok(Outcome::Done)
    }

    /// The search, with one user more than are asked for, who says that there are more.
    fn search(&self) -> UserSearch {
        let mut search = UserSearch::new().limit(self.limit.saturating_add(1));
        if let Some(part) = &self.email {
            search = search.email(part);
        }
        if let Some(flag) = self.active {
            search = search.is_active(flag);
        }
        if let Some(flag) = self.superuser {
            search = search.is_superuser(flag);
        }
        if let Some(flag) = self.verified {
            search = search.is_verified(flag);
        }
        if let Some([email, id]) = self.after.as_deref() {
            search = search.after(Cursor {
                email: email.clone(),
                id: id.clone(),
            });
        }
        search
    }
}

/// A line for each user. The address comes last: its width on the terminal is unknown.
fn print_table<U: UserModel>(users: &[U], io: &mut Io<'_>) -> Result<(), Failure> {
    let ids: Vec<_> = users
        .iter()
        .map(|user| escape::text(&user.account().id.to_string()))
        .collect();
    let width = ids
        .iter()
        .map(|id| id.chars().count())
        .max()
        .unwrap_or_default()
        .max("ID".len());
    let yes_or_no = |flag| if flag { "yes" } else { "no" };
    io.say(format_args!(
        "{:width$}  ACTIVE  SUPERUSER  VERIFIED  EMAIL",
        "ID"
    ))?;
    for (user, id) in users.iter().zip(&ids) {
        let account = user.account();
        let (active, superuser) = (
            yes_or_no(account.is_active),
            yes_or_no(account.is_superuser),
        );
        let (verified, email) = (yes_or_no(account.is_verified), escape::text(account.email));
        io.say(format_args!(
            "{id:width$}  {active:6}  {superuser:9}  {verified:8}  {email}"
        ))?;
    }
    Ok(())
}
