//! Sessions.

pub use clerk_types::session::{
    RefreshFormat, Session, SessionActivity, SessionRefresh, SessionStatus, SessionTask, SessionToken,
};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// Sessions.
Sessions, sessions {
    /// Lists sessions.
    #[doc = example!(r#"let page = client.sessions().list().user_id("user_1").status("active").send().await?;"#)]
    GET "/sessions" GetSessionList
    list() ?{ ..paged, client_id: String, user_id: String, status: SessionStatus, paginated: bool }
        => Page<Session>, flag paginated;

    /// Creates a session for a user, without a sign-in: for tests, in development instances.
    #[doc = example!(r#"let session = client.sessions().create("user_1").send().await?; // in development alone"#)]
    POST "/sessions" CreateSession = "createSession"
    create(; user_id: String) { active_organization_id: String } -> Session;

    /// Gets a session by id.
    #[doc = example!(r#"let status = client.sessions().get("sess_1").send().await?.status;"#)]
    GET "/sessions/{session_id}" GetSession
    get(session_id) -> Session;

    /// Refreshes a session with its refresh token; returns new cookies or a new token.
    POST "/sessions/{session_id}/refresh" RefreshSession
    refresh(session_id; expired_token: String, refresh_token: String, request_origin: String) {
        request_headers: Option<Value>,
        /// Default: `token`.
        format: Option<RefreshFormat>,
        request_originating_ip: Option<String>,
    } -> SessionRefresh;

    /// Revokes a session.
    #[doc = example!(r#"client.sessions().revoke("sess_1").send().await?;"#)]
    POST "/sessions/{session_id}/revoke" RevokeSession
    revoke(session_id) -> Session;

    /// Creates a token of a session.
    #[doc = example!(r#"let token = client.sessions().token("sess_1").expires_in_seconds(60).send().await?.jwt;"#)]
    POST "/sessions/{session_id}/tokens" CreateSessionToken
    token(session_id) { expires_in_seconds: Option<i64> [30..=315360000] } -> SessionToken;

    /// Creates a token of a session from a JWT template.
    #[doc = example!(r#"let token = client.sessions().token_from_template("sess_1", "hasura").send().await?.jwt;"#)]
    POST "/sessions/{session_id}/tokens/{template_name}" CreateSessionTokenFromTemplate
    token_from_template(session_id, template_name) { expires_in_seconds: Option<i64> [30..=315360000] }
        -> SessionToken;
}}
