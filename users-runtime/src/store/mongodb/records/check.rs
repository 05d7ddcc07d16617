//! Whether the collections of declared tables are as the tables say.

use super::layout::columns;
use crate::{
    model::UserModel,
    store::{
        SchemaProblem, SchemaProblemKind, StoreError,
        mongodb::{MongoStore, fields},
    },
};

impl<U: UserModel> MongoStore<U> {
    /// Columns of declared tables with names that no field can have.
    pub(in crate::store::mongodb) fn reserved_columns(&self) -> Vec<SchemaProblem> {
        let reserved = U::CONFIG.tables.iter().flat_map(|table| {
            let columns = columns::<U>(table).collect::<Vec<_>>();
            fields::reserved(&self.names.declared(table), &columns)
        });
        reserved.collect()
    }

    /// Fields of declared tables that some document has in a form that cannot be read.
    pub(in crate::store::mongodb) async fn unfit_records(
        &self,
    ) -> Result<Vec<SchemaProblem>, StoreError> {
        let mut problems = Vec::new();
        for table in U::CONFIG.tables {
            let columns = columns::<U>(table).collect::<Vec<_>>();
            let collection = self.collection(&self.names.declared(table));
            problems.extend(fields::problems(&collection, &columns).await?);
        }
        Ok(problems)
    }

    /// Unique indexes of declared tables that are not there.
    pub(in crate::store::mongodb) async fn missing_record_indexes(
        &self,
    ) -> Result<Vec<SchemaProblem>, StoreError> {
        let mut problems = Vec::new();
        for table in U::CONFIG.tables {
            let collection = self.names.declared(table);
            let there = self.list(&collection).await?;
            for index in self.declared_indexes(table) {
                let serves = there.iter().any(|other| {
                    index.is_like(other) && !other.get_bool("hidden").unwrap_or(false)
                });
                if index.is_unique() && !serves {
                    let column = index.fields();
                    problems.push(index.missing(SchemaProblemKind::MissingIndex { column }));
                }
            }
        }
        Ok(problems)
    }
}
