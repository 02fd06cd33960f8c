//! Redirect URLs.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Redirect URLs.
    RedirectUrls, redirect_urls
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
