/// A customer.
#[derive(Clone, Debug)]
pub struct Customer {
    /// The number of the customer.
    pub number: Uuid,
    /// The address.
    pub address: String,
    /// The hash.
    pub hashed_password: PasswordHash,
    /// Whether the customer may log in.
    pub enabled: bool,
    /// Whether the customer may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// Required.
    pub name: String,
    /// Sent by everybody, seen by administrators.
    pub age: i32,
    /// For administrators only.
    pub note: String,
    /// Set by the application.
    pub points: i64,
    /// Not on the wire.
    pub visits: i64,
    /// A keyword.
    pub r#type: Option<String>,
    /// Not stored.
    pub cache: Vec<String>,
}

/// What a client is shown of a [`Customer`].
pub struct Shown {
    /// The number of the customer.
    pub id: Uuid,
    /// The address.
    pub email: String,
    /// Whether the customer may log in.
    pub is_active: bool,
    /// Whether the customer may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// Required.
    pub name: String,
    /// Sent by everybody, seen by administrators.
    pub age: users_runtime::Presence<i32>,
    /// For administrators only.
    pub note: users_runtime::Presence<String>,
    /// Set by the application.
    pub points: i64,
    /// A keyword.
    pub r#type: Option<String>,
}
/// What a client sends to register a [`Customer`]. `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.
pub struct Registration {
    /// The address.
    pub email: String,
    /// The password, never shown.
    pub password: users_runtime::Password,
    /// Whether the customer may log in.
    pub is_active: bool,
    /// Whether the customer may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// Required.
    pub name: String,
    /// Sent by everybody, seen by administrators.
    pub age: i32,
    /// For administrators only.
    pub note: String,
    /// A keyword.
    pub r#type: Option<String>,
}
/// What a client sends to change a [`Customer`]; what it leaves out stays. `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.
pub struct Change {
    /// The password, never shown.
    pub password: users_runtime::NewPassword,
    /// The address.
    pub email: users_runtime::Presence<String>,
    /// Whether the customer may log in.
    pub is_active: users_runtime::Presence<bool>,
    /// Whether the customer may administer others.
    pub is_superuser: users_runtime::Presence<bool>,
    /// Whether the address is proven.
    pub is_verified: users_runtime::Presence<bool>,
    /// Required.
    pub name: users_runtime::Presence<String>,
    /// Sent by everybody, seen by administrators.
    pub age: users_runtime::Presence<i32>,
    /// For administrators only.
    pub note: users_runtime::Presence<String>,
    /// A keyword.
    pub r#type: users_runtime::Presence<Option<String>>,
}
const _: () = {
    use users_runtime::__private as __rt;
    impl __rt::UserModel for Customer {
        type Id = Uuid;
        type Read = Shown;
        type Create = Registration;
        type Update = Change;
        const TABLE: &'static __rt::str = "customers";
        const COLUMNS: &'static [__rt::Column] = &[
            __rt::Column::role::<Uuid>(__rt::Role::Id)
                .named("customer_id")
                .doc("The number of the customer."),
            __rt::Column::role::<String>(__rt::Role::Email)
                .named("mail")
                .doc("The address."),
            __rt::Column::role::<PasswordHash>(__rt::Role::HashedPassword),
            __rt::Column::role::<bool>(__rt::Role::IsActive)
                .named("enabled")
                .doc("Whether the customer may log in."),
            __rt::Column::role::<bool>(__rt::Role::IsSuperuser)
                .doc("Whether the customer may administer others."),
            __rt::Column::role::<bool>(__rt::Role::IsVerified)
                .doc("Whether the address is proven."),
            __rt::Column::new::<String>("name")
                .max_length(50)
                .is_text()
                .doc("Required.")
                .example(|| __rt::example::<String>(__rt::Into::into("Jo, please"))),
            __rt::Column::new::<i32>("age")
                .is_number()
                .doc("Sent by everybody, seen by administrators.")
                .example(|| __rt::example::<i32>(42)),
            __rt::Column::new::<String>("note")
                .default_value(|| __rt::value::<String>(__rt::Into::into("none")))
                .doc("For administrators only."),
            __rt::Column::new::<i64>("points")
                .default_value(|| __rt::value::<i64>(-1))
                .doc("Set by the application."),
            __rt::Column::new::<i64>("visits")
                .default_value(|| __rt::value::<i64>(__rt::Default::default())),
            __rt::Column::new::<Option<String>>("type")
                .doc("A keyword.")
                .example(|| __rt::example::<
                    Option<String>,
                >(__rt::Some(__rt::Into::into("regular")))),
        ];
        const CONFIG: __rt::Config = __rt::Config::new(
                &[
                    __rt::BackendSpec::bearer("app", __rt::StrategyKind::Redis)
                        .under("/session"),
                    __rt::BackendSpec::cookie("site", __rt::StrategyKind::Custom),
                ],
            )
            .routes(__rt::Routes {
                auth: false,
                register: __rt::Some("/customers"),
                reset_password: __rt::None,
                verify: __rt::Some("/account"),
                users: __rt::Some("/customers"),
                requires_verification: true,
            });
        fn from_row(row: &mut __rt::Row) -> __rt::Result<Self, __rt::RowError> {
            __rt::Ok(Self {
                number: row.take(0)?,
                address: row.take(1)?,
                hashed_password: row.take(2)?,
                enabled: row.take(3)?,
                is_superuser: row.take(4)?,
                is_verified: row.take(5)?,
                name: row.take(6)?,
                age: row.take(7)?,
                note: row.take(8)?,
                points: row.take(9)?,
                visits: row.take(10)?,
                r#type: row.take(11)?,
                cache: __rt::Default::default(),
            })
        }
        fn account(&self) -> __rt::Account<'_, Uuid> {
            __rt::Account {
                id: &self.number,
                email: &self.address,
                hashed_password: &self.hashed_password,
                is_active: self.enabled,
                is_superuser: self.is_superuser,
                is_verified: self.is_verified,
            }
        }
        fn read(&self, email: __rt::String, viewer: __rt::Viewer) -> Shown {
            Shown {
                id: __rt::Clone::clone(&self.number),
                email,
                is_active: self.enabled,
                is_superuser: self.is_superuser,
                is_verified: self.is_verified,
                name: __rt::Clone::clone(&self.name),
                age: viewer.shown_to_admin(&self.age),
                note: viewer.shown_to_admin(&self.note),
                points: __rt::Clone::clone(&self.points),
                r#type: __rt::Clone::clone(&self.r#type),
            }
        }
        fn new_id() -> __rt::Option<Uuid> {
            __rt::Some(__rt::new_uuid_v7())
        }
    }
    impl __rt::Schema for Shown {
        const NAME: &'static __rt::str = "Shown";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("id", |schema: &Self| &schema.id),
            &__rt::member("email", |schema: &Self| &schema.email),
            &__rt::member("is_active", |schema: &Self| &schema.is_active),
            &__rt::member("is_superuser", |schema: &Self| &schema.is_superuser),
            &__rt::member("is_verified", |schema: &Self| &schema.is_verified),
            &__rt::member("name", |schema: &Self| &schema.name),
            &__rt::member("age", |schema: &Self| &schema.age),
            &__rt::member("note", |schema: &Self| &schema.note),
            &__rt::member("points", |schema: &Self| &schema.points),
            &__rt::member("type", |schema: &Self| &schema.r#type),
        ];
    }
    impl __rt::Debug for Shown {
        fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::fmt::Result {
            __rt::debug(self, f)
        }
    }
    impl __rt::Serialize for Shown {
        fn serialize<S: __rt::Serializer>(&self, s: S) -> __rt::Result<S::Ok, S::Error> {
            __rt::serialize(self, s)
        }
    }
    impl __rt::Schema for Registration {
        const NAME: &'static __rt::str = "Registration";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("email", |schema: &Self| &schema.email),
            &__rt::member("password", |schema: &Self| &schema.password),
            &__rt::member("is_active", |schema: &Self| &schema.is_active),
            &__rt::member("is_superuser", |schema: &Self| &schema.is_superuser),
            &__rt::member("is_verified", |schema: &Self| &schema.is_verified),
            &__rt::member("name", |schema: &Self| &schema.name),
            &__rt::member("age", |schema: &Self| &schema.age),
            &__rt::member("note", |schema: &Self| &schema.note),
            &__rt::member("type", |schema: &Self| &schema.r#type),
        ];
    }
    impl __rt::Debug for Registration {
        fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::fmt::Result {
            __rt::debug(self, f)
        }
    }
    impl<'de> __rt::Deserialize<'de> for Registration {
        fn deserialize<D: __rt::Deserializer<'de>>(d: D) -> __rt::Parsed<'de, Self, D> {
            __rt::deserialize(d)
        }
    }
    impl __rt::Schema for Change {
        const NAME: &'static __rt::str = "Change";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("password", |schema: &Self| &schema.password),
            &__rt::member("email", |schema: &Self| &schema.email),
            &__rt::member("is_active", |schema: &Self| &schema.is_active),
            &__rt::member("is_superuser", |schema: &Self| &schema.is_superuser),
            &__rt::member("is_verified", |schema: &Self| &schema.is_verified),
            &__rt::member("name", |schema: &Self| &schema.name),
            &__rt::member("age", |schema: &Self| &schema.age),
            &__rt::member("note", |schema: &Self| &schema.note),
            &__rt::member("type", |schema: &Self| &schema.r#type),
        ];
    }
    impl __rt::Debug for Change {
        fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::fmt::Result {
            __rt::debug(self, f)
        }
    }
    impl<'de> __rt::Deserialize<'de> for Change {
        fn deserialize<D: __rt::Deserializer<'de>>(d: D) -> __rt::Parsed<'de, Self, D> {
            __rt::deserialize(d)
        }
    }
    impl __rt::InputSchema for Registration {
        fn parse(input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            let email = input.email();
            let password = input.password();
            let is_active = input.flag("is_active", true);
            let is_superuser = input.flag("is_superuser", false);
            let is_verified = input.flag("is_verified", false);
            let name = input
                .field("name")
                .min_length(1)
                .max_length(50)
                .pattern("^[A-Z]")
                .check(|value: &String| __rt::checked((polite)(value)))
                .required();
            let age = input.field("age").ge(0.0).lt(150.5).required();
            let note = input.field("note").restricted(|| __rt::Into::into("none"));
            let r#type = input.field("type").or(|| __rt::None);
            __rt::Some(Self {
                email,
                password,
                is_active,
                is_superuser,
                is_verified,
                name: name?,
                age: age?,
                note,
                r#type,
            })
        }
    }
    impl __rt::InputSchema for Change {
        fn parse(input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            __rt::Some(Self {
                password: input.new_password(),
                email: input.new_email(),
                is_active: input.new_flag("is_active"),
                is_superuser: input.new_flag("is_superuser"),
                is_verified: input.new_flag("is_verified"),
                name: input
                    .field("name")
                    .min_length(1)
                    .max_length(50)
                    .pattern("^[A-Z]")
                    .check(|value: &String| __rt::checked((polite)(value)))
                    .patch(),
                age: input.field("age").ge(0.0).lt(150.5).patch(),
                note: input.field("note").restricted_patch(),
                r#type: input.field("type").patch(),
            })
        }
    }
};
