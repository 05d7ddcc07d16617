#[derive(Clone, Debug)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// What a client is shown of a [`User`].
#[allow(missing_docs)]
pub struct UserRead {
    /// The primary key.
    pub id: Uuid,
    /// The e-mail address.
    pub email: String,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer others.
    pub is_superuser: bool,
    /// Whether the e-mail address is proven.
    pub is_verified: bool,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}
/// What a client sends to register a [`User`]. `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.
#[allow(missing_docs)]
pub struct UserCreate {
    /// The e-mail address.
    pub email: String,
    /// The password, never shown.
    pub password: ::users_runtime::Password,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer others.
    pub is_superuser: bool,
    /// Whether the e-mail address is proven.
    pub is_verified: bool,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}
/// What a client sends to change a [`User`]; what it leaves out stays. `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.
#[allow(missing_docs)]
pub struct UserUpdate {
    /// The password, never shown.
    pub password: ::users_runtime::NewPassword,
    /// The e-mail address.
    pub email: ::users_runtime::Presence<String>,
    /// Whether the user may log in.
    pub is_active: ::users_runtime::Presence<bool>,
    /// Whether the user may administer others.
    pub is_superuser: ::users_runtime::Presence<bool>,
    /// Whether the e-mail address is proven.
    pub is_verified: ::users_runtime::Presence<bool>,
    pub first_name: ::users_runtime::Presence<Option<String>>,
    pub last_name: ::users_runtime::Presence<Option<String>>,
}
const _: () = {
    use ::users_runtime::__private as __rt;
    impl __rt::UserModel for User {
        type Id = Uuid;
        type Read = UserRead;
        type Create = UserCreate;
        type Update = UserUpdate;
        const TABLE: &'static __rt::str = "user";
        const COLUMNS: &'static [__rt::Column] = &[
            __rt::Column::role::<Uuid>(__rt::Role::Id),
            __rt::Column::role::<String>(__rt::Role::Email),
            __rt::Column::role::<PasswordHash>(__rt::Role::HashedPassword),
            __rt::Column::role::<bool>(__rt::Role::IsActive),
            __rt::Column::role::<bool>(__rt::Role::IsSuperuser),
            __rt::Column::role::<bool>(__rt::Role::IsVerified),
            __rt::Column::new::<Option<String>>("first_name").max_length(100),
            __rt::Column::new::<Option<String>>("last_name").max_length(100),
        ];
        const CONFIG: __rt::Config = __rt::Config::new(
            &[
                __rt::BackendSpec::bearer("jwt", __rt::StrategyKind::Jwt),
                __rt::BackendSpec::cookie("cookie", __rt::StrategyKind::Database),
            ],
        );
        fn from_row(row: &mut __rt::Row) -> __rt::Result<Self, __rt::RowError> {
            __rt::Ok(Self {
                id: row.take(0)?,
                email: row.take(1)?,
                hashed_password: row.take(2)?,
                is_active: row.take(3)?,
                is_superuser: row.take(4)?,
                is_verified: row.take(5)?,
                first_name: row.take(6)?,
                last_name: row.take(7)?,
            })
        }
        fn account(&self) -> __rt::Account<'_, Uuid> {
            __rt::Account {
                id: &self.id,
                email: &self.email,
                hashed_password: &self.hashed_password,
                is_active: self.is_active,
                is_superuser: self.is_superuser,
                is_verified: self.is_verified,
            }
        }
        fn read(&self, email: __rt::String, _viewer: __rt::Viewer) -> UserRead {
            UserRead {
                id: __rt::Clone::clone(&self.id),
                email,
                is_active: self.is_active,
                is_superuser: self.is_superuser,
                is_verified: self.is_verified,
                first_name: __rt::Clone::clone(&self.first_name),
                last_name: __rt::Clone::clone(&self.last_name),
            }
        }
    }
    impl __rt::Schema for UserRead {
        const NAME: &'static __rt::str = "UserRead";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("id", |schema: &Self| &schema.id),
            &__rt::member("email", |schema: &Self| &schema.email),
            &__rt::member("is_active", |schema: &Self| &schema.is_active),
            &__rt::member("is_superuser", |schema: &Self| &schema.is_superuser),
            &__rt::member("is_verified", |schema: &Self| &schema.is_verified),
            &__rt::member("first_name", |schema: &Self| &schema.first_name),
            &__rt::member("last_name", |schema: &Self| &schema.last_name),
        ];
    }
    impl __rt::Debug for UserRead {
        fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::fmt::Result {
            __rt::debug(self, f)
        }
    }
    impl __rt::Serialize for UserRead {
        fn serialize<S: __rt::Serializer>(&self, s: S) -> __rt::Result<S::Ok, S::Error> {
            __rt::serialize(self, s)
        }
    }
    impl __rt::Schema for UserCreate {
        const NAME: &'static __rt::str = "UserCreate";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("email", |schema: &Self| &schema.email),
            &__rt::member("password", |schema: &Self| &schema.password),
            &__rt::member("is_active", |schema: &Self| &schema.is_active),
            &__rt::member("is_superuser", |schema: &Self| &schema.is_superuser),
            &__rt::member("is_verified", |schema: &Self| &schema.is_verified),
            &__rt::member("first_name", |schema: &Self| &schema.first_name),
            &__rt::member("last_name", |schema: &Self| &schema.last_name),
        ];
    }
    impl __rt::Debug for UserCreate {
        fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::fmt::Result {
            __rt::debug(self, f)
        }
    }
    impl<'de> __rt::Deserialize<'de> for UserCreate {
        fn deserialize<D: __rt::Deserializer<'de>>(d: D) -> __rt::Parsed<'de, Self, D> {
            __rt::deserialize(d)
        }
    }
    impl __rt::Schema for UserUpdate {
        const NAME: &'static __rt::str = "UserUpdate";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("password", |schema: &Self| &schema.password),
            &__rt::member("email", |schema: &Self| &schema.email),
            &__rt::member("is_active", |schema: &Self| &schema.is_active),
            &__rt::member("is_superuser", |schema: &Self| &schema.is_superuser),
            &__rt::member("is_verified", |schema: &Self| &schema.is_verified),
            &__rt::member("first_name", |schema: &Self| &schema.first_name),
            &__rt::member("last_name", |schema: &Self| &schema.last_name),
        ];
    }
    impl __rt::Debug for UserUpdate {
        fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::fmt::Result {
            __rt::debug(self, f)
        }
    }
    impl<'de> __rt::Deserialize<'de> for UserUpdate {
        fn deserialize<D: __rt::Deserializer<'de>>(d: D) -> __rt::Parsed<'de, Self, D> {
            __rt::deserialize(d)
        }
    }
    impl __rt::InputSchema for UserCreate {
        fn parse(input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            __rt::Some(Self {
                email: input.email(),
                password: input.password(),
                is_active: input.flag("is_active", true),
                is_superuser: input.flag("is_superuser", false),
                is_verified: input.flag("is_verified", false),
                first_name: input.field("first_name").max_length(100).or(|| __rt::None),
                last_name: input.field("last_name").max_length(100).or(|| __rt::None),
            })
        }
    }
    impl __rt::InputSchema for UserUpdate {
        fn parse(input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            __rt::Some(Self {
                password: input.new_password(),
                email: input.new_email(),
                is_active: input.new_flag("is_active"),
                is_superuser: input.new_flag("is_superuser"),
                is_verified: input.new_flag("is_verified"),
                first_name: input.field("first_name").max_length(100).patch(),
                last_name: input.field("last_name").max_length(100).patch(),
            })
        }
    }
};
