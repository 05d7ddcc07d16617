#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "user",
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "cookie", transport = cookie, strategy = database)
)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(length(max = 100))]
    pub first_name: Option<String>,
    #[fastapi_users(length(max = 100))]
    pub last_name: Option<String>,
}
