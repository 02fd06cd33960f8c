//! JWT templates.

mod operations;

pub use clerk_types::jwt::JwtTemplate;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// JWT templates.
    JwtTemplates, jwt_templates
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
