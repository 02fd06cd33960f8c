//! Proxy checks.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Proxy checks.
    ProxyChecks, proxy_checks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
