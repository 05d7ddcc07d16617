//! `create-superuser`

use clap::Args;
use indexmap::IndexMap;

use super::{
    Io,
    failure::{Failure, Outcome},
    field::{self, FieldArgument},
    new_password::NewPassword,
    target::named,
    tenant::in_tenant,
};
use crate::{
    model::UserModel,
    password::Password,
    schema::{body, to_json},
    users::{RegisteredBy, Users, fields::name_of},
    value::{Role, Viewer},
    wire::json::Json,
};

/// `create-superuser`: makes an active, verified superuser.
#[derive(Clone, Args)]
pub struct CreateSuperuser {
    /// The e-mail address, with which they log in
    #[arg(long)]
    email: String,
    /// The tenant that they belong to, where users belong to tenants
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// A field of the application's own, once for each; the value is JSON or plain text
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field::parse)]
    fields: Vec<FieldArgument>,
    #[command(flatten)]
    password: NewPassword,
}

impl CreateSuperuser {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let users = &in_tenant(users, self.tenant.as_deref())?;
        // Everything but the password is judged before somebody has to type one.
        let email = self.judged_email(users)?;
        if let Some(user) = users.find_by_email(&email).await? {
            let id = user.account().id;
            let hint = format!(
                "user {id} has this e-mail address already; `promote {id}` makes them a superuser"
            );
            return Err(Failure::new("REGISTER_USER_ALREADY_EXISTS", hint));
        }
        let create = self.create(users, &self.password.read(io)?)?;
        let by = RegisteredBy::CommandLine;
        let user = users.register(create, by, IndexMap::new(), None).await?;
        io.say(format_args!("User {} is a superuser.", named(&user)))?;
        Ok(Outcome::Done)
    }

    /// The address as it will be stored, once all input is validated.
    fn judged_email<U: UserModel>(&self, users: &Users<U>) -> Result<String, Failure> {
        if let Some(field) = self.fields.iter().find(|field| !field.is_known::<U>()) {
            return Err(unknown::<U>(&field.name));
        }
        let shown = to_json(&self.create(users, &Password::from(""))?);
        if let Some(field) = self
            .fields
            .iter()
            .find(|field| !shown.contains_key(&field.name))
        {
            return Err(unknown::<U>(&field.name));
        }
        Ok(shown
            .get("email")
            .and_then(serde_json::Value::as_str)
            .unwrap_or(&self.email)
            .to_owned())
    }

    fn create<U: UserModel>(
        &self,
        users: &Users<U>,
        password: &Password,
    ) -> Result<U::Create, Failure> {
        let mut fields: IndexMap<_, _> = self
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.value::<U>()))
            .collect();
        fields.insert("email".to_owned(), Json::Text(self.email.clone()));
        fields.insert(
            "password".to_owned(),
            Json::Text(password.expose().to_owned()),
        );
        for flag in [Role::IsActive, Role::IsSuperuser, Role::IsVerified] {
            fields.insert(name_of::<U>(flag).to_owned(), Json::Bool(true));
        }
        body::model(
            &Json::Object(Box::new(fields)),
            Viewer::Admin,
            &users.email_rules(),
        )
        .map_err(|errors| Failure::of_fields(&errors))
    }
}

fn unknown<U: UserModel>(name: &str) -> Failure {
    let own = U::COLUMNS
        .iter()
        .filter(|column| column.role == Role::Extra)
        .map(|column| column.field);
    let own = own.collect::<Vec<_>>().join(", ");
    let sentence = if own.is_empty() {
        format!("`{name}` cannot be set: users have no fields but the six of every user")
    } else {
        format!(
            "`{name}` cannot be set when a user is made; the fields of the application's own are {own}"
        )
    };
    Failure::new("UNKNOWN_FIELD", sentence)
}
