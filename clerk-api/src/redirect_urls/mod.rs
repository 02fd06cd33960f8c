//! Redirect URLs.

mod operations;

pub use clerk_types::instance::RedirectUrl;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Redirect URLs.
    RedirectUrls, redirect_urls
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
