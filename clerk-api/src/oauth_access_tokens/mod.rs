//! OAuth access tokens.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// OAuth access tokens.
    OAuthAccessTokens, oauth_access_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
