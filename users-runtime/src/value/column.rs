//! The stored fields of a user.

use chrono::Utc;

use super::{ArrayField, Field, Kind, Value};

/// What a column means to the rules of the user system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// The primary key.
    Id,
    /// The e-mail address, unique without regard to case.
    Email,
    /// The password hash.
    HashedPassword,
    /// The `is_active` flag.
    IsActive,
    /// The `is_superuser` flag.
    IsSuperuser,
    /// The `is_verified` flag.
    IsVerified,
    /// The tenant that the user belongs to.
    Tenant,
    /// A field of the application's own.
    Extra,
}

/// One stored field.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name of the field in the schemas; for the six roles the role's name, e.g. `email`, unless it is [`renamed`](Self::renamed).
    pub field: &'static str,
    /// The name of the column in the database.
    pub name: &'static str,
    /// What the column means.
    pub role: Role,
    /// What the column holds.
    pub kind: Kind,
    /// Whether the column may be `NULL`.
    pub nullable: bool,
    /// The longest text, in code points; `None` for text without a limit and for other kinds.
    pub max_length: Option<u32>,
    /// The value for rows in which the field is not set; `None` where a value is required (or `NULL` is the default).
    pub default: Option<fn() -> Value>,
    /// What the application's documentation says of the field; empty where it says nothing.
    pub doc: &'static str,
    /// What the OpenAPI document shows as a value of the field, as JSON; `None` where the application gives none.
    pub example: Option<fn() -> serde_json::Value>,
    /// Whether every change of the user stores its instant here.
    pub is_updated_at: bool,
    /// What the items of a native array are; `None` for every other column.
    pub items: Option<Kind>,
}

impl Column {
    /// A column of the application's own, whose column has the field's name.
    pub const fn new<T: Field>(field: &'static str) -> Self {
        Self {
            field,
            name: field,
            role: Role::Extra,
            kind: T::KIND,
            nullable: T::NULLABLE,
            max_length: T::MAX_LENGTH,
            default: None,
            doc: "",
            example: None,
            is_updated_at: false,
            items: None,
        }
    }

    /// The column of one of the six roles.
    pub const fn role<T: Field>(role: Role) -> Self {
        let field = match role {
            Role::Id => "id",
            Role::Email => "email",
            Role::HashedPassword => "hashed_password",
            Role::IsActive => "is_active",
            Role::IsSuperuser => "is_superuser",
            Role::IsVerified | Role::Tenant | Role::Extra => "is_verified",
        };
        let mut column = Self::new::<T>(field);
        column.role = role;
        column.doc = match role {
            Role::Id => "The primary key.",
            Role::Email => "The e-mail address.",
            Role::IsActive => "Whether the user may log in.",
            Role::IsSuperuser => "Whether the user may administer others.",
            Role::IsVerified => "Whether the e-mail address is proven.",
            Role::HashedPassword | Role::Tenant | Role::Extra => "",
        };
        column.max_length = match role {
            Role::Email => Some(320),
            Role::HashedPassword => Some(1024),
            _ => column.max_length,
        };
        column
    }

