//! Keys that other crates have, and what this one calls them.

/// Names that other crates have for one thing.
struct Synonyms {
    names: &'static [&'static str],
    /// The key that is meant; empty where this crate has no key for it.
    key: &'static str,
    /// What to write.
    instead: &'static str,
}

const fn synonyms(
    key: &'static str,
    names: &'static [&'static str],
    instead: &'static str,
) -> Synonyms {
    Synonyms {
        names,
        key,
        instead,
    }
}

/// The synonyms of each list of keys, which is recognized by a key that only this list has.
const LISTS: [(&str, &[Synonyms]); 6] = [
    ("column", OF_FIELDS),
    ("table", OF_STRUCTS),
    ("strategy", OF_BACKENDS),
    ("except", OF_ROUTES),
    ("forgot", OF_LIMITS),
    ("above", OF_RANGES),
];

const INDEX: &str = "create the index in a migration of your own, which `migrate()` keeps";
const REGISTER_A_BACKEND: &str = "declare how users stay logged in with `backend(name = \"jwt\", transport = bearer, strategy = jwt)`";
const LIFETIME: &str = "lifetimes are options of the builder: call `.access_token_lifetime(…)`";
const COOKIE: &str = "a cookie's attributes are options of the builder: call `.transport(\"NAME\", CookieTransport::new()…)`";
const SECRET: &str = "the secret is passed to `Users::builder(store, secret)`";
const UNIQUE: &str =
    "create a unique index on the column in a migration of your own, which `migrate()` keeps";

/// At a field.
const OF_FIELDS: &[Synonyms] = &[
    synonyms("id", &["primary_key", "pk"], "write `id`"),
    synonyms(
        "hashed_password",
        &["password", "password_hash"],
        "write `hashed_password`",
    ),
    synonyms("", &["unique", "unique_key"], UNIQUE),
    synonyms("", &["index", "indexed"], INDEX),
    synonyms(
        "",
        &["references", "foreign_key", "belongs_to", "relation"],
        "add the foreign key in a migration of your own, which `migrate()` keeps",
    ),
    synonyms(
        "column",
        &["column_name", "db_column"],
        "write `column = \"…\"`",
    ),
    synonyms(
        "rename",
        &["name", "alias", "serialize_as"],
        "write `column = \"…\"` for the name of the column, or `rename = \"…\"` for the name in the schemas",
    ),
    synonyms(
        "access",
        &["read_only", "readonly"],
        "write `access = read_only`",
    ),
    synonyms(
        "access",
        &["admin_only", "admin", "superuser_only"],
        "write `access = admin_only`",
    ),
    synonyms(
        "access",
        &["public"],
        "write `access = public`, which is the default",
    ),
    synonyms(
        "access",
        &["private", "internal", "secret"],
        "write `access = private`, or `read = private` for a field that clients may send",
    ),
    synonyms(
        "read",
        &[
            "hidden",
            "hide",
            "write_only",
            "writeonly",
            "sensitive",
            "skip_serializing",
            "skip_serializing_if",
        ],
        "write `read = private`",
    ),
    synonyms(
        "create",
        &["skip_deserializing", "immutable", "insert", "creatable"],
        "write `create = private` or `update = private`",
    ),
    synonyms(
        "update",
        &["updatable", "updateable", "editable"],
        "write `update = private`",
    ),
    synonyms("skip", &["ignore", "ignored", "transient"], "write `skip`"),
    synonyms(
        "default",
        &[
            "default_value",
            "default_expr",
            "default_fn",
            "server_default",
            "initial",
        ],
        "write `default = …` with a value of the field's type",
    ),
    synonyms(
        "",
        &["nullable", "optional", "null", "not_null", "required"],
        "a column may be NULL, and a client may leave the field out, if its type is an `Option`",
    ),
    synonyms(
        "length",
        &["max_length", "max_len", "maxlen", "size"],
        "write `length(max = 100)`",
    ),
    synonyms(
        "length",
        &["min_length", "min_len"],
        "write `length(min = 1)`",
    ),
    synonyms(
        "range",
        &["min", "max", "minimum", "maximum", "ge", "le", "gt", "lt"],
        "write `range(min = 0, max = 10)` for a number, or `length(min = 1, max = 100)` for text",
    ),
    synonyms(
        "pattern",
        &["regex", "regexp", "format"],
        "write `pattern = \"^[a-z]+$\"`",
    ),
    synonyms(
        "validate",
        &["validator", "custom", "check", "url"],
        "write `validate = function`",
    ),
    synonyms(
        "json",
        &[
            "flatten",
            "jsonb",
            "with",
            "serialize_with",
            "deserialize_with",
            "sql_type",
            "type",
        ],
        "write `json` to store any type of serde's, or implement `users_runtime::value::Field` for the type",
    ),
    synonyms(
        "updated_at",
        &["auto_now", "on_update"],
        "write `updated_at`",
    ),
    synonyms(
        "updated_at",
        &["created_at", "auto_now_add"],
        "write `access = read_only, default = Utc::now()`",
    ),
    synonyms(
        "",
        &["description", "doc", "comment", "title"],
        "write a documentation comment, which the OpenAPI document shows",
    ),
];

