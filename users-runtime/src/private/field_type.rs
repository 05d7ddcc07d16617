//! What the generated code does with a field's type, so that a type that cannot be a field is reported exactly once.
//!
//! The generated code names the type of a field in many places. Only one of them, the field's column, requires what the type needs; the
//! others go through [`Type`], which has inherent items for types that have it. For all others the compiler falls back to
//! the items of [`Unsupported`], which never run, since the column does not compile.

use core::{fmt, marker::PhantomData};

use serde_json::Value as Json;

use super::stand_in;
use crate::{
    password::PasswordHash,
    schema::{FieldView, InputField, JsonInput, Member, View, Visitor},
    value::{Column, Field, Presence, Role, Row, RowError, UserId, Value},
};

/// The type of a field.
#[derive(Debug)]
pub struct Type<T>(PhantomData<T>);

/// A type that stores can hold.
#[derive(Debug)]
pub struct Supported<T>(PhantomData<T>);

/// A type that stores cannot hold.
#[derive(Debug)]
pub struct NotSupported<T>(PhantomData<T>);

impl<T: Field> Type<T> {
    /// What schemas do with the type.
    pub const SHOWN: Supported<T> = Supported(PhantomData);
    /// The column of an id of this type; another bound checks whether it is an id.
    pub const ID: Column = Column::role::<T>(Role::Id);

    /// Takes the field out of a row.
    pub fn take(row: &mut Row, column: usize) -> Result<T, RowError> {
        row.take(column)
    }

    /// The stored form of a default.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it gives an expression its type"
    )]
    pub fn value(default: T) -> Value {
        default.to_value()
    }
}

impl<T: FieldView> Type<T> {
    /// An example as JSON, as a client is shown it; `null` where its type cannot be shown.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it gives an expression its type"
    )]
    pub fn example(example: T) -> Json {
        example.json().into_option().unwrap_or_default()
    }
}

impl Type<String> {
    /// The e-mail address.
    pub const fn text(text: &str) -> &str {
        text
    }
}

impl Type<PasswordHash> {
    /// The password hash.
    pub const fn hash(hash: &PasswordHash) -> &PasswordHash {
        hash
    }
}

impl Type<bool> {
    /// A flag.
    pub const fn flag(flag: &bool) -> bool {
        *flag
    }
}

/// The items of [`Type`] for types that have none of their own.
#[expect(missing_docs, reason = "documented at the types that have them")]
pub trait Unsupported {
    type Field;

    const SHOWN: NotSupported<Self::Field> = NotSupported(PhantomData);
    const ID: Column = Column::role::<i64>(Role::Id);

    fn take(_: &mut Row, _: usize) -> Result<Self::Field, RowError> {
        stand_in()
    }

    fn value(_: Self::Field) -> Value {
        stand_in()
    }

    fn example(_: Self::Field) -> Json {
        stand_in()
    }

    fn text(_: &Self::Field) -> &str {
        stand_in()
    }

    fn hash(_: &Self::Field) -> &PasswordHash {
        stand_in()
    }

    fn flag(_: &Self::Field) -> bool {
        stand_in()
    }
}

impl<T> Unsupported for Type<T> {
    type Field = T;
}

impl<T> Supported<T> {
    /// A type that schemas can show. `V` is `T`: named once more, since that is where the compiler reports what it lacks.
    pub const fn shown<V: FieldView + 'static>(self) -> Shown<V> {
        let Self(_) = self;
        Shown {
            same: View::new(),
            presence: View::new(),
        }
    }
}

/// A type that schemas can show.
#[derive(Debug)]
pub struct Shown<T> {
    same: View<T>,
    presence: View<Presence<T>>,
}

impl<T: fmt::Debug + serde::Serialize + 'static> Shown<T> {
    /// A type that is shown, and stored, as serde writes it.
    pub(super) const fn json<const NULLABLE: bool>() -> Self {
        Self {
            same: View::json::<NULLABLE>(),
            presence: View::json_presence::<NULLABLE>(),
        }
    }
}

impl<T: 'static> Shown<T> {
    /// Documents the type with this JSON schema.
    #[must_use]
    pub const fn documented(self, json_schema: fn() -> Json) -> Self {
        Self {
            same: self.same.documented(json_schema),
            presence: self.presence.documented(json_schema),
        }
    }

    /// A field of a schema.
    pub const fn member<S>(self, name: &'static str, get: fn(&S) -> &T) -> impl Member<S> {
        self.same.member(name, get)
    }

    /// A field of a schema that may be left out.
    pub const fn presence<S>(
        self,
        name: &'static str,
        get: fn(&S) -> &Presence<T>,
    ) -> impl Member<S> {
        self.presence.member(name, get)
    }
}

