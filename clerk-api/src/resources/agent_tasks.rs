//! Agent tasks.

pub use clerk_types::token::AgentTask;
use serde_json::Value;

use crate::define::resource;

resource! {
/// Agent tasks.
AgentTasks, agent_tasks {
    /// Creates an agent task.
    POST "/agents/tasks" CreateAgentTask
    create(; on_behalf_of: Value, permissions: String, agent_name: String, task_description: String, redirect_url: String)
        {
        /// Default: `1800`.
        session_max_duration_in_seconds: i64,
    } -> AgentTask;

    /// Revokes an agent task.
    POST "/agents/tasks/{agent_task_id}/revoke" RevokeAgentTask
    revoke(agent_task_id) -> AgentTask;
}}
