//! What a misspelt name probably means.

/// The known name that differs from the given one the least, if it differs by no more than a third of its letters.
pub(super) fn nearest(given: &str, known: &[&'static str]) -> Option<&'static str> {
    known
        .iter()
        .map(|name| (strsim::osa_distance(given, name), *name))
        .filter(|(distance, name)| *distance <= name.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
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
