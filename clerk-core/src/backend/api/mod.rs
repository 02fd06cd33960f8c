//! The few calls to Clerk's Backend API that authentication needs.

mod machine_token;

use std::{fmt, sync::Arc};

use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) use self::machine_token::MachineTokenRecord;
use super::{
    budget::{Budget, Purpose},
    http::{ApiErrors, FetchError, Transport},
};
use crate::{
    base::path_segment::is_path_part,
    config::{MachineSecretKey, SecretKey, url::ApiUrl},
    observe::metrics,
    token::TokenType,
};

/// Clerk's Backend API, called with the instance's secret key or with a machine's.
#[derive(Debug, Clone)]
pub struct Backend {
    pub(crate) api_url: ApiUrl,
    /// The version in the API's paths, `v1`.
    pub api_version: Box<str>,
    /// The instance's secret key.
    pub secret_key: Option<SecretKey>,
    /// This machine's secret key.
    pub machine_secret_key: Option<MachineSecretKey>,
    /// Sends the calls.
    pub transport: Transport,
    pub(crate) budget: Arc<Budget>,
}

/// Whether a session still exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionLiveness {
    Active,
    /// The user has a task left to do.
    Pending,
    /// Ended, revoked or deleted.
    Ended,
}

/// The sessions that a user is signed in with.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    pub(crate) ids: Vec<Box<str>>,
    /// Whether the user has more sessions than `ids` holds.
    pub(crate) has_more: bool,
}

#[derive(Deserialize)]
struct ListedSession {
    id: Box<str>,
    status: Box<str>,
}

/// A call that failed.
#[derive(Debug)]
pub(crate) enum BackendError {
    /// As many calls for the same purpose are under way as are allowed, so that this one was not made.
    Busy,
    /// There was no response, or it was not the API's.
    Fetch(FetchError),
    /// The API refused, with the first of its error codes.
    Refused { status: u16, code: Option<Box<str>> },
    /// A successful status with an unexpected body.
    Malformed,
}

/// How many sessions one call lists.
const PAGE_SIZE: usize = 500;

/// How many active sessions of a user are listed in all.
const MAX_SESSIONS: usize = 1000;

#[derive(Deserialize)]
struct Directives {
    directives: Vec<String>,
}

/// See [Clerk's page on the session object](https://clerk.com/docs/reference/backend/types/backend-session).
#[derive(Deserialize)]
struct SessionResponse {
    status: String,
}

#[derive(Deserialize)]
struct Cookies {
    #[serde(default)]
    cookies: Option<Vec<String>>,
}