    /// Gives the column another name than the field's.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Gives the field another name in the schemas; the column keeps its own.
    #[must_use]
    pub const fn renamed(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    /// Says what the field is, in Markdown.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Shows a value of the field in the OpenAPI document.
    #[must_use]
    pub const fn example(mut self, example: fn() -> serde_json::Value) -> Self {
        self.example = Some(example);
        self
    }

    /// Limits a column of text or bytes to this number of code points or bytes.
    ///
    /// # Panics
    ///
    /// At compile time, for a column of anything else.
    #[must_use]
    pub const fn max_length(mut self, most: u32) -> Self {
        self.max_length = Some(most);
        self.has_length()
    }

    /// As [`max_length`](Self::max_length), for a column that the derive checks by itself: a second check would be a second error.
    #[doc(hidden)]
    #[must_use]
    pub const fn at_most(mut self, most: u32) -> Self {
        self.max_length = Some(most);
        self
    }

    /// The column as it is, which a rule on its length is for.
    ///
    /// # Panics
    ///
    /// At compile time, for a column of anything but text or bytes.
    #[must_use]
    pub const fn has_length(self) -> Self {
        assert!(
            matches!(self.kind, Kind::Text | Kind::Bytes),
            "`length` is for text and bytes: remove it"
        );
        self
    }

    /// The column as it is, which a pattern is for.
    ///
    /// # Panics
    ///
    /// At compile time, for a column of anything but text.
    #[must_use]
    pub const fn is_text(self) -> Self {
        assert!(
            matches!(self.kind, Kind::Text),
            "`pattern` is for text: remove it"
        );
        self
    }

    /// The column as it is, which a rule on its range is for.
    ///
    /// # Panics
    ///
    /// At compile time, for a column of anything but numbers.
    #[must_use]
    pub const fn is_number(self) -> Self {
        let is_number = matches!(
            self.kind,
            Kind::SmallInt | Kind::Int | Kind::BigInt | Kind::Float
        );
        assert!(is_number, "`range` is for numbers: remove it");
        self
    }

    /// The column as it is, which is for an instant.
    ///
    /// # Panics
    ///
    /// At compile time, for a column of anything but instants.
    #[must_use]
    pub const fn is_instant(self) -> Self {
        assert!(
            matches!(self.kind, Kind::Timestamp),
            "`updated_at` is for instants: write `DateTime<Utc>`"
        );
        self
    }

    /// The column as it is, which can be that of the tenant.
    ///
    /// # Panics
    ///
    /// At compile time, for a column of anything but text of at most 100 code points, whole numbers and UUIDs, and where the column
    /// may be `NULL`.
    #[must_use]
    pub const fn is_tenant(self) -> Self {
        assert!(
            !self.nullable,
            "every user belongs to a tenant: write the type without `Option`"
        );
        let is_key = matches!(
            self.kind,
            Kind::Text | Kind::SmallInt | Kind::Int | Kind::BigInt | Kind::Uuid
        );
        assert!(is_key, "`tenant` is for text, whole numbers and `Uuid`");
        if let Some(length) = self.max_length {
            assert!(
                length <= 100,
                "a tenant has at most 100 code points: write `length(max = 100)` or less"
            );
        }
        self
    }

    /// Makes the column that of the tenant. A text without a limit is limited to 100 code points, since an index is on it.
    #[must_use]
    pub const fn tenant(mut self) -> Self {
        if let (Kind::Text, None) = (self.kind, self.max_length) {
            self.max_length = Some(100);
        }
        self.role = Role::Tenant;
        self
    }

    /// Stores the instant of every change of the user in the column. A new user has the instant of the registration there, or
    /// `NULL` where the column may be.
    #[must_use]
    pub const fn updated_at(mut self) -> Self {
        self.is_updated_at = true;
        if !self.nullable {
            self.default = Some(|| Value::Timestamp(Utc::now()));
        }
        self
    }

    /// Stores a list in a native array of PostgreSQL instead of JSON.
    ///
    /// # Panics
    ///
    /// At compile time, for items of other kinds than truth values, numbers, text and UUIDs, and for items that may be missing.
    #[must_use]
    pub const fn array<T: ArrayField>(mut self) -> Self {
        let is_held = matches!(
            T::ITEMS,
            Kind::Bool
                | Kind::SmallInt
                | Kind::Int
                | Kind::BigInt
                | Kind::Float
                | Kind::Text
                | Kind::Uuid
        );
        assert!(
            is_held && !T::HAS_NULLS,
            "`array` is for lists of truth values, numbers, texts and UUIDs: remove it"
        );
        self.items = Some(T::ITEMS);
        self
    }

    /// Sets the value for rows in which the field is not set.
    #[must_use]
    pub const fn default_value(mut self, default: fn() -> Value) -> Self {
        self.default = Some(default);
        self
    }
}
