//! Fourteen mistakes of different kinds in one struct, whose schemas the application uses: all of them are reported in one compile,
//! each once, and nothing besides.

use users_runtime::{CurrentUser, PasswordHash, UserModel};

#[derive(Clone, UserModel)]
#[fastapi_users(
    table = "my users", shema(read = Shown), // 1: the name of the table; 2: an unknown key
    backend(name = "jwt", transport = bearer), // 3: no strategy
    backend(name = "site", transport = carrier_pigeon, strategy = database), // 4: an unknown word
    routes(login = false, users = "users"), // 5: an unknown route; 6: a prefix without a slash
    limits(login = "10/minute/ip"), // 7: the grammar of the limits
)]
pub struct User<P> {
    // 8: generics; 9: no id
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(email)]
    pub second: String, // 10: a second address
    #[fastapi_users(access = private, create = public)] // 11: keys that contradict each other
    pub note: Option<String>,
    #[fastapi_users(length(max = 3))] // 12: a length of a number
    pub age: i64,
    #[fastapi_users(default = "many")] // 13: a default of another type
    pub visits: i64,
    pub big: u64, // 14: a type that no column holds
    #[fastapi_users(skip)]
    pub plan: std::marker::PhantomData<P>,
}

async fn handler(user: CurrentUser<User<()>>) -> String {
    user.user.email
}

fn registration(age: i64, note: Option<String>) -> UserCreate {
    UserCreate {
        email: String::new(),
        password: String::new().into(),
        is_active: true,
        is_superuser: false,
        is_verified: false,
        second: String::new(),
        note,
        age,
        visits: 1,
        big: 1,
    }
}

fn shown(user: UserRead) -> (i64, bool, String) {
    (user.age, user.is_verified, user.email)
}

fn main() {
    let _ = axum::Router::<users_runtime::Users<User<()>>>::new().route("/", axum::routing::get(handler));
}
