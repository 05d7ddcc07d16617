//! Users whose e-mail addresses are equal in the collation of the index.

use mongodb::{
    bson::{Bson, Document, doc},
    options::Collation,
};

use super::{
    MongoStore,
    documents::{parsed, shown},
    failure::failure,
    indexes::email_collation,
    values::number,
};
use crate::{
    model::UserModel,
    store::{StoreError, tables::Tables},
};

/// The maximum number of users that are listed for one address.
const USERS: i32 = 10;

/// The addresses that several users have.
pub(super) struct Namesakes {
    /// How many addresses.
    pub(super) addresses: u64,
    /// The ids of the users of some, address by address.
    pub(super) ids: Vec<Vec<String>>,
}

impl<U: UserModel> MongoStore<U> {
    /// Counts the addresses that several users have, and lists the users of at most this number of addresses.
    pub(super) async fn namesakes(&self, listed: usize) -> Result<Namesakes, StoreError> {
        let email = Tables::<U>::EMAIL.name;
        let some = [
            doc! { "$sort": { "_id": 1 } },
            doc! { "$limit": i64::try_from(listed).unwrap_or(i64::MAX) },
        ];
        let shared = self.equal(vec![
            doc! { "$match": { email: { "$type": "string" } } },
            doc! { "$group": { "_id": shared_key::<U>(), "users": { "$sum": 1 } } },
            doc! { "$match": { "users": { "$gt": 1 } } },
            doc! { "$facet": { "all": [{ "$count": "addresses" }], "some": some } },
        ]);
        let Some(mut shared) = shared.await?.pop() else {
            return Ok(Namesakes {
                addresses: 0,
                ids: Vec::new(),
            });
        };
        let all = of_array(&mut shared, "all").next();
        let addresses = all
            .and_then(|all| number(all.get("addresses")?))
            .and_then(|number| u64::try_from(number).ok());
        let some = of_array(&mut shared, "some")
            .filter_map(|mut address| address.remove("_id"))
            .collect::<Vec<_>>();
        let ids = if some.is_empty() {
            Vec::new()
        } else {
            self.users_of(some).await?
        };
        Ok(Namesakes {
            addresses: addresses.unwrap_or(0),
            ids,
        })
    }

    /// The ids of the users who have these addresses, address by address.
    async fn users_of(&self, addresses: Vec<Bson>) -> Result<Vec<Vec<String>>, StoreError> {
        let groups = self.equal(vec![
            doc! { "$match": matching::<U>(addresses) },
            doc! { "$sort": { "_id": 1 } },
            doc! { "$group": { "_id": shared_key::<U>(), "ids": { "$push": "$_id" } } },
            doc! { "$project": { "ids": { "$slice": ["$ids", USERS] } } },
            doc! { "$sort": { "_id": 1 } },
        ]);
        let ids = |mut group: Document| {
            let ids = group
                .get_array_mut("ids")
                .map(std::mem::take)
                .unwrap_or_default();
            let mut ids = ids.into_iter().map(shown::<U>).collect::<Vec<_>>();
            ids.sort();
            ids
        };
        Ok(groups.await?.into_iter().map(ids).collect())
    }

    /// What a pipeline makes of the users where texts are compared as the index does.
    async fn equal(&self, pipeline: Vec<Document>) -> Result<Vec<Document>, StoreError> {
        let collation: Collation = email_collation();
        let users = self.users();
        let mut cursor = users
            .aggregate(pipeline)
            .collation(collation)
            .allow_disk_use(true)
            .await
            .map_err(failure)?;
        let mut documents = Vec::new();
        while cursor.advance().await.map_err(failure)? {
            documents.push(parsed(cursor.current())?);
        }
        Ok(documents)
    }
}

/// What no two users may share: the address, in its tenant where users belong to tenants.
fn shared_key<U: UserModel>() -> Bson {
    let field = |name: &str| Bson::String(format!("${name}"));
    let email = field(Tables::<U>::EMAIL.name);
    match Tables::<U>::TENANT {
        None => email,
        Some(tenant) => Bson::Document(doc! { "tenant": field(tenant.name), "email": email }),
    }
}

/// The users who have one of these addresses.
fn matching<U: UserModel>(addresses: Vec<Bson>) -> Document {
    let email = Tables::<U>::EMAIL.name;
    let Some(tenant) = Tables::<U>::TENANT else {
        return doc! { email: { "$in": addresses } };
    };
    let of = |key: Bson| match key {
        Bson::Document(mut key) => {
            let mut taken = |name| key.remove(name).unwrap_or(Bson::Null);
            doc! { tenant.name: taken("tenant"), email: taken("email") }
        }
        key => doc! { email: key },
    };
    let any: Vec<_> = addresses.into_iter().map(of).collect();
    doc! { "$or": any }
}

/// The documents in an array of a document.
fn of_array(document: &mut Document, name: &str) -> impl Iterator<Item = Document> {
    let items = document
        .get_array_mut(name)
        .map(std::mem::take)
        .unwrap_or_default();
    items.into_iter().filter_map(|item| {
        if let Bson::Document(item) = item {
            Some(item)
        } else {
            None
        }
    })
}
