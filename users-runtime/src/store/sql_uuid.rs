//! A UUID in the form of the stores' tables, for the application's own statements.

use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};
use uuid::Uuid;

/// A UUID that sqlx binds and reads as the stores keep it: `UUID` on PostgreSQL, and 36 characters on SQLite, MySQL and MariaDB.
///
/// `bind(user.id)` compiles with these databases too, but stores 16 bytes, which match no user.
///
/// ```
/// # use uuid::Uuid;
/// use users_runtime::store::SqlUuid;
///
/// # async fn titles(pool: &sqlx::SqlitePool, id: Uuid) -> Result<(), sqlx::Error> {
/// let notes: Vec<(SqlUuid, String)> = sqlx::query_as("SELECT user_id, text FROM note WHERE user_id = ?")
///     .bind(SqlUuid(id))
///     .fetch_all(pool)
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// On MySQL and MariaDB a foreign key also needs the character set of the stores' tables: end the `CREATE TABLE` with
/// `DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`.
///
/// A store with `uuids_without_hyphens()` has 32 digits: bind `id.simple()`, which sqlx writes as text. One of MySQL with
/// `uuids_as_bytes()` has the bytes of `bind(id)` itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SqlUuid(pub Uuid);

impl From<Uuid> for SqlUuid {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<SqlUuid> for Uuid {
    fn from(SqlUuid(id): SqlUuid) -> Self {
        id
    }
}

/// The UUID as sqlx writes and reads another type on a database.
macro_rules! stored_as {
    ($database:ty, $form:ty, $write:expr, $read:expr) => {
        impl Type<$database> for SqlUuid {
            fn type_info() -> <$database as Database>::TypeInfo {
                <$form as Type<$database>>::type_info()
            }

            fn compatible(column: &<$database as Database>::TypeInfo) -> bool {
                <$form as Type<$database>>::compatible(column)
            }
        }

        impl Encode<'_, $database> for SqlUuid {
            fn encode_by_ref(
                &self,
                arguments: &mut <$database as Database>::ArgumentBuffer,
            ) -> Result<IsNull, BoxDynError> {
                let form: $form = $write(self.0);
                Encode::<$database>::encode(form, arguments)
            }
        }

        impl<'r> Decode<'r, $database> for SqlUuid {
            fn decode(value: <$database as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let form = <$form as Decode<'r, $database>>::decode(value)?;
                Ok(Self($read(form)?))
            }
        }
    };
}

/// The UUID as 36 characters.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
macro_rules! stored_as_text {
    ($database:ty) => {
        stored_as!(
            $database,
            String,
            |id: Uuid| id.hyphenated().to_string(),
            |text: String| Uuid::try_parse(&text)
        );
    };
}

#[cfg(feature = "sqlite")]
stored_as_text!(sqlx::Sqlite);
#[cfg(feature = "mysql")]
stored_as_text!(sqlx::MySql);
#[cfg(feature = "postgres")]
stored_as!(sqlx::Postgres, Uuid, |id: Uuid| id, Ok::<Uuid, BoxDynError>);

#[cfg(feature = "postgres")]
impl sqlx::postgres::PgHasArrayType for SqlUuid {
    fn array_type_info() -> sqlx::postgres::PgTypeInfo {
        <Uuid as sqlx::postgres::PgHasArrayType>::array_type_info()
    }
}
