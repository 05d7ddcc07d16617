#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "my users", tabel = "user", schemas(create = Registration))]
pub struct User {
    pub id: Uuid,
    #[fastapi_users(lenght(max = 3))]
    pub name: String,
}
