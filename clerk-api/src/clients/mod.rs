//! Clients.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Clients.
    Clients, clients
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
