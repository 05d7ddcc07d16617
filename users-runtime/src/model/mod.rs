//! What the derive macro generates for an annotated struct: its columns, its roles and its schemas.

mod config;
mod limits;
mod loaded;

pub use config::{BackendSpec, Config, Routes, StrategyKind, TransportKind};
pub use limits::{LimitBy, LimitPeriod, LimitRule, LimitRules, Limits};
pub(crate) use loaded::States;
pub use loaded::{Loaded, Loading, MissingState, NothingToLoad};

use crate::{
    password::PasswordHash,
    schema::{InputSchema, Schema},
    value::{Column, Field, Row, RowError, UserId, Value, Viewer},
    wire::email,
};

/// A user of the application: what `#[derive(UserModel)]` implements.
///
/// The trait holds exactly what depends on the struct's fields. Every rule (registration, verification, sessions, …) is
/// ordinary code of this crate and works on any `U: UserModel`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a user model",
    label = "not a user",
    note = "put `#[derive(Clone, users_runtime::UserModel)]` and `#[fastapi_users(…)]` on `{Self}`"
)]
pub trait UserModel: Clone + Send + Sync + 'static {
    /// The type of the primary key.
    type Id: UserId;
    /// What a client receives of a user (`UserRead`).
    type Read: Schema + serde::Serialize;
    /// The values of the computed fields that ask the store; `()` if there are none.
    type Loaded: Loaded<Self>;
    /// What a client sends to register (`UserCreate`).
    type Create: InputSchema;
    /// What a client sends to change a user (`UserUpdate`).
    type Update: InputSchema;

    /// The table's name, or the collection's.
    const TABLE: &'static str;
    /// Every stored field, in the struct's order.
    const COLUMNS: &'static [Column];
    /// The backends and routes that the struct's attributes declare.
    const CONFIG: Config;

    /// Builds a user from a stored row, whose values are in the order of [`COLUMNS`](Self::COLUMNS).
    fn from_row(row: &mut Row) -> Result<Self, RowError>;

    /// The six fields that every user has.
    fn account(&self) -> Account<'_, Self::Id>;

    /// The user as the viewer may see it; `email` is the address in its normalised form.
    fn read_with(&self, email: String, viewer: Viewer, loaded: Self::Loaded) -> Self::Read;

    /// The same for users without computed fields that ask the store; [`Users::show`](crate::Users::show) is for all users.
    fn read(&self, email: String, viewer: Viewer) -> Self::Read
    where
        Self::Loaded: NothingToLoad,
    {
        self.read_with(email, viewer, NothingToLoad::NONE)
    }

    /// The user as the routes show it to this viewer, for your own routes: `Json(user.read_as(Viewer::Owner))`.
    fn read_as(&self, viewer: Viewer) -> Self::Read
    where
        Self::Loaded: NothingToLoad,
    {
        self.read(email::shown(self.account().email), viewer)
    }

    /// The tenant that the user belongs to, as it is stored; `None` where users belong to no tenant.
    fn tenant(&self) -> Option<Value> {
        None
    }

    /// The id of a new user; `None` if the database assigns it.
    fn new_id() -> Option<Self::Id> {
        Self::Id::generate()
    }
}

/// A user who belongs to a tenant: what `#[derive(UserModel)]` implements for a struct with a field `#[fastapi_users(tenant)]`.
#[diagnostic::on_unimplemented(
    message = "users of the type `{Self}` belong to no tenant",
    label = "`{Self}` has no field with `#[fastapi_users(tenant)]`",
    note = "mark the field of the tenant, such as `#[fastapi_users(tenant)] pub organisation_id: Uuid`"
)]
pub trait TenantModel: UserModel {
    /// The type of the field.
    type Tenant: Field;
}

/// The six fields that every user has, borrowed from the user's own struct.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a, Id> {
    /// The primary key.
    pub id: &'a Id,
    /// The e-mail address as it is stored.
    pub email: &'a str,
    /// The stored password hash.
    pub hashed_password: &'a PasswordHash,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer other users.
    pub is_superuser: bool,
    /// Whether the e-mail address was verified.
    pub is_verified: bool,
}
