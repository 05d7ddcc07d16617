//! A user who is about to be registered, which `before_register` can read and change.

use std::{fmt, marker::PhantomData, sync::Arc};

use indexmap::IndexMap;
use serde::Serialize;

use super::fields::{Fields, name_of};
use crate::{
    model::{TenantModel, UserModel},
    password::{Password, PasswordHash},
    schema::{ValidationError, body, to_json},
    store::{ColumnValue, tenant_column},
    value::{Column, Field, Role, UserField, Value, Viewer},
    wire::{email::EmailRules, json::Json},
};

/// A user who is about to be registered: what [`before_register`](crate::Hooks::before_register) may look at and change.
///
/// [`set`](Self::set) sets any of the application's own fields, including those that clients cannot send (`access = read_only`
/// and `private`), and required ones that a provider does not know. The three flags have their own methods; values that a client
/// sent for them are never used.
pub struct NewUser<U> {
    fields: Fields,
    /// What was changed, as the schema reads it.
    changed: IndexMap<String, Json>,
    by_provider: bool,
    emails: Arc<EmailRules>,
    user: PhantomData<fn() -> U>,
}

/// Why a hook could not set a field of a new user.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FieldNotSet {
    /// Users have no such field of this type. The constants that the derive makes never lead here.
    #[error(
        "users have no field `{0}` of this type: use the constant of the field, such as `User::LAST_SEEN`"
    )]
    Unknown(&'static str),
    /// The value is stored as `NULL`, which the field's column does not hold.
    #[error("the field `{0}` needs a value: its column cannot be `NULL`")]
    Null(&'static str),
    /// The address of a user from a provider cannot be changed.
    #[error("the address of a user who registers by a provider cannot be changed")]
    AddressOfProvider,
    /// The value breaks a rule of the field. If the hook returns it, the response is 422, as if the client had sent the value.
    #[error("{0}")]
    Invalid(Box<ValidationError>),
}

impl<U: UserModel> NewUser<U> {
    /// The user whom a filled schema describes.
    pub(crate) fn of(create: &U::Create, emails: Arc<EmailRules>) -> Self {
        Self {
            fields: Fields::of(create),
            changed: IndexMap::new(),
            by_provider: false,
            emails,
            user: PhantomData,
        }
    }

    /// A user who comes with an account at a provider.
    #[cfg(feature = "oauth")]
    pub(crate) fn of_provider(email: &str, is_verified: bool, emails: Arc<EmailRules>) -> Self {
        let values = vec![
            ("email", Value::Text(email.to_owned())),
            (name_of::<U>(Role::IsActive), Value::Bool(true)),
            (name_of::<U>(Role::IsSuperuser), Value::Bool(false)),
            (name_of::<U>(Role::IsVerified), Value::Bool(is_verified)),
        ];
        Self {
            fields: Fields {
                values,
                password: None,
            },
            changed: IndexMap::new(),
            by_provider: true,
            emails,
            user: PhantomData,
        }
    }

    /// The user, who will belong to this tenant.
    pub(crate) fn of_tenant(mut self, tenant: Option<&Value>) -> Self {
        if let (Some(tenant), Some((_, column))) = (tenant, tenant_column::<U>()) {
            self.fields.values.push((column.field, tenant.clone()));
        }
        self
    }

    /// The e-mail address, normalised.
    pub fn email(&self) -> &str {
        self.fields.email().unwrap_or_default()
    }

    /// Changes the e-mail address, which is validated and normalised.
    ///
    /// # Errors
    ///
    /// [`FieldNotSet::Invalid`], and [`FieldNotSet::AddressOfProvider`] for a user who registers by a provider.
    pub fn set_email(&mut self, email: &str) -> Result<(), FieldNotSet> {
        if self.by_provider {
            return Err(FieldNotSet::AddressOfProvider);
        }
        let json = Json::Text(email.to_owned());
        self.validate("email", &json)?;
        let normalized = self.emails.normalize(email);
        let email = normalized.unwrap_or_else(|_| email.to_owned());
        self.put("email", Value::Text(email), json);
        Ok(())
    }

    /// Validates the address of a user who registers by a provider, where the application validates addresses.
    ///
    /// # Errors
    ///
    /// [`FieldNotSet::Invalid`]
    #[cfg(feature = "oauth")]
    pub(crate) fn check_email(&self) -> Result<(), FieldNotSet> {
        use crate::schema::InputSchema;

        if !<U::Create as InputSchema>::CHECKS_EMAIL {
            return Ok(());
        }
        self.validate("email", &Json::Text(self.email().to_owned()))
    }

    /// The password that was chosen; `None` for a user who registers by a provider.
    pub const fn password(&self) -> Option<&Password> {
        self.fields.password.as_ref()
    }

    /// Whether the user will be active. The default is yes.
    pub fn is_active(&self) -> bool {
        self.flag(Role::IsActive)
    }

    /// Whether the user will be a superuser.
    pub fn is_superuser(&self) -> bool {
        self.flag(Role::IsSuperuser)
    }

    /// Whether the address will count as verified.
    pub fn is_verified(&self) -> bool {
        self.flag(Role::IsVerified)
    }

    /// Registers the user as active or not.
    pub fn set_active(&mut self, is_active: bool) {
        self.set_flag(Role::IsActive, is_active);
    }

    /// Registers the user as a superuser or not.
    pub fn set_superuser(&mut self, is_superuser: bool) {
        self.set_flag(Role::IsSuperuser, is_superuser);
    }

    /// Registers the user with a verified address or not.
    pub fn set_verified(&mut self, is_verified: bool) {
        self.set_flag(Role::IsVerified, is_verified);
    }

    /// The tenant that the user will belong to.
    pub fn tenant(&self) -> Option<U::Tenant>
    where
        U: TenantModel,
    {
        let (_, column) = tenant_column::<U>()?;
        U::Tenant::from_value(self.fields.get(column.field)?.clone()).ok()
    }

    /// The value of a field of the application's own; `None` where none is set.
    pub fn get<T: Field>(&self, field: UserField<U, T>) -> Option<T> {
        let value = self.fields.get(field.name())?;
        T::from_value(value.clone()).ok()
    }

    /// Sets a field of the application's own, named by the constant that the derive makes for it. The value is validated by the
    /// field's rules, where the schema of a registration has the field.
    ///
    /// ```
    /// # use users_runtime::{PasswordHash, UserModel, errors::FieldNotSet, users::NewUser};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// #     #[fastapi_users(access = read_only, default)]
    /// #     pub seats: i64,
    /// # }
    /// fn invited(new: &mut NewUser<User>) -> Result<(), FieldNotSet> {
    ///     new.set(User::SEATS, 5)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`FieldNotSet::Invalid`] when a rule of the field refuses the value.
    pub fn set<T: Field + Serialize>(
        &mut self,
        field: UserField<U, T>,
        value: impl Into<T>,
    ) -> Result<(), FieldNotSet> {
        let name = field.name();
        let is_it = |column: &&Column| {
            column.role == Role::Extra && column.field == name && column.kind == T::KIND
        };
        let unknown = || FieldNotSet::Unknown(name);
        let column = U::COLUMNS.iter().find(is_it).ok_or_else(unknown)?;
        let value = value.into();
        let stored = value.to_value();
        if stored == Value::Null && !column.nullable {
            return Err(FieldNotSet::Null(name));
        }
        let json = value
            .to_json()
            .or_else(|| serde_json::to_value(&value).ok());
        let json = Json::from(json.unwrap_or_default());
        self.validate(name, &json)?;
        self.put(name, stored, json);
        Ok(())
    }

    fn flag(&self, role: Role) -> bool {
        self.fields.flag::<U>(role).unwrap_or_default()
    }

    fn set_flag(&mut self, role: Role, flag: bool) {
        self.put(name_of::<U>(role), Value::Bool(flag), Json::Bool(flag));
    }

    fn put(&mut self, field: &'static str, value: Value, json: Json) {
        self.fields.take(field);
        self.fields.values.push((field, value));
        self.changed.insert(field.to_owned(), json);
    }

    /// What the rules of the schema say of one value; the fields that are missing beside it are of no interest.
    fn validate(&self, field: &'static str, json: &Json) -> Result<(), FieldNotSet> {
        let body = Json::Object(Box::new(IndexMap::from([(field.to_owned(), json.clone())])));
        let read = body::model::<U::Create>(&body, Viewer::Admin, &self.emails);
        let errors = read.err().unwrap_or_default();
        match errors.into_iter().find(|error| error.is_of(field)) {
            Some(error) => Err(FieldNotSet::Invalid(error.without_input().into())),
            None => Ok(()),
        }
    }

    /// The schema with what was changed; `None` where nothing was.
    ///
    /// # Errors
    ///
    /// What is wrong with the whole, which can only be a value that reads differently from how it is written.
    pub(crate) fn changed(
        &self,
        create: &U::Create,
    ) -> Result<Option<U::Create>, Vec<ValidationError>> {
        if self.changed.is_empty() {
            return Ok(None);
        }
        let fields = to_json(create).into_iter();
        let mut fields: IndexMap<_, _> = fields.map(|(name, json)| (name, json.into())).collect();
        if let Some(password) = self.password() {
            let text = password.expose().to_owned();
            fields.insert("password".to_owned(), Json::Text(text));
        }
        fields.extend(self.changed.clone());
        let body = Json::Object(Box::new(fields));
        body::model(&body, Viewer::Admin, &self.emails).map(Some)
    }

    pub(crate) fn take_password(&mut self) -> Option<Password> {
        self.fields.password.take()
    }

    /// The row to store: what was set, and for the other columns their defaults.
    pub(crate) fn into_row(mut self, hash: &PasswordHash) -> Vec<ColumnValue> {
        let value_of = |column: &Column| match column.role {
            Role::Id => U::new_id().map(|id| id.to_value()),
            Role::HashedPassword => Some(hash.to_value()),
            _ => Some(
                self.fields
                    .take(column.field)
                    .or_else(|| column.default.map(|default| default()))
                    .unwrap_or(Value::Null),
            ),
        };
        let values = U::COLUMNS.iter().map(value_of).enumerate();
        let value = |(column, value): (usize, Option<Value>)| {
            value.map(|value| ColumnValue { column, value })
        };
        values.filter_map(value).collect()
    }
}

/// Shows no value.
impl<U> fmt::Debug for NewUser<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.values.iter().map(|(name, _)| name).collect();
        f.debug_struct("NewUser")
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}
