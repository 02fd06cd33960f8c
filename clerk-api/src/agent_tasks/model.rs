//! Response types of agent tasks.

use crate::{Secret, model::model};

model! {
    /// `AgentTask` in Clerk's description of the API.
    AgentTask {
        object: String,
        agent_id: String,
        agent_task_id: String,
        /// Deprecated by Clerk.
        task_id: String,
        url: Option<Secret>,
    }
}
