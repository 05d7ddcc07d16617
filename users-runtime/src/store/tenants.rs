//! Users who belong to tenants, as stores find them.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    model::UserModel,
    value::{Column, Role, Value},
};

/// Look-ups of users whose struct has a field with `#[fastapi_users(tenant)]`.
///
/// An implementation keeps pairs of a tenant and an e-mail address unique, ignoring the case of the address, *in the database*: the same
/// address may belong to one user of each tenant. Whatever a store finds by id needs no tenant, since ids are unique; the user system
/// compares the tenant of the user.
#[async_trait]
pub trait TenantStore<U: UserModel>: Send + Sync + 'static {
    /// The user of this tenant with this address; the address's case is ignored, a tenant that is text is compared exactly.
    async fn find_in_tenant(&self, tenant: &Value, email: &str) -> Result<Option<U>, StoreError>;
}

/// The position and the column of the tenant; `None` where users belong to no tenant.
pub(crate) fn tenant_column<U: UserModel>() -> Option<(usize, &'static Column)> {
    let mut columns = U::COLUMNS.iter().enumerate();
    columns.find(|(_, column)| column.role == Role::Tenant)
}

/// A tenant as text without `/`, so that what follows a `/` cannot be taken for a part of it.
pub(crate) fn tenant_text(tenant: &Value) -> String {
    match tenant {
        Value::Text(text) => text.replace('%', "%25").replace('/', "%2F"),
        Value::Int(number) => number.to_string(),
        Value::Uuid(uuid) => uuid.to_string(),
        // No other kind can be a tenant's.
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tenants_have_the_same_text() {
        let text = |text: &str| tenant_text(&Value::Text(text.to_owned()));
        assert_eq!(text("acme"), "acme");
        assert_eq!(text("a/b%2F"), "a%2Fb%252F");
        assert_ne!(text("a/b"), text("a%2Fb"));
        assert_eq!(tenant_text(&Value::Int(-7)), "-7");
    }
}
