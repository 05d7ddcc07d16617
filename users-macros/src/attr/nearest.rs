//! What a misspelt name probably means.

/// The known name that differs from the given one the least, if it differs by no more than a third of its letters.
pub(super) fn nearest(given: &str, known: &[&'static str]) -> Option<&'static str> {
    known
        .iter()
        .map(|name| (distance(given, name), *name))
        .filter(|(distance, name)| *distance <= name.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment distance).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<_>>()];
    for (i, letter) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, against) in other.iter().enumerate() {
            let changed = usize::from(letter != against);
            let mut least = (row[j] + 1)
                .min(rows[i][j + 1] + 1)
                .min(rows[i][j] + changed);
            if i > 0 && j > 0 && letter == &other[j - 1] && &one[i - 1] == against {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_means_the_nearest_one() {
        let known = ["table", "backend", "length", "email", "is_active"];
        for (given, meant) in [
            ("tabel", Some("table")),
            ("bakend", Some("backend")),
            ("lenght", Some("length")),
            ("emial", Some("email")),
            ("active", Some("is_active")),
            ("primary_key", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, &known), meant, "{given}");
        }
    }
}
