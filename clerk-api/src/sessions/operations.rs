//! Operations on sessions.

use serde_json::Value;

use crate::{
    Page,
    define::{example, operations},
    sessions::{RefreshFormat, Session, SessionRefresh, SessionStatus, SessionToken},
};

operations! { Sessions {
    /// Lists sessions.
    #[doc = example!(r#"let page = client.sessions().list().user_id("user_1").status("active").send().await?;"#)]
    fn list() -> GetSessionList: "GetSessionList" GET "/sessions" => Page<Session>, streams Session, flag paginated {
        query {
            client_id: String,
            user_id: String,
            status: SessionStatus,
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a session for a user, without a sign-in: for tests, in development instances.
    #[doc = example!(r#"let session = client.sessions().create("user_1").send().await?; // in development alone"#)]
    fn create(; body user_id: String) -> CreateSession: "createSession" POST "/sessions" => Session {
        with body {
            active_organization_id: String,
        }
    }

    /// Gets a session by id.
    #[doc = example!(r#"let status = client.sessions().get("sess_1").send().await?.status;"#)]
    fn get(session_id) -> GetSession: "GetSession" GET "/sessions/{session_id}" => Session {}

    /// Refreshes a session with its refresh token; returns new cookies or a new token.
    fn refresh(session_id; body expired_token: String, body refresh_token: String, body request_origin: String) -> RefreshSession: "RefreshSession" POST "/sessions/{session_id}/refresh" => SessionRefresh {
        with body {
            request_headers: Option<Value>,
            /// Default: `token`.
            format: Option<RefreshFormat>,
            request_originating_ip: Option<String>,
        }
    }

    /// Revokes a session.
    #[doc = example!(r#"client.sessions().revoke("sess_1").send().await?;"#)]
    fn revoke(session_id) -> RevokeSession: "RevokeSession" POST "/sessions/{session_id}/revoke" => Session {}

    /// Creates a token of a session.
    #[doc = example!(r#"let token = client.sessions().token("sess_1").expires_in_seconds(60).send().await?.jwt;"#)]
    fn token(session_id) -> CreateSessionToken: "CreateSessionToken" POST "/sessions/{session_id}/tokens" => SessionToken {
        with body {
            expires_in_seconds: Option<i64> [30..=315360000],
        }
    }

    /// Creates a token of a session from a JWT template.
    #[doc = example!(r#"let token = client.sessions().token_from_template("sess_1", "hasura").send().await?.jwt;"#)]
    fn token_from_template(session_id, template_name) -> CreateSessionTokenFromTemplate: "CreateSessionTokenFromTemplate" POST "/sessions/{session_id}/tokens/{template_name}" => SessionToken {
        with body {
            expires_in_seconds: Option<i64> [30..=315360000],
        }
    }
}}
