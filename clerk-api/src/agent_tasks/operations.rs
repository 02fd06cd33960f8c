//! Operations on agent tasks.

use crate::{
    agent_tasks::AgentTask,
    arguments::{Integer, Json, Text},
    define::operations,
};

operations! { AgentTasks {
    /// Creates an agent task.
    fn create(; body on_behalf_of: Json, body permissions: Text, body agent_name: Text, body task_description: Text, body redirect_url: Text) -> CreateAgentTask: "CreateAgentTask" POST "/agents/tasks" => AgentTask {
        with body {
            /// Default: `1800`.
            session_max_duration_in_seconds: Integer,
        }
    }

    /// Revokes an agent task.
    fn revoke(agent_task_id) -> RevokeAgentTask: "RevokeAgentTask" POST "/agents/tasks/{agent_task_id}/revoke" => AgentTask {}
}}
