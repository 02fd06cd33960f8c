//! The table of deliberate differences.

use crate::{files::Vector, report::Difference};

/// What we do differently, and why.
pub struct Row {
    pub name: &'static str,
    pub ours: &'static str,
    pub why: &'static str,
    /// Whether all of a vector's differences are this one.
    matches: fn(&Vector, &[Difference]) -> bool,
}

pub const ROWS: &[Row] = &[];

pub fn row_for(vector: &Vector, differences: &[Difference]) -> Option<&'static Row> {
    ROWS.iter().find(|row| (row.matches)(vector, differences))
}
