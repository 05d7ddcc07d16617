//! What can be understood of attributes that have mistakes, so that the mistakes behind the first ones are reported in the same compile.

use darling::{FromMeta, ast::NestedMeta};
use syn::Attribute;

/// The items of all `#[fastapi_users(…)]`; of an attribute that cannot be read at all, none.
pub(crate) fn items(attributes: &[Attribute]) -> Vec<NestedMeta> {
    let ours = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("fastapi_users"));
    ours.filter_map(|attribute| attribute.meta.require_list().ok())
        .flat_map(|list| NestedMeta::parse_meta_list(list.tokens.clone()).unwrap_or_default())
        .collect()
}

/// The keys that are right one by one. Of keys that stand there twice and may not, the first one counts.
pub(super) fn keys<K: FromMeta>(items: &[NestedMeta], repeatable: &[&str]) -> Option<K> {
    let mut good: Vec<NestedMeta> = Vec::new();
    for item in items {
        let name = name(item);
        let is_second = good.iter().any(|other| self::name(other) == name)
            && !name
                .as_deref()
                .is_some_and(|name| repeatable.contains(&name));
        if !is_second && K::from_list(std::slice::from_ref(item)).is_ok() {
            good.push(item.clone());
        }
    }
    K::from_list(&good).ok()
}

/// The name of an item's key.
pub(super) fn name(item: &NestedMeta) -> Option<String> {
    match item {
        NestedMeta::Meta(meta) => meta.path().get_ident().map(ToString::to_string),
        _ => None,
    }
}
