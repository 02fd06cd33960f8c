//! [`Mismatch`]: JSON that differs from the API's description.

use std::fmt;

/// JSON that differs from the API's description. Contains the place of the difference, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    path: String,
    expected: &'static str,
}

impl Mismatch {
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self { path: String::new(), expected }
    }

    /// The place of the difference, such as `data[3].email_addresses[0].id`. A list's items are always in `data`, as in
    /// [`Page`](crate::Page).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Puts an outer member's name before the place.
    #[must_use]
    pub fn prefixed_by(mut self, outer: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{outer}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the value" } else { &self.path };
        write!(f, "{path} is not {}", self.expected)
    }
}

impl std::error::Error for Mismatch {}
