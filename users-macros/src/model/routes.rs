//! Which routes are mounted, and under which prefixes.

use syn::LitStr;

use crate::{
    attr::{Keyed, Prefix, RouteName, RoutesAttr},
    error::{self, Errors, Result},
};

/// The routes that differ from the default ones.
#[derive(Debug)]
pub(crate) struct Routes {
    pub(crate) auth: bool,
    pub(crate) register: Option<String>,
    pub(crate) reset_password: Option<String>,
    pub(crate) verify: Option<String>,
    pub(crate) users: Option<String>,
    pub(crate) except: Vec<RouteName>,
    pub(crate) requires_verification: bool,
}

/// The routes as their attribute declares them; what it leaves out has its default.
pub(super) fn read(attr: Keyed<RoutesAttr>, errors: &mut Errors) -> Routes {
    let attr = attr.into_inner();
    let mut prefix = |given: Option<Prefix>, usual: &str| match given {
        None => Some(usual.to_owned()),
        Some(Prefix::Nowhere) => None,
        Some(Prefix::At(prefix)) => {
            errors.handle(checked(&prefix));
            Some(prefix.value())
        }
    };
    let except = attr.except.unwrap_or_default();
    let routes = Routes {
        auth: attr.auth.unwrap_or(true),
        register: prefix(attr.register, "/auth"),
        reset_password: prefix(attr.reset_password, "/auth"),
        verify: prefix(attr.verify, "/auth"),
        users: prefix(attr.users, "/users"),
        except: except.into_iter().map(|route| route.value).collect(),
        requires_verification: attr.requires_verification.is_some(),
    };
    if let Some(place) = attr.requires_verification
        && !routes.auth
        && routes.users.is_none()
    {
        let message = "`requires_verification` is for login and for the users' routes, and both are left out: remove it";
        errors.at(&place, message);
    }
    routes
}

/// Whether a text is a prefix of paths: absolute, without a slash at its end, without parameters; or empty.
pub(super) fn checked(prefix: &LitStr) -> Result<()> {
    let value = prefix.value();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let told = if value.is_empty() {
        return Ok(());
    } else if value == "/" {
        "routes at the root have an empty prefix: write `\"\"`".to_owned()
    } else if !value.starts_with('/') {
        format!("a prefix starts with a slash: write `\"/{value}\"`")
    } else if value.ends_with('/') {
        "a prefix has no slash at its end: remove it".to_owned()
    } else if value.contains("//") {
        "a prefix has no empty segment: remove one slash".to_owned()
    } else if !value.bytes().all(allowed) {
        "a prefix is a plain path without parameters: use ASCII letters, digits, `-`, `_`, `.` and `~`".to_owned()
    } else if value
        .split('/')
        .any(|segment| matches!(segment, "." | ".."))
    {
        "clients resolve `.` and `..` in a path before they send it: remove it".to_owned()
    } else {
        return Ok(());
    };
    Err(error::at(prefix, told))
}
