//! `Users::set` and `NewUser::set`: single fields that the application itself sets.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use users_runtime::{
    HookError, Hooks, PasswordHash, RequestParts, SqliteStore, UserModel, Users, async_trait,
    errors::{FieldNotSet, UpdateError},
    hooks::Registration,
    users::NewUser,
};
use users_tests::{PASSWORD, SECRET};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(rename_all = "camelCase", backend(name = "jwt", transport = bearer, strategy = jwt))]
struct Member {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(access = private, default)]
    visits: i64,
    #[fastapi_users(access = read_only)]
    badge: Option<String>,
    #[fastapi_users(length(max = 10), default)]
    favourite_colour: String,
    #[fastapi_users(json)]
    tags: Option<Vec<String>>,
}

/// Counts the changes that hooks are told of.
#[derive(Clone, Default)]
struct Changes(Arc<AtomicUsize>);

#[async_trait]
impl Hooks<Member> for Changes {
    async fn before_register(
        &self,
        new: &mut NewUser<Member>,
        _: &Registration<'_>,
    ) -> Result<(), HookError> {
        if new.email().starts_with("filled") {
            new.set(Member::VISITS, 3)?;
            new.set(Member::BADGE, Some("gold".to_owned()))?;
            new.set(Member::TAGS, Some(vec!["new".to_owned()]))?;
            new.set(Member::FAVOURITE_COLOUR, "green")?;
            assert_eq!(new.get(Member::VISITS), Some(3));
            let long = new.set(Member::FAVOURITE_COLOUR, "x".repeat(11));
            assert!(matches!(long, Err(FieldNotSet::Invalid(_))), "{long:?}");
        }
        Ok(())
    }

    async fn on_after_update(
        &self,
        _: &Member,
        _: &MemberUpdate,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

async fn users(changes: &Changes) -> (SqliteStore<Member>, Users<Member>) {
    let store = SqliteStore::<Member>::connect("sqlite::memory:").await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    let users = Users::<Member>::builder(store.clone(), SECRET).hooks(changes.clone());
    (store, users.build().expect("a sound configuration"))
}

async fn member(users: &Users<Member>, email: &str) -> Member {
    let create = serde_json::json!({ "email": email, "password": PASSWORD });
    let create = serde_json::from_value(create).expect("a registration");
    users.create(create, None).await.expect("a new user")
}

#[tokio::test]
async fn a_hook_sets_fields_of_a_new_user_whatever_the_schemas_call_them() {
    let (_, users) = users(&Changes::default()).await;
    let new = member(&users, "filled@example.com").await;
    assert_eq!(
        (new.visits, new.badge.as_deref(), &*new.favourite_colour),
        (3, Some("gold"), "green")
    );
    assert_eq!(new.tags.as_deref(), Some(&["new".to_owned()][..]));
    let plain = member(&users, "jo@example.com").await;
    assert_eq!((plain.visits, plain.favourite_colour), (0, String::new()));
}

#[tokio::test]
async fn one_field_is_set_that_no_client_sends_and_nothing_else() {
    let changes = Changes::default();
    let (_, users) = users(&changes).await;
    let (jo, al) = (
        member(&users, "jo@example.com").await,
        member(&users, "al@example.com").await,
    );
    let visited = users.set(&jo, Member::VISITS, 7).await.expect("the user");
    assert_eq!((visited.visits, &visited.badge), (7, &None));
    // Of what is stored now: the user that is passed may be older.
    let badge = users.set(&jo, Member::BADGE, "gold".to_owned()).await;
    let badge = badge.expect("the user");
    assert_eq!((badge.visits, badge.badge.as_deref()), (7, Some("gold")));
    let none = users.set(&jo, Member::BADGE, None).await.expect("the user");
    assert_eq!((none.badge, none.email), (None, jo.email.clone()));
    let al = users.find(&al.id).await.expect("a store").expect("a user");
    assert_eq!((al.visits, al.badge), (0, None));
    assert_eq!(changes.0.load(Ordering::Relaxed), 0, "no hook is called");
}

#[tokio::test]
async fn a_field_that_cannot_be_set_says_why() {
    let (store, users) = users(&Changes::default()).await;
    let (jo, al) = (
        member(&users, "jo@example.com").await,
        member(&users, "al@example.com").await,
    );
    let index = "CREATE UNIQUE INDEX one_badge ON member (badge)";
    sqlx::raw_sql(index)
        .execute(store.pool())
        .await
        .expect("an index");
    let first = users.set(&jo, Member::BADGE, "gold".to_owned()).await;
    first.expect("the user");
    let second = users.set(&al, Member::BADGE, "gold".to_owned()).await;
    let second = second.expect_err("the badge of another user");
    assert!(matches!(second, UpdateError::Failed(_)), "{second:?}");
    users.delete(&al, None).await.expect("the user");
    let gone = users.set(&al, Member::VISITS, 1).await;
    let gone = gone.expect_err("no user");
    assert!(matches!(gone, UpdateError::NotFound), "{gone:?}");
}
