//! The columns of the tables beside the users' own, as FastAPI Users' adapters lay them out.

use std::marker::PhantomData;

use crate::{
    model::UserModel,
    value::{Column, Kind, Role},
};

/// The tables that belong to the users of one type.
pub(super) struct Tables<U>(PhantomData<U>);

impl<U: UserModel> Tables<U> {
    /// The columns of the table of access tokens.
    pub(super) const TOKEN: &'static [Column] = &[
        text("token", 43),
        plain("created_at", Kind::Timestamp),
        Column {
            field: "user_id",
            name: "user_id",
            role: Role::Extra,
            default: None,
            ..Self::ID
        },
    ];

    /// The columns of the table of OAuth accounts.
    pub(super) const OAUTH: &'static [Column] = &[
        Column {
            field: "id",
            name: "id",
            role: Role::Id,
            default: None,
            ..Self::ID
        },
        Column {
            field: "user_id",
            name: "user_id",
            role: Role::Extra,
            default: None,
            ..Self::ID
        },
        text("oauth_name", 100),
        // The original has 1024 characters for tokens, which Microsoft's exceed, and 32 bits for their expiry.
        plain("access_token", Kind::Text),
        nullable(plain("expires_at", Kind::BigInt)),
        nullable(plain("refresh_token", Kind::Text)),
        text("account_id", 320),
        text("account_email", 320),
    ];

    /// The columns of an OAuth account that mean something beyond the table.
    pub(super) const ACCOUNT: &'static [Column] = Self::OAUTH.split_at(1).1;

    /// The users' primary key.
    pub(super) const ID: Column = U::COLUMNS[Self::position(Role::Id)];
    /// The column of the e-mail address.
    pub(super) const EMAIL: Column = U::COLUMNS[Self::position(Role::Email)];
    /// The column of the password hash.
    pub(super) const HASH: Column = U::COLUMNS[Self::position(Role::HashedPassword)];
    /// The column of the tenant, where users belong to tenants.
    pub(super) const TENANT: Option<Column> = Self::tenant();
    /// The primary key alone, for statements that answer with it.
    pub(super) const ID_ONLY: &'static [Column] = &[Self::ID];
    /// The primary key and what is unique: the e-mail address, in its tenant where users belong to tenants.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(super) const ID_AND_ADDRESS: &'static [Column] = match Self::TENANT {
        Some(tenant) => &[Self::ID, Self::EMAIL, tenant],
        None => &[Self::ID, Self::EMAIL],
    };

    const fn tenant() -> Option<Column> {
        let mut position = 0;
        while position < U::COLUMNS.len() {
            if matches!(U::COLUMNS[position].role, Role::Tenant) {
                return Some(U::COLUMNS[position]);
            }
            position += 1;
        }
        None
    }

    /// Where the column of a role stands; the model has every role, or it does not compile.
    pub(super) const fn position(role: Role) -> usize {
        let mut position = 0;
        while position < U::COLUMNS.len() {
            if U::COLUMNS[position].role as u8 == role as u8 {
                return position;
            }
            position += 1;
        }
        panic!(
            "`UserModel::COLUMNS` has no column for one of the roles id, email and hashed_password"
        )
    }
}

pub(in crate::store) const fn plain(name: &'static str, kind: Kind) -> Column {
    Column {
        field: name,
        name,
        role: Role::Extra,
        kind,
        nullable: false,
        max_length: None,
        default: None,
        doc: "",
        example: None,
        is_updated_at: false,
        items: None,
    }
}

const fn text(name: &'static str, max_length: u32) -> Column {
    Column {
        max_length: Some(max_length),
        ..plain(name, Kind::Text)
    }
}

const fn nullable(mut column: Column) -> Column {
    column.nullable = true;
    column
}

/// A column of the OAuth accounts as the original lays it out, where ours holds more; a table that was taken over keeps it.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(super) fn as_original(column: &Column) -> Option<Column> {
    match column.name {
        "access_token" | "refresh_token" => Some(Column {
            max_length: Some(1024),
            ..*column
        }),
        "expires_at" => Some(Column {
            kind: Kind::Int,
            ..*column
        }),
        _ => None,
    }
}
