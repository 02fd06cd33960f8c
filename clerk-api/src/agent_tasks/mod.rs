//! Agent tasks.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Agent tasks.
    AgentTasks, agent_tasks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
