//! Operations on tasks of an agent.

use crate::{
    agent_tasks::AgentTask,
    arguments::{Integer, Json, Text},
    define::operations,
};

operations! { AgentTasks {
    /// Creates a task of an agent.
    fn create(; body on_behalf_of: Json, body permissions: Text, body agent_name: Text, body task_description: Text, body redirect_url: Text) -> CreateAgentTask: "CreateAgentTask" POST "/agents/tasks" => AgentTask {
        with body {
            /// `1800` unless set.
            session_max_duration_in_seconds: Integer,
        }
    }

    /// Revokes a task of an agent.
    fn revoke(agent_task_id) -> RevokeAgentTask: "RevokeAgentTask" POST "/agents/tasks/{agent_task_id}/revoke" => AgentTask {}
}}
