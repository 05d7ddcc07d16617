/// A customer.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "customers",
    crate = users_runtime,
    secure,
    schemas(read = Shown, create = Registration, update = Change),
    rename_all = "camelCase",
    deny_unknown,
    validate_schemas(create = registrable, update = changeable),
    computed(
        /// The name and the number.
        full_label: String = Customer::label,
        /// The numbers of the orders.
        orders: Vec<i64> = async orders
    ),
    backend(name = "app", transport = bearer, strategy = redis, prefix = "/session"),
    backend(name = "site", transport = cookie, strategy = custom, routes = false),
    limits(login = "120/m/ip, 5/m/account+ip", register = false, forgot = "5/h/account"),
    events(keep = "30d"),
    routes(auth = false, register = "/customers", reset_password = false, verify = "/account", users = "/customers", except(delete_user, update_me), requires_verification)
)]
pub struct Customer {
    /// The number of the customer.
    #[fastapi_users(id(v7), column = "customer_id")]
    pub number: Uuid,
    /// The address.
    #[fastapi_users(email, column = "mail")]
    pub address: String,
    /// The hash.
    pub hashed_password: PasswordHash,
    /// Whether the customer may log in.
    #[fastapi_users(is_active, column = "enabled")]
    pub enabled: bool,
    /// Whether the customer may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// Required.
    #[fastapi_users(length(min = 1, max = 50), pattern = "^[A-Z]", validate = polite, example = "Jo, please")]
    pub name: String,
    /// Sent by everybody, seen by administrators.
    #[fastapi_users(read = admin, range(min = 0, below = 150.5), example = 42)]
    pub age: i32,
    /// For administrators only.
    #[fastapi_users(access = admin_only, default = "none")]
    pub note: String,
    /// Set by the application.
    #[fastapi_users(access = read_only, default = -1)]
    pub points: i64,
    /// Not on the wire.
    #[fastapi_users(access = private, default)]
    pub visits: i64,
    /// A keyword.
    #[fastapi_users(example = "regular")]
    pub r#type: Option<String>,
    /// Stored as JSON.
    #[fastapi_users(json, default, validate = bright)]
    pub theme: Theme,
    /// For administrators only, as JSON.
    #[fastapi_users(json, access = admin_only)]
    pub old_theme: Option<Theme>,
    /// What the user belongs to.
    #[fastapi_users(tenant, length(max = 63))]
    pub workspace: String,
    /// Set by every change.
    #[fastapi_users(updated_at)]
    pub changed_at: DateTime<Utc>,
    /// Not stored.
    #[fastapi_users(skip)]
    pub cache: Vec<String>,
}
