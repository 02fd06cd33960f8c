//! Operations on sessions.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, Json, Maybe, Text},
    define::{example, operations},
    sessions::{RefreshFormat, Session, SessionRefresh, SessionStatus, SessionToken},
};

operations! { Sessions {
    /// Lists sessions.
    #[doc = example!(r#"let page = client.sessions().list().user_id("user_1").status("active").send().await?;"#)]
    fn list() -> GetSessionList: "GetSessionList" GET "/sessions" => Page<Session>, streams Session, flag paginated {
        query {
            client_id: Text,
            user_id: Text,
            status: Choice<SessionStatus>,
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Creates a session for a user, without a sign-in: for tests, in development instances.
    #[doc = example!(r#"let session = client.sessions().create("user_1").send().await?; // in development alone"#)]
    fn create(; body user_id: Text) -> CreateSession: "createSession" POST "/sessions" => Session {
        with body {
            active_organization_id: Text,
        }
    }

    /// Gets a session by id.
    #[doc = example!(r#"let status = client.sessions().get("sess_1").send().await?.status;"#)]
    fn get(session_id) -> GetSession: "GetSession" GET "/sessions/{session_id}" => Session {}

    /// Refreshes a session with its refresh token; returns new cookies or a new token.
    fn refresh(session_id; body expired_token: Text, body refresh_token: Text, body request_origin: Text) -> RefreshSession: "RefreshSession" POST "/sessions/{session_id}/refresh" => SessionRefresh {
        with body {
            request_headers: Maybe<Json>,
            /// Default: `token`.
            format: Maybe<Choice<RefreshFormat>>,
            request_originating_ip: Maybe<Text>,
        }
    }

    /// Revokes a session.
    #[doc = example!(r#"client.sessions().revoke("sess_1").send().await?;"#)]
    fn revoke(session_id) -> RevokeSession: "RevokeSession" POST "/sessions/{session_id}/revoke" => Session {}

    /// Creates a token of a session.
    #[doc = example!(r#"let token = client.sessions().token("sess_1").expires_in_seconds(60).send().await?.jwt;"#)]
    fn token(session_id) -> CreateSessionToken: "CreateSessionToken" POST "/sessions/{session_id}/tokens" => SessionToken {
        with body {
            expires_in_seconds: Maybe<Integer> [30..=315360000],
        }
    }

    /// Creates a token of a session from a JWT template.
    #[doc = example!(r#"let token = client.sessions().token_from_template("sess_1", "hasura").send().await?.jwt;"#)]
    fn token_from_template(session_id, template_name) -> CreateSessionTokenFromTemplate: "CreateSessionTokenFromTemplate" POST "/sessions/{session_id}/tokens/{template_name}" => SessionToken {
        with body {
            expires_in_seconds: Maybe<Integer> [30..=315360000],
        }
    }
}}
