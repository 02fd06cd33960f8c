//! Settings.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Settings.
    InstanceSettings, instance_settings
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
