//! Machine-to-machine tokens.

mod machine_key;
mod operations;

pub use clerk_types::machine::{M2mToken, TokenFormat};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Machine-to-machine tokens.
    M2mTokens, m2m_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
