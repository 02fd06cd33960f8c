//! Clients.

mod operations;

pub use clerk_types::session::Client;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Clients.
    Clients, clients
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
