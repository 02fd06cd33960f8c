//! Operations on agent tasks.

use serde_json::Value;

use crate::{agent_tasks::AgentTask, define::operations};

operations! { AgentTasks {
    /// Creates an agent task.
    fn create(; body on_behalf_of: Value, body permissions: String, body agent_name: String, body task_description: String, body redirect_url: String) -> CreateAgentTask: "CreateAgentTask" POST "/agents/tasks" => AgentTask {
        with body {
            /// Default: `1800`.
            session_max_duration_in_seconds: i64,
        }
    }

    /// Revokes an agent task.
    fn revoke(agent_task_id) -> RevokeAgentTask: "RevokeAgentTask" POST "/agents/tasks/{agent_task_id}/revoke" => AgentTask {}
}}