/// At the struct.
const OF_STRUCTS: &[Synonyms] = &[
    synonyms(
        "table",
        &["name", "table_name", "tablename"],
        "write `table = \"…\"`",
    ),
    synonyms(
        "backend",
        &[
            "jwt",
            "cookie",
            "bearer",
            "session",
            "sessions",
            "database",
            "redis",
            "auth",
            "transport",
            "strategy",
        ],
        REGISTER_A_BACKEND,
    ),
    synonyms(
        "routes",
        &[
            "register",
            "reset_password",
            "verify",
            "users",
            "except",
            "requires_verification",
            "prefix",
            "path",
        ],
        "write `routes(…)` with the prefixes and routes that differ from the default",
    ),
    synonyms(
        "limits",
        &["login", "rate_limit", "rate_limits", "throttle"],
        "write `limits(login = \"…\")` for the rate of logins, or `routes(except(login))` to leave a route out",
    ),
    synonyms(
        "",
        &["lifetime", "expires", "expires_in", "ttl", "max_age"],
        LIFETIME,
    ),
    synonyms("", &["secret", "key"], SECRET),
    synonyms("", &["unique"], UNIQUE),
    synonyms("", &["index"], INDEX),
    synonyms(
        "",
        &["hooks", "manager"],
        "pass them to the builder: call `.hooks(…)`",
    ),
    synonyms(
        "",
        &["password", "password_policy"],
        "the rules for passwords are an option of the builder: call `.password_policy(…)`",
    ),
    synonyms(
        "",
        &["id", "tenant", "email", "skip", "updated_at"],
        "write this key at the field that it is for",
    ),
    synonyms(
        "deny_unknown",
        &["deny_unknown_fields"],
        "write `deny_unknown`",
    ),
    synonyms(
        "oauth",
        &["google", "github", "provider", "providers"],
        "pass providers to the builder: call `.oauth(…)`",
    ),
];

/// In `backend(…)`.
const OF_BACKENDS: &[Synonyms] = &[
    synonyms("", &["lifetime", "expires", "expires_in", "ttl"], LIFETIME),
    synonyms(
        "",
        &["secret", "key", "keys"],
        "the secret is passed to `Users::builder(store, secret)`, and other keys to `.jwt_keys(…)`",
    ),
    synonyms(
        "transport",
        &["bearer", "cookie"],
        "write `transport = bearer` or `transport = cookie`",
    ),
    synonyms(
        "strategy",
        &["jwt", "session", "database", "redis"],
        "write `strategy = jwt`, `session`, `database` or `redis`",
    ),
    synonyms(
        "",
        &[
            "max_age",
            "cookie_name",
            "secure",
            "http_only",
            "same_site",
            "domain",
        ],
        COOKIE,
    ),
    synonyms(
        "refresh",
        &["refresh_token", "refresh_tokens"],
        "write `refresh`",
    ),
    synonyms("prefix", &["path", "url"], "write `prefix = \"…\"`"),
];

/// In `routes(…)`.
const OF_ROUTES: &[Synonyms] = &[
    synonyms(
        "except",
        &[
            "login",
            "logout",
            "refresh",
            "forgot_password",
            "request_verify_token",
            "me",
            "read_me",
            "update_me",
            "read_user",
            "update_user",
            "delete_user",
            "delete",
            "sessions",
            "events",
            "reset_for_user",
            "limits",
            "unlock",
            "skip",
            "exclude",
        ],
        "leave single routes out with `except(login, delete_user)`",
    ),
    synonyms(
        "except",
        &["prefix", "path"],
        "each group has a prefix of its own: write `users = \"/members\"`",
    ),
];

/// In `limits(…)`.
const OF_LIMITS: &[Synonyms] = &[
    synonyms(
        "forgot",
        &["forgot_password", "reset", "reset_password"],
        "write `forgot = \"…\"`",
    ),
    synonyms(
        "verify",
        &["request_verify_token"],
        "write `verify = \"…\"`",
    ),
];

/// In `range(…)`.
const OF_RANGES: &[Synonyms] = &[
    synonyms("above", &["gt", "exclusive_min"], "write `above = …`"),
    synonyms("below", &["lt", "exclusive_max"], "write `below = …`"),
    synonyms("above", &["ge", "minimum"], "write `min = …`"),
    synonyms("below", &["le", "maximum"], "write `max = …`"),
];

/// The key that is meant, or an empty text, and what to write, if other crates have a key of this name in such a list.
pub(super) fn synonym(given: &str, known: &[&'static str]) -> Option<(&'static str, &'static str)> {
    let (_, list) = LISTS.iter().find(|(key, _)| known.contains(key))?;
    let found = list
        .iter()
        .find(|synonyms| synonyms.names.contains(&given))?;
    Some((found.key, found.instead))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attr::{BackendAttr, FieldKeys, LimitRulesAttr, RangeAttr, RoutesAttr, StructKeys};

    #[test]
    fn every_synonym_is_one_name_of_one_key_and_not_a_key_itself() {
        let lists = [
            FieldKeys::KNOWN,
            StructKeys::KNOWN,
            BackendAttr::KNOWN,
            RoutesAttr::KNOWN,
            LimitRulesAttr::KNOWN,
            RangeAttr::KNOWN,
        ];
        for (known, (marker, list)) in lists.into_iter().zip(LISTS) {
            assert!(known.contains(&marker), "{marker}");
            let mut names = Vec::new();
            for synonyms in list {
                assert!(
                    synonyms.key.is_empty() || known.contains(&synonyms.key),
                    "{}",
                    synonyms.key
                );
                names.extend(synonyms.names);
            }
            for (position, name) in names.iter().enumerate() {
                assert!(!known.contains(name), "{name} is a key of {marker}'s list");
                assert!(!names[..position].contains(name), "{name} is there twice");
            }
        }
    }
}
