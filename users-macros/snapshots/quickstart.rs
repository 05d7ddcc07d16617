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
    /// The user's `first_name`.
    pub first_name: Option<String>,
    /// The user's `last_name`.
    pub last_name: Option<String>,
}
/// What a client sends to register a [`User`]. `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.
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
    /// The user's `first_name`.
    pub first_name: Option<String>,
    /// The user's `last_name`.
    pub last_name: Option<String>,
}
/// What a client sends to change a [`User`]; what it leaves out stays, and its default leaves out everything. `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.
pub struct UserUpdate {
    /// The password, never shown.
    pub password: ::users_runtime::schema::NewPassword,
    /// The e-mail address.
    pub email: ::users_runtime::value::Presence<String>,
    /// Whether the user may log in.
    pub is_active: ::users_runtime::value::Presence<bool>,
    /// Whether the user may administer others.
    pub is_superuser: ::users_runtime::value::Presence<bool>,
    /// Whether the e-mail address is proven.
    pub is_verified: ::users_runtime::value::Presence<bool>,
    /// The user's `first_name`.
    pub first_name: ::users_runtime::value::Presence<Option<String>>,
    /// The user's `last_name`.
    pub last_name: ::users_runtime::value::Presence<Option<String>>,
}
const _: () = {
    use ::users_runtime::__private::{
        self as __rt, Unsupported as _, UnsupportedInput as _,
    };
    const _: __rt::Column = __rt::Column::new::<Option<String>>("").has_length();
    const _: __rt::Column = __rt::Column::new::<Option<String>>("").has_length();
    impl __rt::UserModel for User {
        type Id = Uuid;
        type Read = UserRead;
        type Loaded = ();
        type Create = UserCreate;
        type Update = UserUpdate;
        const TABLE: &'static __rt::str = "user";
        const COLUMNS: &'static [__rt::Column] = &[
            __rt::Type::<Uuid>::ID,
            __rt::email::<String>(),
            __rt::hashed_password::<PasswordHash>(),
            __rt::flag::<bool>(__rt::Role::IsActive),
            __rt::flag::<bool>(__rt::Role::IsSuperuser),
            __rt::flag::<bool>(__rt::Role::IsVerified),
            __rt::Column::new::<Option<String>>("first_name").at_most(100),
            __rt::Column::new::<Option<String>>("last_name").at_most(100),
        ];
        const CONFIG: __rt::Config = __rt::Config::new(
            &[
                __rt::BackendSpec::bearer("jwt", __rt::StrategyKind::Jwt),
                __rt::BackendSpec::cookie("cookie", __rt::StrategyKind::Database),
            ],
        );
        fn from_row(__row: &mut __rt::Row) -> __rt::Result<Self, __rt::RowError> {
            __rt::Ok(Self {
                id: __rt::Type::<Uuid>::take(__row, 0)?,
                email: __rt::Type::<String>::take(__row, 1)?,
                hashed_password: __rt::Type::<PasswordHash>::take(__row, 2)?,
                is_active: __rt::Type::<bool>::take(__row, 3)?,
                is_superuser: __rt::Type::<bool>::take(__row, 4)?,
                is_verified: __rt::Type::<bool>::take(__row, 5)?,
                first_name: __rt::Type::<Option<String>>::take(__row, 6)?,
                last_name: __rt::Type::<Option<String>>::take(__row, 7)?,
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
        fn read_with(&self, __email: __rt::String, _: __rt::Viewer, (): ()) -> UserRead {
            UserRead {
                id: __rt::Clone::clone(&self.id),
                email: __email,
                is_active: self.is_active,
                is_superuser: self.is_superuser,
                is_verified: self.is_verified,
                first_name: __rt::Clone::clone(&self.first_name),
                last_name: __rt::Clone::clone(&self.last_name),
            }
        }
    }
    impl User {
        __rt::field!(pub FIRST_NAME : Option < String > = "first_name");
        __rt::field!(pub LAST_NAME : Option < String > = "last_name");
    }
    const _: &[&__rt::str] = &[User::FIRST_NAME.name(), User::LAST_NAME.name()];
    impl __rt::Schema for UserRead {
        const NAME: &'static __rt::str = "UserRead";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member!("id", id : Uuid),
            &__rt::member!("email", email : String),
            &__rt::member!("is_active", is_active : bool),
            &__rt::member!("is_superuser", is_superuser : bool),
            &__rt::member!("is_verified", is_verified : bool),
            &__rt::member!("first_name", first_name : Option < String >),
            &__rt::member!("last_name", last_name : Option < String >),
        ];
    }
    __rt::shown!(UserRead);
    impl __rt::Schema for UserCreate {
        const NAME: &'static __rt::str = "UserCreate";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member!("email", email : String),
            &__rt::member("password", |__schema: &Self| &__schema.password),
            &__rt::member!("is_active", is_active : bool),
            &__rt::member!("is_superuser", is_superuser : bool),
            &__rt::member!("is_verified", is_verified : bool),
            &__rt::member!("first_name", first_name : Option < String >),
            &__rt::member!("last_name", last_name : Option < String >),
        ];
    }
    __rt::sent!(UserCreate);
    impl __rt::Schema for UserUpdate {
        const NAME: &'static __rt::str = "UserUpdate";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("password", |__schema: &Self| &__schema.password),
            &__rt::presence!("email", email : String),
            &__rt::presence!("is_active", is_active : bool),
            &__rt::presence!("is_superuser", is_superuser : bool),
            &__rt::presence!("is_verified", is_verified : bool),
            &__rt::presence!("first_name", first_name : Option < String >),
            &__rt::presence!("last_name", last_name : Option < String >),
        ];
    }
    __rt::sent!(UserUpdate);
    __rt::unchanged!(
        UserUpdate : password email is_active is_superuser is_verified first_name
        last_name
    );
    impl __rt::InputSchema for UserCreate {
        fn parse(__input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            __rt::Some(Self {
                email: __input.email(),
                password: __input.password(),
                is_active: __input.flag("is_active", true),
                is_superuser: __input.flag("is_superuser", false),
                is_verified: __input.flag("is_verified", false),
                first_name: __input
                    .field::<Option<String>>("first_name")
                    .max_length(100)
                    .or(|| __rt::None),
                last_name: __input
                    .field::<Option<String>>("last_name")
                    .max_length(100)
                    .or(|| __rt::None),
            })
        }
    }
    impl __rt::InputSchema for UserUpdate {
        fn parse(__input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            __rt::Some(Self {
                password: __input.new_password(),
                email: __input.new_email(),
                is_active: __input.new_flag("is_active"),
                is_superuser: __input.new_flag("is_superuser"),
                is_verified: __input.new_flag("is_verified"),
                first_name: __input
                    .field::<Option<String>>("first_name")
                    .max_length(100)
                    .patch(),
                last_name: __input
                    .field::<Option<String>>("last_name")
                    .max_length(100)
                    .patch(),
            })
        }
    }
};
