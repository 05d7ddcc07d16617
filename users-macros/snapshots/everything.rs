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
    /// Stored as JSON.
    pub theme: Theme,
    /// For administrators only, as JSON.
    pub old_theme: Option<Theme>,
    /// What the user belongs to.
    pub workspace: String,
    /// Set by every change.
    pub changed_at: DateTime<Utc>,
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
    pub age: users_runtime::value::Presence<i32>,
    /// For administrators only.
    pub note: users_runtime::value::Presence<String>,
    /// Set by the application.
    pub points: i64,
    /// A keyword.
    pub r#type: Option<String>,
    /// Stored as JSON.
    pub theme: Theme,
    /// For administrators only, as JSON.
    pub old_theme: users_runtime::value::Presence<Option<Theme>>,
    /// What the user belongs to.
    pub workspace: String,
    /// Set by every change.
    pub changed_at: DateTime<Utc>,
    /// The name and the number.
    pub full_label: String,
    /// The numbers of the orders.
    pub orders: Vec<i64>,
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
    /// Stored as JSON.
    pub theme: Theme,
    /// For administrators only, as JSON.
    pub old_theme: Option<Theme>,
}
/// What a client sends to change a [`Customer`]; what it leaves out stays, and its default leaves out everything. `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.
pub struct Change {
    /// The password, never shown.
    pub password: users_runtime::schema::NewPassword,
    /// The address.
    pub email: users_runtime::value::Presence<String>,
    /// Whether the customer may log in.
    pub is_active: users_runtime::value::Presence<bool>,
    /// Whether the customer may administer others.
    pub is_superuser: users_runtime::value::Presence<bool>,
    /// Whether the address is proven.
    pub is_verified: users_runtime::value::Presence<bool>,
    /// Required.
    pub name: users_runtime::value::Presence<String>,
    /// Sent by everybody, seen by administrators.
    pub age: users_runtime::value::Presence<i32>,
    /// For administrators only.
    pub note: users_runtime::value::Presence<String>,
    /// A keyword.
    pub r#type: users_runtime::value::Presence<Option<String>>,
    /// Stored as JSON.
    pub theme: users_runtime::value::Presence<Theme>,
    /// For administrators only, as JSON.
    pub old_theme: users_runtime::value::Presence<Option<Theme>>,
}
/// The values of the computed fields of a [`Customer`] that ask the store.
#[derive(users_runtime::__private::Debug)]
pub struct CustomerLoaded {
    orders: Vec<i64>,
}
const _: () = {
    use users_runtime::__private::{
        self as __rt, Unsupported as _, UnsupportedInput as _,
    };
    __rt::redis_strategy! {}
    const _: __rt::Column = __rt::Column::new::<String>("").has_length().is_text();
    const _: __rt::Column = __rt::Column::new::<i32>("").is_number();
    const _: __rt::Column = __rt::Column::new::<String>("").has_length();
    const _: __rt::Column = __rt::Column::new::<DateTime<Utc>>("").is_instant();
    const _: __rt::Column = __rt::Column::new::<String>("").at_most(63).is_tenant();
    impl __rt::UserModel for Customer {
        type Id = Uuid;
        type Read = Shown;
        type Loaded = CustomerLoaded;
        type Create = Registration;
        type Update = Change;
        const TABLE: &'static __rt::str = "customers";
        const COLUMNS: &'static [__rt::Column] = &[
            __rt::Type::<Uuid>::ID
                .named("customer_id")
                .doc("The number of the customer."),
            __rt::email::<String>().named("mail").doc("The address."),
            __rt::hashed_password::<PasswordHash>(),
            __rt::flag::<bool>(__rt::Role::IsActive)
                .named("enabled")
                .renamed("isActive")
                .doc("Whether the customer may log in."),
            __rt::flag::<bool>(__rt::Role::IsSuperuser)
                .renamed("isSuperuser")
                .doc("Whether the customer may administer others."),
            __rt::flag::<bool>(__rt::Role::IsVerified)
                .renamed("isVerified")
                .doc("Whether the address is proven."),
            __rt::Column::new::<String>("name")
                .at_most(50)
                .doc("Required.")
                .example(|| __rt::Type::<
                    String,
                >::example(__rt::Into::into("Jo, please"))),
            __rt::Column::new::<i32>("age")
                .doc("Sent by everybody, seen by administrators.")
                .example(|| __rt::Type::<i32>::example(42)),
            __rt::Column::new::<String>("note")
                .default_value(|| __rt::Type::<String>::value(__rt::Into::into("none")))
                .doc("For administrators only."),
            __rt::Column::new::<i64>("points")
                .default_value(|| __rt::Type::<i64>::value(-1))
                .doc("Set by the application."),
            __rt::Column::new::<i64>("visits")
                .default_value(|| __rt::Type::<i64>::value(__rt::Default::default())),
            __rt::Column::new::<Option<String>>("type")
                .doc("A keyword.")
                .example(|| __rt::Type::<
                    Option<String>,
                >::example(__rt::Some(__rt::Into::into("regular")))),
            __rt::json_column::<Theme, false>("theme")
                .default_value(|| __rt::JsonType::<
                    Theme,
                    false,
                >::value(__rt::Default::default()))
                .doc("Stored as JSON."),
            __rt::json_column::<Option<Theme>, true>("oldTheme")
                .named("old_theme")
                .doc("For administrators only, as JSON."),
            __rt::Column::new::<String>("workspace")
                .at_most(63)
                .tenant()
                .doc("What the user belongs to."),
            __rt::Column::new::<DateTime<Utc>>("changedAt")
                .named("changed_at")
                .updated_at()
                .doc("Set by every change."),
        ];
        const CONFIG: __rt::Config = {
            const TABLES: &[&__rt::Table] = &[&__rt::LIMITS, &__rt::EVENTS];
            __rt::Config::new(
                    &[
                        __rt::BackendSpec::bearer("app", __rt::StrategyKind::Redis)
                            .under("/session"),
                        __rt::BackendSpec::cookie("site", __rt::StrategyKind::Custom)
                            .without_routes(),
                    ],
                )
                .routes(__rt::Routes {
                    auth: false,
                    register: __rt::Some("/customers"),
                    reset_password: __rt::None,
                    verify: __rt::Some("/account"),
                    users: __rt::Some("/customers"),
                    except: &[__rt::Route::DeleteUser, __rt::Route::UpdateMe],
                    requires_verification: true,
                })
                .limits(
                    __rt::Limits::Rules(
                        __rt::LimitRules::DEFAULT
                            .login(
                                &[
                                    __rt::LimitRule::new(
                                        120u32,
                                        __rt::LimitPeriod::Minute,
                                        __rt::LimitBy::Ip,
                                    ),
                                    __rt::LimitRule::new(
                                        5u32,
                                        __rt::LimitPeriod::Minute,
                                        __rt::LimitBy::AccountAndIp,
                                    ),
                                ],
                            )
                            .register(&[])
                            .forgot(
                                &[
                                    __rt::LimitRule::new(
                                        5u32,
                                        __rt::LimitPeriod::Hour,
                                        __rt::LimitBy::Account,
                                    ),
                                ],
                            ),
                    ),
                )
                .events(__rt::Duration::from_hours(720))
                .secure()
                .tables(TABLES)
        };
        fn from_row(__row: &mut __rt::Row) -> __rt::Result<Self, __rt::RowError> {
            __rt::Ok(Self {
                number: __rt::Type::<Uuid>::take(__row, 0)?,
                address: __rt::Type::<String>::take(__row, 1)?,
                hashed_password: __rt::Type::<PasswordHash>::take(__row, 2)?,
                enabled: __rt::Type::<bool>::take(__row, 3)?,
                is_superuser: __rt::Type::<bool>::take(__row, 4)?,
                is_verified: __rt::Type::<bool>::take(__row, 5)?,
                name: __rt::Type::<String>::take(__row, 6)?,
                age: __rt::Type::<i32>::take(__row, 7)?,
                note: __rt::Type::<String>::take(__row, 8)?,
                points: __rt::Type::<i64>::take(__row, 9)?,
                visits: __rt::Type::<i64>::take(__row, 10)?,
                r#type: __rt::Type::<Option<String>>::take(__row, 11)?,
                theme: __rt::JsonType::<Theme, false>::take(__row, 12)?,
                old_theme: __rt::JsonType::<Option<Theme>, true>::take(__row, 13)?,
                workspace: __rt::Type::<String>::take(__row, 14)?,
                changed_at: __rt::Type::<DateTime<Utc>>::take(__row, 15)?,
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
        fn read_with(
            &self,
            __email: __rt::String,
            __viewer: __rt::Viewer,
            __loaded: CustomerLoaded,
        ) -> Shown {
            Shown {
                id: __rt::Clone::clone(&self.number),
                email: __email,
                is_active: self.enabled,
                is_superuser: self.is_superuser,
                is_verified: self.is_verified,
                name: __rt::Clone::clone(&self.name),
                age: __viewer.shown_to_admin(&self.age),
                note: __viewer.shown_to_admin(&self.note),
                points: __rt::Clone::clone(&self.points),
                r#type: __rt::Clone::clone(&self.r#type),
                theme: __rt::Clone::clone(&self.theme),
                old_theme: __viewer.shown_to_admin(&self.old_theme),
                workspace: __rt::Clone::clone(&self.workspace),
                changed_at: __rt::Clone::clone(&self.changed_at),
                full_label: (Customer::label)(self),
                orders: __loaded.orders,
            }
        }
        fn tenant(&self) -> __rt::Option<__rt::Value> {
            __rt::Some(__rt::Field::to_value(&self.workspace))
        }
        fn new_id() -> __rt::Option<Uuid> {
            __rt::new_id_v7::<Uuid>()
        }
    }
    impl __rt::TenantModel for Customer {
        type Tenant = String;
    }
    impl __rt::Loaded<Customer> for CustomerLoaded {
        fn load<'__a>(
            __from: __rt::Loading<'__a>,
            __of: &'__a [Customer],
        ) -> __rt::Result<
            impl __rt::Future<
                Output = __rt::Result<__rt::Vec<Self>, __rt::HookError>,
            > + __rt::Send,
            __rt::MissingState,
        > {
            let __field_orders = (orders)(__from.state("orders")?, __of);
            __rt::Ok(async move {
                let mut __field_orders = __rt::loaded::<
                    Vec<i64>,
                    _,
                >("orders", __of.len(), __field_orders.await)?;
                let __each = || __rt::Some(Self {
                    orders: __rt::Iterator::next(&mut __field_orders)?,
                });
                __rt::Ok(__rt::Iterator::collect(__rt::from_fn(__each)))
            })
        }
    }
    impl Customer {
        __rt::field!(pub NAME : String = "name");
        __rt::field!(pub AGE : i32 = "age");
        __rt::field!(pub NOTE : String = "note");
        __rt::field!(pub POINTS : i64 = "points");
        __rt::field!(pub VISITS : i64 = "visits");
        __rt::field!(pub TYPE : Option < String > = "type");
        __rt::field!(pub THEME : __rt::AsJson < Theme, false > = "theme");
        __rt::field!(
            pub OLD_THEME : __rt::AsJson < Option < Theme >, true > = "oldTheme"
        );
        __rt::field!(pub CHANGED_AT : DateTime < Utc > = "changedAt");
    }
    const _: &[&__rt::str] = &[
        Customer::NAME.name(),
        Customer::AGE.name(),
        Customer::NOTE.name(),
        Customer::POINTS.name(),
        Customer::VISITS.name(),
        Customer::TYPE.name(),
        Customer::THEME.name(),
        Customer::OLD_THEME.name(),
        Customer::CHANGED_AT.name(),
    ];
    impl __rt::Schema for Shown {
        const NAME: &'static __rt::str = "Shown";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member!("id", id : Uuid),
            &__rt::member!("email", email : String),
            &__rt::member!("isActive", is_active : bool),
            &__rt::member!("isSuperuser", is_superuser : bool),
            &__rt::member!("isVerified", is_verified : bool),
            &__rt::member!("name", name : String),
            &__rt::presence!("age", age : i32),
            &__rt::presence!("note", note : String),
            &__rt::member!("points", points : i64),
            &__rt::member!("type", r#type : Option < String >),
            &__rt::json_member!("theme", theme : Theme, false),
            &__rt::json_presence!("oldTheme", old_theme : Option < Theme >, true),
            &__rt::member!("workspace", workspace : String),
            &__rt::member!("changedAt", changed_at : DateTime < Utc >),
            &__rt::computed_member!("fullLabel", full_label : String),
            &__rt::computed_member!("orders", orders : Vec < i64 >),
        ];
    }
    __rt::shown!(Shown);
    impl __rt::Schema for Registration {
        const NAME: &'static __rt::str = "Registration";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member!("email", email : String),
            &__rt::member("password", |__schema: &Self| &__schema.password),
            &__rt::member!("isActive", is_active : bool),
            &__rt::member!("isSuperuser", is_superuser : bool),
            &__rt::member!("isVerified", is_verified : bool),
            &__rt::member!("name", name : String),
            &__rt::member!("age", age : i32),
            &__rt::member!("note", note : String),
            &__rt::member!("type", r#type : Option < String >),
            &__rt::json_member!("theme", theme : Theme, false),
            &__rt::json_member!("oldTheme", old_theme : Option < Theme >, true),
        ];
    }
    __rt::sent!(Registration);
    impl __rt::Schema for Change {
        const NAME: &'static __rt::str = "Change";
        const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[
            &__rt::member("password", |__schema: &Self| &__schema.password),
            &__rt::presence!("email", email : String),
            &__rt::presence!("isActive", is_active : bool),
            &__rt::presence!("isSuperuser", is_superuser : bool),
            &__rt::presence!("isVerified", is_verified : bool),
            &__rt::presence!("name", name : String),
            &__rt::presence!("age", age : i32),
            &__rt::presence!("note", note : String),
            &__rt::presence!("type", r#type : Option < String >),
            &__rt::json_presence!("theme", theme : Theme, false),
            &__rt::json_presence!("oldTheme", old_theme : Option < Theme >, true),
        ];
    }
    __rt::sent!(Change);
    __rt::unchanged!(
        Change : password email is_active is_superuser is_verified name age note r#type
        theme old_theme
    );
    impl __rt::InputSchema for Registration {
        const DENY_UNKNOWN: __rt::bool = true;
        fn parse(__input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            let __field_email = __input.email();
            let __field_password = __input.password();
            let __field_is_active = __input.flag("isActive", true);
            let __field_is_superuser = __input.flag("isSuperuser", false);
            let __field_is_verified = __input.flag("isVerified", false);
            let __field_name = __input
                .field::<String>("name")
                .min_length(1)
                .max_length(50)
                .pattern("^[A-Z]")
                .check(|__value: &String| __rt::checked((polite)(__value)))
                .required();
            let __field_age = __input.field::<i32>("age").ge(0.0).lt(150.5).required();
            let __field_note = __input
                .field::<String>("note")
                .restricted(|| __rt::Into::into("none"));
            let __field_type = __input.field::<Option<String>>("type").or(|| __rt::None);
            let __field_theme = __input
                .json::<Theme>("theme")
                .documented(__rt::json_schema!(Theme))
                .check(|__value: &Theme| __rt::checked((bright)(__value)))
                .or(|| __rt::Default::default());
            let __field_old_theme = __input
                .json::<Option<Theme>>("oldTheme")
                .documented(__rt::json_schema!(Option < Theme >))
                .restricted(|| __rt::None);
            __rt::Some(Self {
                email: __field_email,
                password: __field_password,
                is_active: __field_is_active,
                is_superuser: __field_is_superuser,
                is_verified: __field_is_verified,
                name: __field_name?,
                age: __field_age?,
                note: __field_note,
                r#type: __field_type,
                theme: __field_theme,
                old_theme: __field_old_theme,
            })
        }
        fn validate(&self) -> __rt::Result<(), __rt::Problem> {
            __rt::judged((registrable)(self))
        }
    }
    impl __rt::InputSchema for Change {
        const DENY_UNKNOWN: __rt::bool = true;
        fn parse(__input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
            __rt::Some(Self {
                password: __input.new_password(),
                email: __input.new_email(),
                is_active: __input.new_flag("isActive"),
                is_superuser: __input.new_flag("isSuperuser"),
                is_verified: __input.new_flag("isVerified"),
                name: __input
                    .field::<String>("name")
                    .min_length(1)
                    .max_length(50)
                    .pattern("^[A-Z]")
                    .check(|__value: &String| __rt::checked((polite)(__value)))
                    .patch(),
                age: __input.field::<i32>("age").ge(0.0).lt(150.5).patch(),
                note: __input.field::<String>("note").restricted_patch(),
                r#type: __input.field::<Option<String>>("type").patch(),
                theme: __input
                    .json::<Theme>("theme")
                    .documented(__rt::json_schema!(Theme))
                    .check(|__value: &Theme| __rt::checked((bright)(__value)))
                    .patch(),
                old_theme: __input
                    .json::<Option<Theme>>("oldTheme")
                    .documented(__rt::json_schema!(Option < Theme >))
                    .restricted_patch(),
            })
        }
        fn validate(&self) -> __rt::Result<(), __rt::Problem> {
            __rt::judged((changeable)(self))
        }
    }
};
