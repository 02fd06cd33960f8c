//! The instance's settings.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The instance's settings.
    InstanceSettings, instance_settings
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
