//! What differs between SQL databases in the text of a statement.

use crate::{
    store::guard::Held,
    value::{Column, Kind, Role, Value},
};

/// An index to be created.
pub struct Index<'a> {
    /// Its name.
    pub name: &'a str,
    /// The table.
    pub table: &'a str,
    /// The column or expression, as the dialect writes it; several with commas.
    pub on: &'a str,
    /// Whether no two rows may have the same.
    pub is_unique: bool,
}

/// A column that the database itself fills.
pub struct KeyColumn {
    /// Its name.
    pub name: String,
    /// The name, the type, and what it is filled with.
    pub definition: String,
    /// What it is filled with.
    pub expression: String,
}

/// How one database writes SQL. Everything that is not here is the same text for every database.
pub trait Dialect: Send + Sync + 'static {
    /// The placeholder of the argument at a position, counted from 1.
    fn placeholder(&self, position: usize) -> String;

    /// A column's type, e.g. `VARCHAR(320)`.
    fn column_type(&self, column: &Column) -> String;

    /// What follows the column's name where the database assigns whole-number ids.
    fn assigned_id(&self, column: &Column) -> String;

    /// A value as a literal, for the `DEFAULT` of a column.
    fn literal(&self, value: &Value) -> String;

    /// The same of a column's type, where the value does not say which it is.
    fn literal_of(&self, column: &Column, value: &Value) -> String {
        let _ = column;
        self.literal(value)
    }

    /// Whether a list can be stored in an array.
    fn has_arrays(&self) -> bool {
        false
    }

    /// Whether a column that was declared with this type can hold what the store puts there.
    fn holds(&self, declared: &str, column: &Column) -> bool;

    /// Whether a text may have a NUL character, which then comes back and can be looked for.
    fn holds_nul(&self) -> bool;

    /// Whether a number may be infinite.
    fn holds_infinity(&self) -> bool {
        true
    }

    /// Whether a column that was declared with this type can refer to the users' primary key.
    fn holds_reference(&self, declared: &str, id: &Column) -> bool {
        self.holds(
            declared,
            &Column {
                role: Role::Extra,
                ..*id
            },
        )
    }

    /// The condition that an id, or what refers to one, is stored in another form than the one that is looked for; `None` where
    /// its type has one form only.
    fn has_other_form(&self, id: Kind, expression: &str) -> Option<String> {
        (id == Kind::ObjectId).then(|| format!("{expression} <> lower({expression})"))
    }

    /// As what an id is read so that it comes back, and is compared, as it is stored.
    fn as_stored(&self, id: Kind) -> Kind {
        if id == Kind::ObjectId { Kind::Text } else { id }
    }

    /// What only some databases hold.
    fn held(&self) -> Held {
        Held {
            nul: self.holds_nul(),
            infinity: self.holds_infinity(),
        }
    }

    /// Whether a table's column is the one that statements name so.
    fn is_same_name(&self, found: &str, wanted: &str) -> bool {
        found.eq_ignore_ascii_case(wanted)
    }

    /// What ends a `SELECT` so that its rows are kept from others until the transaction ends; empty where one that writes keeps
    /// everything from other writers.
    fn for_update(&self) -> &'static str {
        ""
    }

    /// What mends a column whose type does not fit.
    fn type_fix(&self, declared: &str, column: &Column) -> &'static str {
        let _ = (declared, column);
        "change the column's type, or the field's"
    }

    /// How many bytes a name may have without being cut or refused; `None` where it may have any number.
    fn longest_name(&self) -> Option<usize> {
        None
    }

    /// A table's or column's name.
    fn quote(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// The form of an e-mail address that is compared and indexed.
    fn email_key(&self, expression: &str) -> String {
        format!("lower({expression})")
    }

    /// How many code points a text has.
    fn char_length(&self, expression: &str) -> String {
        format!("length({expression})")
    }

    /// The column, or what stands for it, that an index finds an e-mail address by when it is compared with the
    /// [`email_key`](Self::email_key) of one.
    fn indexed_email(&self, table: &str, column: &str) -> String {
        self.email_key(&self.qualified(table, column))
    }

    /// The [`email_key`](Self::email_key) of an argument, to be compared with that of a column.
    fn wanted_email(&self, table: &str, column: &str, placeholder: &str) -> String {
        let _ = (table, column);
        self.email_key(placeholder)
    }

    /// Whether an update can have a condition on other rows of its table.
    fn updates_see_others(&self) -> bool {
        true
    }

    /// The column beside the e-mail address's own that its unique index is on, where an index cannot be on an expression.
    fn key_column(&self, email: &Column) -> Option<KeyColumn> {
        let _ = email;
        None
    }

    /// The column beside the id of a linked account that the unique index on accounts is on in a table that was taken over,
    /// where the id's own column may take several for the same.
    fn account_key_column(&self, account_id: &Column) -> Option<KeyColumn> {
        let _ = account_id;
        None
    }

    /// Whether a column that was declared so is filled as this one.
    fn is_key_column(&self, declared: &str, key: &KeyColumn) -> bool {
        let _ = (declared, key);
        false
    }

    /// A column as it is read, so that every type that [`holds`](Self::holds) accepts is read as the field's.
    fn read(&self, table: &str, column: &Column) -> String {
        self.qualified(table, column.name)
    }

    /// A column with its table. SQLite takes a lone quoted name that is no column for a text, and would answer with that.
    fn qualified(&self, table: &str, column: &str) -> String {
        format!("{}.{}", self.quote(table), self.quote(column))
    }

    /// The condition that a column of text is exactly an argument, however the column was declared.
    fn text_equals(&self, column: &str, placeholder: &str) -> String {
        format!("{column} = {placeholder}")
    }

    /// How often [`text_equals`](Self::text_equals) has its placeholder, each of which wants the argument.
    fn arguments_of_text_equals(&self) -> usize {
        1
    }

    /// A text of which no two are the same unless they are exactly equal, however the column was declared.
    fn exact(&self, column: &str) -> String {
        column.to_owned()
    }

    /// Creates an index, unless there is one of its name where the database can see to that.
    fn create_index(&self, index: &Index<'_>) -> String {
        let unique = if index.is_unique { "UNIQUE " } else { "" };
        let Index {
            name, table, on, ..
        } = index;
        format!(
            "CREATE {unique}INDEX IF NOT EXISTS {} ON {} ({on})",
            self.quote(name),
            self.quote(table)
        )
    }

    /// Drops an index of a table.
    fn drop_index(&self, table: &str, name: &str) -> String {
        let _ = table;
        format!("DROP INDEX {}", self.quote(name))
    }

    /// Whether a new table's indexes are part of the statement that creates it, since [`create_index`](Self::create_index)
    /// cannot be repeated.
    fn creates_indexes_with_tables(&self) -> bool {
        false
    }

    /// What follows the closing bracket of a new table.
    fn table_options(&self) -> &'static str {
        ""
    }

    /// The greater of two numbers that are not `NULL`.
    fn greatest(&self, one: &str, other: &str) -> String {
        format!("GREATEST({one}, {other})")
    }

    /// Whether a `DELETE` has `ORDER BY` and `LIMIT`, and no sub-select with a limit of its own table's rows.
    fn deletes_portions(&self) -> bool {
        false
    }

    /// What ends a statement that writes one row, so that it answers with the row as stored; empty where it does not.
    fn returning(&self, columns: &str) -> String {
        format!(" RETURNING {columns}")
    }
}

/// The length of the hashes that the default hasher writes: a column that holds these serves.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::store) const HASH_LENGTH: u32 = 97;

/// The number of digits that a float gives back as they were written.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::store) const FLOAT_DIGITS: u32 = 15;

/// Whether a column of texts with a limit can hold a field. A shorter one serves for the address, since the server refuses longer
/// ones, and for hashes as far as the default hasher's fit.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::store) fn holds_text(limit: u32, column: &Column) -> bool {
    match column.role {
        Role::Email => true,
        Role::HashedPassword => limit >= HASH_LENGTH,
        _ => column.max_length.is_some_and(|length| length <= limit),
    }
}

/// Whether a type `numeric(…)` or `decimal(…)` gives a float back, except for what it rounds.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::store) fn holds_float(declared: &str, name: &str) -> bool {
    let digits = declared
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix('('))
        .and_then(|rest| rest.split([',', ')']).next())
        .and_then(|digits| digits.trim().parse::<u32>().ok());
    digits.is_some_and(|digits| digits <= FLOAT_DIGITS)
}

/// Whether the database assigns ids of this kind.
pub(crate) fn assigns(kind: Kind) -> bool {
    matches!(kind, Kind::SmallInt | Kind::Int | Kind::BigInt)
}
