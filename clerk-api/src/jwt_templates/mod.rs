//! JWT templates.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// JWT templates.
    JwtTemplates, jwt_templates
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
