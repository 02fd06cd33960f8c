//! Role sets.

mod operations;

pub use clerk_types::role::{RoleSet, RoleSetItem, RoleSetMigration, RoleSetType};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Role sets.
    RoleSets, role_sets
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