impl Backend {
    /// The cookies that a handshake stored under a nonce. A nonce that is unknown, used or expired is
    /// [refused](BackendError::Refused); after any other error it may still be good.
    pub(crate) async fn handshake_payload(&self, nonce: &str) -> Result<Vec<String>, BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        let purpose = Purpose::HandshakePayload;
        let call = self.fetch_handshake_payload(nonce, secret);
        self.budget.look_up("nonce", nonce, purpose, purpose, call).await.map(|payload| payload.directives)
    }

    async fn fetch_handshake_payload(&self, nonce: &str, secret: &SecretKey) -> Result<Directives, BackendError> {
        let nonce: String = url::form_urlencoded::byte_serialize(nonce.as_bytes()).collect();
        let url = self.versioned(&format!("clients/handshake_payload?nonce={nonce}"));
        let response = self.transport.get(&url, Some(secret.expose())).await?;
        check_status(response.status, &response.body, secret.expose())?;
        serde_json::from_slice(&response.body).map_err(|_| BackendError::Malformed)
    }

    /// Refreshes a session, and returns its new cookies.
    pub(crate) async fn refresh(
        &self,
        session_id: &str,
        suffixed: bool,
        body: String,
    ) -> Result<Vec<String>, BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        // Clerk signed the token with this id, but the id must not change the path.
        if !is_path_part(session_id) {
            return Err(BackendError::Malformed);
        }
        let suffixed = if suffixed { "?suffixed_cookies=true" } else { "" };
        let url = self.versioned(&format!("sessions/{session_id}/refresh{suffixed}"));
        let _share = self.budget.take_refresh(session_id)?;
        let turn = self.budget.wait_for_turn(Purpose::Refresh).await?;
        let response = self.transport.post(&url, secret.expose(), body).await?;
        check_status(response.status, &response.body, secret.expose())?;
        turn.succeed();
        if response.status == 204 {
            return Err(BackendError::Malformed);
        }
        match serde_json::from_slice::<Option<Cookies>>(&response.body) {
            Ok(Some(cookies)) => Ok(cookies.cookies.unwrap_or_default()),
            Ok(None) => Err(BackendError::Fetch(FetchError::Malformed)),
            // Any other body counts as one without cookies.
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Whether a session is active: not ended, revoked or deleted, and without a task left to do.
    pub(crate) async fn session_is_active(&self, session_id: &str) -> Result<bool, BackendError> {
        Ok(self.session_liveness(session_id).await? == SessionLiveness::Active)
    }

    /// Whether a session still exists.
    pub(crate) async fn session_liveness(&self, session_id: &str) -> Result<SessionLiveness, BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        // Clerk signed the token with this id, but the id must not change the path.
        if !is_path_part(session_id) {
            return Err(BackendError::Malformed);
        }
        let url = self.versioned(&format!("sessions/{session_id}"));
        let _turn = self.budget.wait_for_turn(Purpose::SessionStatus).await?;
        let response = self.transport.get(&url, Some(secret.expose())).await?;
        match check_status(response.status, &response.body, secret.expose()) {
            // The session of a deleted user. A 404 without this code may come from another server.
            Err(BackendError::Refused { status: 404, code: Some(code) }) if &*code == "resource_not_found" => {
                Ok(SessionLiveness::Ended)
            }
            Err(error) => Err(error),
            Ok(()) => serde_json::from_slice::<SessionResponse>(&response.body)
                .map(|session| match &*session.status {
                    "active" => SessionLiveness::Active,
                    "pending" => SessionLiveness::Pending,
                    _ => SessionLiveness::Ended,
                })
                .map_err(|_| BackendError::Malformed),
        }
    }

    /// Ends a session. A session that does not exist counts as ended.
    pub(crate) async fn revoke_session(&self, session_id: &str) -> Result<(), BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        if session_id.is_empty() || !is_path_part(session_id) {
            return Err(BackendError::Malformed);
        }
        let url = self.versioned(&format!("sessions/{session_id}/revoke"));
        let _turn = self.budget.wait_for_turn(Purpose::Operator).await?;
        let response = self.transport.post(&url, secret.expose(), "{}".to_owned()).await?;
        match check_status(response.status, &response.body, secret.expose()) {
            Err(BackendError::Refused { status: 404, code: Some(code) }) if &*code == "resource_not_found" => Ok(()),
            outcome => outcome,
        }
    }

    /// Lists a user's active and pending sessions.
    pub(crate) async fn sessions_of_user(&self, user_id: &str) -> Result<Sessions, BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        // Without an id the API would list the sessions of all users.
        if user_id.is_empty() {
            return Err(BackendError::Malformed);
        }
        let user_id: String = url::form_urlencoded::byte_serialize(user_id.as_bytes()).collect();
        let mut sessions = Sessions::default();
        loop {
            let page =
                self.list_sessions(secret, &format!("user_id={user_id}&status=active"), sessions.ids.len()).await?;
            // A short page is not the end, if the API has a smaller limit.
            let is_last = page.is_empty();
            sessions.ids.extend(page.into_iter().map(|session| session.id));
            if sessions.ids.len() > MAX_SESSIONS {
                sessions.ids.truncate(MAX_SESSIONS);
                sessions.has_more = true;
                return Ok(sessions);
            }
            if is_last {
                break;
            }
        }
        // The API has no filter for pending sessions, so look among the newest of all.
        let newest = self.list_sessions(secret, &format!("user_id={user_id}"), 0).await?;
        sessions
            .ids
            .extend(newest.into_iter().filter(|session| &*session.status == "pending").map(|session| session.id));
        Ok(sessions)
    }

    async fn list_sessions(
        &self,
        secret: &SecretKey,
        filter: &str,
        offset: usize,
    ) -> Result<Vec<ListedSession>, BackendError> {
        let url = self.versioned(&format!("sessions?{filter}&limit={PAGE_SIZE}&offset={offset}"));
        let _turn = self.budget.wait_for_turn(Purpose::Operator).await?;
        let response = self.transport.get(&url, Some(secret.expose())).await?;
        check_status(response.status, &response.body, secret.expose())?;
        serde_json::from_slice(&response.body).map_err(|_| BackendError::Malformed)
    }

    /// Looks up a machine token. One that is unknown, revoked or expired is [refused](BackendError::Refused).
    pub(crate) async fn machine_token(&self, kind: TokenType, token: &str) -> Result<MachineTokenRecord, BackendError> {
        let (path, member) = match kind {
            TokenType::ApiKey => ("api_keys", "secret"),
            TokenType::OAuthToken => ("oauth_applications/access_tokens", "access_token"),
            TokenType::M2mToken | TokenType::SessionToken => ("m2m_tokens", "token"),
        };
        let machine = self.machine_secret_key.as_ref().filter(|_| kind == TokenType::M2mToken);
        let secret = machine.map(MachineSecretKey::expose).or_else(|| self.secret_key.as_ref().map(SecretKey::expose));
        let secret = secret.ok_or_else(|| {
            tracing::error!(target: "clerk", kind = kind.as_str(), "tokens of this kind can be verified only with CLERK_SECRET_KEY (m2m_token also with CLERK_MACHINE_SECRET_KEY)");
            BackendError::Refused { status: 401, code: None }
        })?;
        // These three paths have no version in front.
        let url = format!("{}/{path}/verify", self.base());
        let call = self.fetch_machine_token(&url, secret, json!({ member: token }).to_string());
        self.budget.look_up(path, token, Purpose::KnownMachine, Purpose::UnknownMachine, call).await
    }

    async fn fetch_machine_token(
        &self,
        url: &str,
        secret: &str,
        body: String,
    ) -> Result<MachineTokenRecord, BackendError> {
        let response = self.transport.post(url, secret, body).await?;
        check_status(response.status, &response.body, secret)?;
        let record =
            serde_json::from_slice::<Value>(&response.body).ok().as_ref().and_then(MachineTokenRecord::from_json);
        match record.ok_or(BackendError::Malformed)? {
            // As if the API did not know it. Clerk's own SDKs ignore both flags.
            record if record.revoked || record.expired => Err(BackendError::Refused { status: 404, code: None }),
            record => Ok(record),
        }
    }

    /// Where M2M tokens are created; the path has no version in front.
    #[must_use]
    pub fn m2m_tokens_url(&self) -> String {
        format!("{}/m2m_tokens", self.base())
    }

    fn versioned(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.base(), self.api_version)
    }

    /// The API's URL, without a slash at the end and without a query.
    #[must_use]
    pub fn base(&self) -> &str {
        self.api_url.base()
    }
}

