//! Statements that stay prepared while columns change their types.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// How often a column has turned out to have changed its type.
///
/// Every connection of a pool keeps its statements prepared, and the server refuses those, for as long as the connection lives, whose
/// answers have another type by now. Under a new text they are prepared anew, on whatever connection.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Prepared(Arc<AtomicU32>);

impl Prepared {
    /// The number that goes with a statement which runs now.
    pub(in crate::store) fn number(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// Gives statements a new text from now on, unless another task has since this number was current.
    pub(in crate::store) fn renew(&self, number: u32) {
        // Whoever loses has found what the winner has found.
        let _ = self.0.compare_exchange(
            number,
            number.wrapping_add(1),
            Ordering::Relaxed,
            Ordering::Relaxed,
        );
    }
}

/// The text of a statement under a number.
pub(in crate::store) fn numbered(sql: SqlStr, number: u32) -> SqlStr {
    if number == 0 {
        sql
    } else {
        AssertSqlSafe(format!("{} -- {number}", sql.as_str())).into_sql_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_renewed_once_for_all_who_find_it_outdated() {
        let prepared = Prepared::default();
        let text = |prepared: &Prepared| {
            numbered(SqlStr::from_static("SELECT 1"), prepared.number())
                .as_str()
                .to_owned()
        };
        assert_eq!(text(&prepared), "SELECT 1");
        prepared.renew(0);
        prepared.clone().renew(0);
        assert_eq!(text(&prepared), "SELECT 1 -- 1");
        prepared.renew(1);
        assert_eq!(text(&prepared), "SELECT 1 -- 2");
    }
}
