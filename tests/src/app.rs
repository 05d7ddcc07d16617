//! An application on a real socket.

use axum::Router;
use sqlx::sqlite::SqlitePoolOptions;
use users_runtime::{
    Compat, SqliteStore, UserModel as _, Users, UsersBuilder,
    password_policy::PasswordPolicy,
    store::{ColumnValue, UserStore as _},
    value::Value,
};

use crate::{Client, Database, PASSWORD, Recorder, SECRET, User, UserCreate, serve};

/// A running application: the routes of the user system on a free loopback port, on an SQLite file of its own.
#[derive(Debug)]
pub struct App {
    /// The user system.
    pub users: Users<User>,
    /// The store, for looking behind the routes.
    pub store: SqliteStore<User>,
    /// What the hooks were told.
    pub hooks: Recorder,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    _database: Database,
}

/// Prepares an [`App`].
pub struct AppBuilder {
    configure: Configure,
    routes: Routes,
    pool: Option<SqlitePoolOptions>,
}

type Configure = Box<dyn FnOnce(UsersBuilder<User>) -> UsersBuilder<User>>;
type Routes = Box<dyn FnOnce(&Users<User>) -> Router<Users<User>>>;

impl AppBuilder {
    /// Changes the user system before it is built.
    #[must_use]
    pub fn configure(
        mut self,
        configure: impl FnOnce(UsersBuilder<User>) -> UsersBuilder<User> + 'static,
    ) -> Self {
        self.configure = Box::new(configure);
        self
    }

    /// Serves other routes than `users.router()`.
    #[must_use]
    pub fn routes(
        mut self,
        routes: impl FnOnce(&Users<User>) -> Router<Users<User>> + 'static,
    ) -> Self {
        self.routes = Box::new(routes);
        self
    }

    /// Opens the database with these options instead of the store's own.
    #[must_use]
    pub fn pool(mut self, options: SqlitePoolOptions) -> Self {
        self.pool = Some(options);
        self
    }

    /// Starts the application.
    pub async fn start(self) -> App {
        let database = Database::new();
        let store = match self.pool {
            None => database.store().await,
            Some(options) => {
                let store = SqliteStore::new(
                    options
                        .connect(&database.url())
                        .await
                        .expect("an SQLite file"),
                );
                store.migrate().await.expect("the tables");
                store
            }
        };
        let hooks = Recorder::default();
        let builder = Users::<User>::builder(store.clone(), SECRET)
            .hooks(hooks.clone())
            // The hooks judge passwords.
            .password_policy(PasswordPolicy::none())
            // The suites send more requests than one client may. Those about limits switch them on.
            .limits_off();
        let users = (self.configure)(builder)
            .build()
            .expect("a sound configuration");
        let router = (self.routes)(&users).with_state(users.clone());
        let url = serve(|listener| axum::serve(listener, router)).await;
        App {
            users,
            store,
            hooks,
            url,
            _database: database,
        }
    }
}

impl App {
    /// Prepares an application with every route and the default mode.
    pub fn builder() -> AppBuilder {
        AppBuilder {
            configure: Box::new(|builder| builder),
            routes: Box::new(Users::router),
            pool: None,
        }
    }

    /// Starts an application with every route and the default mode.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Starts an application that behaves like FastAPI Users.
    pub async fn start_compatible() -> Self {
        Self::builder()
            .configure(|builder| builder.compat(Compat::FastApiUsers15))
            .start()
            .await
    }

    /// A client that presents nothing.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Creates a user with [`PASSWORD`] behind the routes.
    pub async fn user(&self, email: &str) -> User {
        let create = UserCreate {
            email: email.to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser: false,
            is_verified: false,
            first_name: None,
            note: None,
        };
        self.users.create(create, None).await.expect("a new user")
    }

    /// The user with this address, as stored.
    pub async fn stored(&self, email: &str) -> User {
        let user = self.users.find_by_email(email).await;
        user.expect("the store answers").expect("the user")
    }

    /// Changes a field of a user behind the routes.
    pub async fn set(&self, user: &User, field: &str, value: Value) -> User {
        let column = User::COLUMNS
            .iter()
            .position(|column| column.field == field)
            .expect("a field of the user");
        self.store
            .update(&user.id, vec![ColumnValue { column, value }], None)
            .await
            .expect("the user")
    }

    /// A client that presents a fresh bearer token of the backend `jwt`.
    pub async fn client_of(&self, user: &User) -> Client {
        let backend = self.users.backend("jwt").expect("the backend `jwt`");
        let token = backend.strategy().write(user).await.expect("a token");
        self.client().bearer(&token)
    }
}
