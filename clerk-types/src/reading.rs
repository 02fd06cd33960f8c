//! [`Reading`]: what becomes of an optional member with another type than documented.

use crate::mismatch::Mismatch;

/// How JSON is read, and what was unexpected in it.
///
/// | | strict | lenient |
/// |---|---|---|
/// | an optional member of another type | a [`Mismatch`] | `None`; the value stays in `other`, and the mismatch in [`differences`](Self::differences) |
/// | a required member of another type | a [`Mismatch`] | a [`Mismatch`] |
///
/// Answers are read strictly, because the caller can handle the error. Webhooks are read leniently, because Clerk would
/// send a refused one again.
///
/// ```
/// use clerk_types::{Field, Reading, organization::Organization};
///
/// let body = serde_json::json!({"id": "org_1", "name": "Acme", "members_count": "three"});
/// let mut reading = Reading::lenient();
/// let organization = Organization::read(body.clone(), &mut reading)?;
/// assert_eq!(organization.members_count, None);
/// assert_eq!(reading.differences()[0].path(), "members_count");
/// assert_eq!(organization.to_value(), body);
/// assert_eq!(Organization::from_value(body).unwrap_err().path(), "members_count");
/// # Ok::<(), clerk_types::Mismatch>(())
/// ```
#[derive(Debug)]
pub struct Reading {
    is_lenient: bool,
    differences: Vec<Mismatch>,
}

impl Reading {
    /// Each difference is an error.
    #[must_use]
    pub const fn strict() -> Self {
        Self { is_lenient: false, differences: Vec::new() }
    }

    /// Only a difference of a required member is an error.
    #[must_use]
    pub const fn lenient() -> Self {
        Self { is_lenient: true, differences: Vec::new() }
    }

    /// The optional members of another type.
    #[must_use]
    pub fn differences(&self) -> &[Mismatch] {
        &self.differences
    }

    pub(crate) const fn is_lenient(&self) -> bool {
        self.is_lenient
    }

    /// Reads what is inside of a member or an item, whose name is part of the place of each difference.
    pub(crate) fn inside<T, N: AsRef<str>>(
        &mut self,
        name: impl Fn() -> N,
        read: impl FnOnce(&mut Self) -> Result<T, Mismatch>,
    ) -> Result<T, Mismatch> {
        let known = self.differences.len();
        let result = read(self).map_err(|mismatch| mismatch.prefixed_by(name().as_ref()));
        if result.is_err() {
            // The whole value is not read, so what is inside of it does not matter.
            self.differences.truncate(known);
        }
        for difference in &mut self.differences[known..] {
            *difference = difference.clone().prefixed_by(name().as_ref());
        }
        result
    }

    pub(crate) fn report(&mut self, difference: Mismatch) {
        self.differences.push(difference);
    }
}