/// Fails unless the status is a success. Error codes are logged and sent in a header, so a code that contains the secret
/// is dropped.
fn check_status(status: u16, body: &[u8], secret: &str) -> Result<(), BackendError> {
    if (200..300).contains(&status) {
        return Ok(());
    }
    let errors: ApiErrors = serde_json::from_slice(body).unwrap_or_default();
    let code = errors.errors.into_iter().next().map(|error| error.code);
    let code = code.filter(|code| !code.contains(secret)).map(Into::into);
    Err(BackendError::Refused { status, code })
}

/// Counts a call by its result, for the metrics.
pub(crate) fn count_call<T>(operation: &'static str, result: Result<T, BackendError>) -> Result<T, BackendError> {
    metrics::backend_call(operation, result.as_ref().map_or_else(BackendError::label, |_| metrics::SUCCESS));
    result
}

impl BackendError {
    const fn label(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Fetch(error) => error.label(),
            Self::Malformed => "malformed",
            Self::Refused { .. } => "refused",
        }
    }
}

impl From<FetchError> for BackendError {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too many calls for this purpose are under way"),
            Self::Fetch(error) => error.fmt(f),
            Self::Refused { status, code: Some(code) } => write!(f, "status {status}, {code}"),
            Self::Refused { status, code: None } => write!(f, "status {status}"),
            Self::Malformed => f.write_str("the response is not what Clerk sends"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_contains_the_secret_key_is_dropped() {
        let error = |code: &str| {
            let body = json!({"errors": [{"code": code}]}).to_string();
            check_status(401, body.as_bytes(), "sk_test_s3cr3t").map_err(|error| error.to_string())
        };
        assert_eq!(error("clerk_key_invalid"), Err("status 401, clerk_key_invalid".to_owned()));
        for code in ["sk_test_s3cr3t", "unknown_sk_test_s3cr3t_key"] {
            assert_eq!(error(code), Err("status 401".to_owned()));
        }
    }
}
