//! Agent tasks.

mod operations;

pub use clerk_types::token::AgentTask;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Agent tasks.
    AgentTasks, agent_tasks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
