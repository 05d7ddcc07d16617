//! Users: one struct is what SeaORM queries and what the user system registers, logs in and shows.

use sea_orm::entity::prelude::*;
use users_runtime::{PasswordHash, UserModel};

/// A user. The names of the table and of the columns are the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, UserModel)]
#[sea_orm(table_name = "user")]
#[fastapi_users(
    table = "user",
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "cookie", transport = cookie, strategy = database)
)]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(length(max = 100))]
    pub name: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(has_many = "super::post::Entity")]
    Posts,
}

impl Related<super::post::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Posts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
