//! Tasks of an agent.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Tasks of an agent.
    AgentTasks, agent_tasks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
