//! Links to the admin portal.

mod operations;

pub use clerk_types::token::AdminPortalLinkToken;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Links to the admin portal.
    AdminPortalLinkTokens, admin_portal_link_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
