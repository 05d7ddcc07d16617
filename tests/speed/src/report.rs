//! The ratios, as a table and as JSON.

use serde::Serialize;

/// What was measured for one row.
#[derive(Serialize)]
pub(crate) struct Measured {
    pub(crate) database: &'static str,
    pub(crate) row: &'static str,
    /// Ours, and by hand: microseconds of CPU for one request, milliseconds to the first answer, or MiB.
    pub(crate) ours: f64,
    pub(crate) by_hand: f64,
    /// The 99th percentiles of the latency in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) p99: Option<[f64; 2]>,
    /// What is compared with the goal: the median of the rounds' ratios, or what ours takes.
    pub(crate) result: f64,
    /// None is infinite here, and `null` in JSON.
    pub(crate) goal: f64,
    pub(crate) is_reached: bool,
}

impl Measured {
    pub(crate) fn print_head() {
        println!(
            "{:<11} {:<28} {:>10} {:>10} {:>7} {:>6}",
            "database", "row", "ours", "by hand", "result", "goal"
        );
    }

    pub(crate) fn print(&self) {
        let Self {
            database,
            row,
            ours,
            by_hand,
            result,
            goal,
            ..
        } = self;
        let mark = if self.is_reached { "" } else { "  beyond" };
        println!(
            "{database:<11} {row:<28} {ours:>10.1} {by_hand:>10.1} {result:>7.2} {goal:>6.2}{mark}"
        );
    }
}

/// The middle one of some numbers.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
