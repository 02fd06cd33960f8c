//! Proxy checks.

mod operations;

pub use clerk_types::instance::ProxyCheck;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Proxy checks.
    ProxyChecks, proxy_checks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
