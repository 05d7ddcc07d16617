//! What belongs to a user: their access tokens and their rows of declared tables.

use mongodb::{Collection, bson::RawDocumentBuf};

use crate::{model::UserModel, store::mongodb::MongoStore};

/// A collection whose documents belong to users.
pub(in crate::store::mongodb) struct Owned {
    pub(in crate::store::mongodb) collection: Collection<RawDocumentBuf>,
    /// The field with the user's id.
    pub(in crate::store::mongodb) owner: &'static str,
    /// Whether a document may belong to no user.
    pub(in crate::store::mongodb) is_optional: bool,
}

impl<U: UserModel> MongoStore<U> {
    /// Every collection whose documents are deleted with their user.
    pub(in crate::store::mongodb) fn owned(&self) -> Vec<Owned> {
        let tokens = Owned {
            collection: self.tokens(),
            owner: "user_id",
            is_optional: false,
        };
        let records = U::CONFIG.tables.iter().filter_map(|table| {
            let owner = table.owner()?;
            Some(Owned {
                collection: self.collection(&self.names.declared(table)),
                owner: owner.name,
                is_optional: owner.nullable,
            })
        });
        std::iter::once(tokens).chain(records).collect()
    }
}
