//! OAuth access tokens.

mod operations;

pub use clerk_types::oauth::{OAuthAccessToken, OAuthActor};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// OAuth access tokens.
    OAuthAccessTokens, oauth_access_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
