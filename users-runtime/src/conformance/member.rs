//! The suite's own users.

use crate::{
    model::{Account, BackendSpec, Config, StrategyKind, UserModel},
    password::PasswordHash,
    schema::{Input, InputSchema, Member as SchemaMember, Schema},
    value::{Column, Field, FieldError, Kind, Role, Row, RowError, UserId, Value, Viewer},
};

/// A user of the suite's own: the six fields and a column of every kind.
///
/// Its table and one of its columns have names that SQL reserves.
#[derive(Clone, Debug)]
pub struct Member<Id> {
    id: Id,
    email: String,
    hashed_password: PasswordHash,
    flags: [bool; 3],
    extras: Vec<Value>,
}

/// What a member's extra columns are called and hold.
pub(super) const EXTRAS: [(&str, Kind); 12] = [
    ("nickname", Kind::Text),
    ("is_curious", Kind::Bool),
    ("small", Kind::SmallInt),
    ("medium", Kind::Int),
    ("order", Kind::BigInt),
    ("ratio", Kind::Float),
    ("avatar", Kind::Bytes),
    ("tenant", Kind::Uuid),
    ("seen_at", Kind::Timestamp),
    ("born_on", Kind::Date),
    ("wakes_at", Kind::Time),
    ("settings", Kind::Json),
];

/// Where the extra columns begin.
pub(super) const FIRST_EXTRA: usize = 6;

impl<Id> Member<Id> {
    /// What a column after the [six](Self::SIX) holds.
    pub(super) fn extra(&self, position: usize) -> &Value {
        &self.extras[position]
    }
}

impl<Id: UserId> Member<Id> {
    /// The columns that every user has.
    pub(super) const SIX: [Column; FIRST_EXTRA] = [
        Column::role::<Id>(Role::Id),
        Column::role::<Text>(Role::Email),
        Column::role::<PasswordHash>(Role::HashedPassword),
        Column::role::<Flag>(Role::IsActive),
        Column::role::<Flag>(Role::IsSuperuser),
        Column::role::<Flag>(Role::IsVerified),
    ];

    /// A member of a table with these columns, which begin with the [six](Self::SIX).
    pub(super) fn with_columns(row: &mut Row, columns: &[Column]) -> Result<Self, RowError> {
        Ok(Self {
            id: row.take(0)?,
            email: row.take::<Text>(1)?.0,
            hashed_password: row.take(2)?,
            flags: [
                row.take::<Flag>(3)?.0,
                row.take::<Flag>(4)?.0,
                row.take::<Flag>(5)?.0,
            ],
            extras: (FIRST_EXTRA..columns.len())
                .map(|column| Ok(row.take::<Stored>(column)?.0))
                .collect::<Result<_, RowError>>()?,
        })
    }
}

const fn extra(position: usize) -> Column {
    let (name, kind) = EXTRAS[position];
    Column {
        field: name,
        name,
        role: Role::Extra,
        kind,
        nullable: true,
        max_length: None,
        default: None,
        doc: "",
        example: None,
        is_updated_at: false,
        items: None,
    }
}

/// A required text with a default, as an enum would be stored.
const PLAN: Column = Column {
    nullable: false,
    max_length: Some(10),
    default: Some(|| Value::Text("it's free".into())),
    ..Column {
        field: "plan",
        name: "plan",
        kind: Kind::Text,
        ..extra(0)
    }
};

impl<Id: UserId> UserModel for Member<Id> {
    type Id = Id;
    type Read = Nothing;
    type Loaded = ();
    type Create = Nothing;
    type Update = Nothing;

    const TABLE: &'static str = "user";
    const COLUMNS: &'static [Column] = &{
        let mut columns = [PLAN; FIRST_EXTRA + EXTRAS.len() + 1];
        let mut position = 0;
        while position < FIRST_EXTRA {
            columns[position] = Self::SIX[position];
            position += 1;
        }
        while position < FIRST_EXTRA + EXTRAS.len() {
            columns[position] = extra(position - FIRST_EXTRA);
            position += 1;
        }
        columns
    };
    const CONFIG: Config = Config::new(&[BackendSpec::bearer("database", StrategyKind::Database)]);

    fn from_row(row: &mut Row) -> Result<Self, RowError> {
        Self::with_columns(row, Self::COLUMNS)
    }

    fn account(&self) -> Account<'_, Id> {
        let [is_active, is_superuser, is_verified] = self.flags;
        let Self {
            id,
            email,
            hashed_password,
            ..
        } = self;
        Account {
            id,
            email,
            hashed_password,
            is_active,
            is_superuser,
            is_verified,
        }
    }

    fn read_with(&self, _email: String, _viewer: Viewer, (): ()) -> Nothing {
        Nothing
    }
}

/// The schema of requests, of which the suite has none.
#[derive(Debug, serde::Serialize)]
pub struct Nothing;

impl Schema for Nothing {
    const NAME: &'static str = "Nothing";
    const FIELDS: &'static [&'static dyn SchemaMember<Self>] = &[];
}

impl InputSchema for Nothing {
    fn parse(_input: &mut Input<'_>) -> Option<Self> {
        Some(Self)
    }
}

/// Fields as the store gives them, so that the suite tests stores and not the conversions of field types.
macro_rules! field {
    ($name:ident($inner:ty), $kind:ident, $from:pat => $inner_value:expr, $to:expr) => {
        struct $name($inner);

        impl Field for $name {
            const KIND: Kind = Kind::$kind;

            fn to_value(&self) -> Value {
                let to: fn(&Self) -> Value = $to;
                to(self)
            }

            fn from_value(value: Value) -> Result<Self, FieldError> {
                let $from = value else {
                    return Err(FieldError::expected(stringify!($kind)));
                };
                Ok(Self($inner_value))
            }
        }
    };
}

field!(Text(String), Text, Value::Text(text) => text, |field| Value::Text(field.0.clone()));
field!(Flag(bool), Bool, Value::Bool(flag) => flag, |field| Value::Bool(field.0));

struct Stored(Value);

impl Field for Stored {
    const KIND: Kind = Kind::Text;

    fn to_value(&self) -> Value {
        self.0.clone()
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        Ok(Self(value))
    }
}
