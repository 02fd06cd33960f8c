//! The results of a run.

use std::{collections::BTreeMap, fmt};

use crate::differences::{ROWS, Row};

/// One member whose value differs from the recorded one.
#[derive(Debug, Clone)]
pub struct Difference {
    pub field: String,
    pub expected: String,
    pub actual: String,
}

impl Difference {
    pub fn new(field: impl Into<String>, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        Self { field: field.into(), expected: expected.to_string(), actual: actual.to_string() }
    }

    /// The vector is about a function that this runner does not know.
    pub fn unknown_function(name: &str) -> Self {
        Self::new(UNKNOWN_FUNCTION, name, "unknown to this runner")
    }

    pub fn is_unknown_function(&self) -> bool {
        self.field == UNKNOWN_FUNCTION
    }
}

const UNKNOWN_FUNCTION: &str = "function";

pub enum Outcome {
    Equal,
    OnPurpose(&'static Row),
    Failed(Vec<Difference>),
}

#[derive(Default)]
struct Counts {
    equal: usize,
    on_purpose: usize,
    failed: usize,
}

pub struct Report {
    set: String,
    groups: BTreeMap<String, Counts>,
    rows: BTreeMap<&'static str, Vec<String>>,
    failures: Vec<String>,
}

impl Report {
    pub fn new(set: String) -> Self {
        Self { set, groups: BTreeMap::new(), rows: BTreeMap::new(), failures: Vec::new() }
    }

    pub fn add(&mut self, group: &str, id: &str, outcome: Outcome) {
        let counts = self.groups.entry(group.to_owned()).or_default();
        match outcome {
            Outcome::Equal => counts.equal += 1,
            Outcome::OnPurpose(row) => {
                counts.on_purpose += 1;
                self.rows.entry(row.name).or_default().push(id.to_owned());
            }
            Outcome::Failed(differences) => {
                counts.failed += 1;
                let mut text = format!("FAILED {id}\n");
                for Difference { field, expected, actual } in differences {
                    text.push_str(&format!("    {field}\n      Clerk: {expected}\n      ours:  {actual}\n"));
                }
                self.failures.push(text);
            }
        }
    }

    pub fn failed(&self) -> usize {
        self.failures.len()
    }

    /// Rows that match no vector.
    pub fn unused_rows(&self) -> Vec<&'static str> {
        ROWS.iter().map(|row| row.name).filter(|name| !self.rows.contains_key(name)).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            f.write_str(failure)?;
        }
        writeln!(f, "{}\n", self.set)?;
        writeln!(f, "{:<24}{:>8}{:>14}{:>8}", "group", "equal", "on purpose", "failed")?;
        let mut total = Counts::default();
        for (group, counts) in &self.groups {
            let Counts { equal, on_purpose, failed } = counts;
            writeln!(f, "{group:<24}{equal:>8}{on_purpose:>14}{failed:>8}")?;
            total.equal += equal;
            total.on_purpose += on_purpose;
            total.failed += failed;
        }
        let Counts { equal, on_purpose, failed } = total;
        writeln!(f, "{:<24}{equal:>8}{on_purpose:>14}{failed:>8}\n", "total")?;
        writeln!(f, "different on purpose:")?;
        for row in ROWS {
            let Some(ids) = self.rows.get(row.name) else { continue };
            writeln!(f, "{:>6}  {}\n        ours: {}\n        why:  {}", ids.len(), row.name, row.ours, row.why)?;
            if std::env::var_os("CLERK_VECTORS_IDS").is_some() {
                writeln!(f, "        {}", ids.join(" "))?;
            }
        }
        Ok(())
    }
}