/// A field of a schema whose type cannot be one.
struct Impossible;

impl<S> Member<S> for Impossible {
    fn name(&self) -> &'static str {
        stand_in()
    }

    fn show(&self, _: &S, _: &mut dyn Visitor) {
        stand_in::<()>();
    }

    #[cfg(feature = "openapi")]
    fn json_schema(&self) -> Json {
        stand_in()
    }

    #[cfg(feature = "openapi")]
    fn is_optional(&self) -> bool {
        stand_in()
    }
}

impl<T> NotSupported<T> {
    /// See [`Supported::shown`].
    pub const fn shown<V>(self) -> NotShown<V> {
        let Self(_) = self;
        NotShown(PhantomData)
    }
}

/// A type that schemas cannot show, since it cannot be a field.
#[derive(Debug)]
pub struct NotShown<T>(PhantomData<T>);

impl<T> NotShown<T> {
    /// See [`Shown::documented`].
    #[must_use]
    pub const fn documented(self, _: fn() -> Json) -> Self {
        self
    }

    /// See [`Shown::member`].
    pub const fn member<S>(self, _: &'static str, _: fn(&S) -> &T) -> impl Member<S> {
        let Self(_) = self;
        Impossible
    }

    /// See [`Shown::presence`].
    pub const fn presence<S>(self, _: &'static str, _: fn(&S) -> &Presence<T>) -> impl Member<S> {
        let Self(_) = self;
        Impossible
    }
}

/// The last calls at an [`InputField`] for types that have none of their own.
#[expect(missing_docs, reason = "documented at the types that have them")]
pub trait UnsupportedInput<T>: Sized {
    fn required(self) -> Option<T> {
        stand_in()
    }

    fn or(self, _: fn() -> T) -> T {
        stand_in()
    }

    fn restricted(self, _: fn() -> T) -> T {
        stand_in()
    }

    fn patch(self) -> Presence<T> {
        stand_in()
    }

    fn restricted_patch(self) -> Presence<T> {
        stand_in()
    }
}

impl<T> UnsupportedInput<T> for InputField<'_, '_, T> {}
impl<T> UnsupportedInput<T> for JsonInput<'_, '_, T> {}

/// The type of an e-mail address.
#[diagnostic::on_unimplemented(
    message = "`email` is a `String`: write `email: String`",
    label = "`{Self}` cannot hold the e-mail address"
)]
pub trait EmailType: Field {}

impl EmailType for String {}

/// The type of a password hash.
#[diagnostic::on_unimplemented(
    message = "`hashed_password` is a `PasswordHash`: write `hashed_password: PasswordHash`",
    label = "`{Self}` cannot hold the password hash"
)]
pub trait PasswordHashType: Field {}

impl PasswordHashType for PasswordHash {}

/// The type of `is_active`, `is_superuser` and `is_verified`.
#[diagnostic::on_unimplemented(
    message = "`is_active`, `is_superuser` and `is_verified` are flags: write `bool`",
    label = "`{Self}` cannot hold the flag"
)]
pub trait FlagType: Field {}

impl FlagType for bool {}

/// The type of an id that can sort by the time it was made.
#[diagnostic::on_unimplemented(
    message = "only a `Uuid` has version 7: make the type `Uuid`, or write `id` alone",
    label = "`{Self}` has no version 7"
)]
pub trait SortableId: UserId {
    /// A new one.
    fn new_v7() -> Self;
}

impl SortableId for uuid::Uuid {
    fn new_v7() -> Self {
        Self::now_v7()
    }
}

/// The column of an id.
pub const fn id<T: UserId>() -> Column {
    Column::role::<T>(Role::Id)
}

/// The column of the e-mail address.
pub const fn email<T: EmailType>() -> Column {
    Column::role::<T>(Role::Email)
}

/// The column of the password hash.
pub const fn hashed_password<T: PasswordHashType>() -> Column {
    Column::role::<T>(Role::HashedPassword)
}

/// The column of a flag.
pub const fn flag<T: FlagType>(role: Role) -> Column {
    Column::role::<T>(role)
}

/// A new id that sorts by the time it was made (RFC 9562, version 7).
pub fn new_id_v7<T: SortableId>() -> Option<T> {
    Some(T::new_v7())
}
