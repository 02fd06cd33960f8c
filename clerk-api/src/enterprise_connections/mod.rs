//! Enterprise connections.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Enterprise connections.
    EnterpriseConnections, enterprise_connections
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
