//! The few calls to Clerk's Backend API that the flow itself makes.

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::http::{ApiErrors, FetchError, Transport};
use crate::{
    base::{path_segment::is_path_part, time::Timestamp},
    config::{MachineSecretKey, SecretKey},
    observe::metrics,
    token::{TokenType, claims::audiences},
};

/// Clerk's Backend API, reached with the instance's secret key, or for machines with a machine's.
#[derive(Debug, Clone)]
pub(crate) struct Backend {
    pub(crate) api_url: Box<str>,
    pub(crate) api_version: Box<str>,
    pub(crate) secret_key: Option<SecretKey>,
    pub(crate) machine_secret_key: Option<MachineSecretKey>,
    pub(crate) transport: Transport,
    /// For what the application itself asks for, so that requests of strangers do not crowd it out.
    pub(crate) own_transport: Transport,
}

/// Whether a session is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Liveness {
    Active,
    /// It waits for a task.
    Pending,
    /// Ended, revoked or gone.
    Over,
}

/// The sessions that a user is signed in with.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    pub(crate) ids: Vec<Box<str>>,
    /// Whether there are more than are listed.
    pub(crate) are_more: bool,
}

#[derive(Deserialize)]
struct ListedSession {
    id: Box<str>,
    status: Box<str>,
}

/// A call that brought nothing to go on with.
#[derive(Debug)]
pub(crate) enum BackendError {
    /// There was no answer, or not one of the API's.
    Fetch(FetchError),
    /// The API refused, with the first of its error codes.
    Refused { status: u16, code: Option<Box<str>> },
    /// A good status, and a body that is not what it should be.
    Malformed,
}

/// How many sessions of one user are listed in one call, and in all.
const SESSIONS_IN_A_PAGE: usize = 500;
const MOST_SESSIONS: usize = 1000;

/// What the API knows about a machine's token.
#[derive(Debug, Default)]
pub(crate) struct MachineAnswer {
    pub(crate) id: Box<str>,
    pub(crate) subject: Box<str>,
    pub(crate) scopes: Vec<Box<str>>,
    /// `None` where they cannot be read.
    pub(crate) audiences: Option<Vec<Box<str>>>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) client_id: Option<Box<str>>,
    pub(crate) claims: Box<str>,
    pub(crate) revoked: bool,
    pub(crate) expired: bool,
    pub(crate) expiration: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Directives {
    directives: Vec<String>,
}

/// See [Clerk's page on the session object](https://clerk.com/docs/reference/backend/types/backend-session).
#[derive(Deserialize)]
struct SessionAnswer {
    status: String,
}

#[derive(Deserialize)]
struct Cookies {
    #[serde(default)]
    cookies: Option<Vec<String>>,
}

impl Backend {
    /// The cookies that a handshake left under a nonce; none when they cannot be had, as a browser that lost its nonce
    /// is simply signed out.
    pub(crate) async fn handshake_payload(&self, nonce: &str) -> Vec<String> {
        let Some(secret) = &self.secret_key else {
            tracing::error!(target: "clerk", "a handshake can only be finished with CLERK_SECRET_KEY");
            return Vec::new();
        };
        let nonce: String = url::form_urlencoded::byte_serialize(nonce.as_bytes()).collect();
        let url = self.versioned(&format!("clients/handshake_payload?nonce={nonce}"));
        let outcome = match self.transport.get(&url, Some(secret.expose())).await {
            Ok(answer) => judge(answer.status, &answer.body, secret.expose())
                .and_then(|()| serde_json::from_slice::<Directives>(&answer.body).map_err(|_| BackendError::Malformed)),
            Err(error) => Err(BackendError::Fetch(error)),
        };
        counted("handshake_payload", outcome).map(|answer| answer.directives).unwrap_or_else(|error| {
            tracing::warn!(target: "clerk", %error, "the cookies of a handshake could not be fetched");
            Vec::new()
        })
    }

    /// The cookies of a refreshed session.
    pub(crate) async fn refresh(
        &self,
        session_id: &str,
        suffixed: bool,
        body: String,
    ) -> Result<Vec<String>, BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        // The id comes out of a token that Clerk signed, but a path is no place for surprises.
        if !is_path_part(session_id) {
            return Err(BackendError::Malformed);
        }
        let suffixed = if suffixed { "?suffixed_cookies=true" } else { "" };
        let url = self.versioned(&format!("sessions/{session_id}/refresh{suffixed}"));
        let answer = self.transport.post(&url, secret.expose(), body).await?;
        judge(answer.status, &answer.body, secret.expose())?;
        if answer.status == 204 {
            return Err(BackendError::Malformed);
        }
        match serde_json::from_slice::<Option<Cookies>>(&answer.body) {
            Ok(Some(cookies)) => Ok(cookies.cookies.unwrap_or_default()),
            Ok(None) => Err(BackendError::Fetch(FetchError::Malformed)),
            // Something answered, and not with cookies.
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Whether a session is active, rather than ended, revoked, gone, or waiting for a task.
    pub(crate) async fn session_is_active(&self, session_id: &str) -> Result<bool, BackendError> {
        Ok(self.session_liveness(session_id).await? == Liveness::Active)
    }

    /// Whether a session is still there.
    pub(crate) async fn session_liveness(&self, session_id: &str) -> Result<Liveness, BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        // The id comes out of a token that Clerk signed, but a path is no place for surprises.
        if !is_path_part(session_id) {
            return Err(BackendError::Malformed);
        }
        let url = self.versioned(&format!("sessions/{session_id}"));
        let answer = self.transport.get(&url, Some(secret.expose())).await?;
        match judge(answer.status, &answer.body, secret.expose()) {
            // That of a deleted user. Somebody else's 404 says nothing.
            Err(BackendError::Refused { status: 404, code: Some(code) }) if &*code == "resource_not_found" => {
                Ok(Liveness::Over)
            }
            Err(error) => Err(error),
            Ok(()) => serde_json::from_slice::<SessionAnswer>(&answer.body)
                .map(|session| match &*session.status {
                    "active" => Liveness::Active,
                    "pending" => Liveness::Pending,
                    _ => Liveness::Over,
                })
                .map_err(|_| BackendError::Malformed),
        }
    }

    /// Ends a session; one that is not there has ended.
    pub(crate) async fn revoke_session(&self, session_id: &str) -> Result<(), BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        if session_id.is_empty() || !is_path_part(session_id) {
            return Err(BackendError::Malformed);
        }
        let url = self.versioned(&format!("sessions/{session_id}/revoke"));
        let answer = self.own_transport.post(&url, secret.expose(), "{}".to_owned()).await?;
        match judge(answer.status, &answer.body, secret.expose()) {
            Err(BackendError::Refused { status: 404, code: Some(code) }) if &*code == "resource_not_found" => Ok(()),
            outcome => outcome,
        }
    }

    /// The sessions that a user is signed in with, or has begun to sign in with.
    pub(crate) async fn sessions_of(&self, user_id: &str) -> Result<Sessions, BackendError> {
        let secret = self.secret_key.as_ref().ok_or(BackendError::Malformed)?;
        // Without a user the API would list everybody's.
        if user_id.is_empty() {
            return Err(BackendError::Malformed);
        }
        let user_id: String = url::form_urlencoded::byte_serialize(user_id.as_bytes()).collect();
        let mut sessions = Sessions::default();
        loop {
            let page = self.listed(secret, &format!("user_id={user_id}&status=active"), sessions.ids.len()).await?;
            let is_last = page.len() < SESSIONS_IN_A_PAGE;
            sessions.ids.extend(page.into_iter().map(|session| session.id));
            if sessions.ids.len() > MOST_SESSIONS {
                sessions.ids.truncate(MOST_SESSIONS);
                sessions.are_more = true;
                return Ok(sessions);
            }
            if is_last {
                break;
            }
        }
        // Those that wait for a task can be asked for only among all, of which the newest come first.
        let newest = self.listed(secret, &format!("user_id={user_id}"), 0).await?;
        sessions
            .ids
            .extend(newest.into_iter().filter(|session| &*session.status == "pending").map(|session| session.id));
        Ok(sessions)
    }

    async fn listed(
        &self,
        secret: &SecretKey,
        filter: &str,
        offset: usize,
    ) -> Result<Vec<ListedSession>, BackendError> {
        let url = self.versioned(&format!("sessions?{filter}&limit={SESSIONS_IN_A_PAGE}&offset={offset}"));
        let answer = self.own_transport.get(&url, Some(secret.expose())).await?;
        judge(answer.status, &answer.body, secret.expose())?;
        serde_json::from_slice(&answer.body).map_err(|_| BackendError::Malformed)
    }

    /// What the API knows about a machine's token.
    pub(crate) async fn machine_token(&self, kind: TokenType, token: &str) -> Result<MachineAnswer, BackendError> {
        let (path, member) = match kind {
            TokenType::ApiKey => ("api_keys", "secret"),
            TokenType::OAuthToken => ("oauth_applications/access_tokens", "access_token"),
            TokenType::M2mToken | TokenType::SessionToken => ("m2m_tokens", "token"),
        };
        let machine = self.machine_secret_key.as_ref().filter(|_| kind == TokenType::M2mToken);
        let secret = machine.map(MachineSecretKey::expose).or_else(|| self.secret_key.as_ref().map(SecretKey::expose));
        let secret = secret.ok_or_else(|| {
            tracing::error!(target: "clerk", kind = kind.as_str(), "such tokens can only be checked with CLERK_SECRET_KEY, or CLERK_MACHINE_SECRET_KEY for m2m_token");
            BackendError::Refused { status: 401, code: None }
        })?;
        // These three stand outside of the versioned part of the API.
        let url = format!("{}/{path}/verify", self.base());
        let answer = self.transport.post(&url, secret, json!({ member: token }).to_string()).await?;
        judge(answer.status, &answer.body, secret)?;
        serde_json::from_slice::<Value>(&answer.body)
            .ok()
            .as_ref()
            .and_then(MachineAnswer::from_json)
            .ok_or(BackendError::Malformed)
    }

    /// Where M2M tokens are created, beside the versioned part of the API.
    pub(crate) fn m2m_tokens_url(&self) -> String {
        format!("{}/m2m_tokens", self.base())
    }

    fn versioned(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.base(), self.api_version)
    }

    pub(crate) fn base(&self) -> &str {
        self.api_url.split('?').next().unwrap_or_default()
    }
}

impl MachineAnswer {
    fn from_json(json: &Value) -> Option<Self> {
        let object = json.as_object()?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(Box::<str>::from);
        let texts = |name: &str| match object.get(name) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(Into::into).collect(),
            Some(Value::String(text)) => vec![text.as_str().into()],
            _ => Vec::new(),
        };
        // Anything but a plain "no" is a yes.
        let flag = |name: &str| !matches!(object.get(name), None | Some(Value::Null | Value::Bool(false)));
        Some(Self {
            id: text("id").unwrap_or_default(),
            subject: text("subject").unwrap_or_default(),
            scopes: texts("scopes"),
            audiences: audiences(object.get("aud")),
            name: text("name"),
            client_id: text("client_id"),
            claims: object.get("claims").unwrap_or(&Value::Null).to_string().into(),
            revoked: flag("revoked"),
            expired: flag("expired"),
            expiration: object.get("expiration").and_then(Value::as_f64).map(moment),
        })
    }

    /// How much there is of it, in bytes.
    pub(crate) fn size(&self) -> usize {
        let lists =
            self.scopes.iter().chain(self.audiences.iter().flatten()).map(|one| one.len() + size_of::<Box<str>>());
        let texts = [&self.id, &self.subject, &self.claims].into_iter().chain(&self.name).chain(&self.client_id);
        lists.sum::<usize>() + texts.map(|text| text.len()).sum::<usize>()
    }
}

/// Milliseconds since the Unix epoch; in the description of OAuth access tokens the API's examples are in seconds, which
/// as milliseconds would lie in January 1970.
fn moment(number: f64) -> Timestamp {
    const LARGEST_IN_SECONDS: f64 = 1e11;
    let millis = if number.abs() < LARGEST_IN_SECONDS { number * 1000.0 } else { number };
    // Saturates, which is far enough in the future or the past.
    Timestamp::from_unix_millis(millis as i64)
}

/// A code may go to the log and into a header; one that repeats the secret is none.
fn judge(status: u16, body: &[u8], secret: &str) -> Result<(), BackendError> {
    if (200..300).contains(&status) {
        return Ok(());
    }
    let errors: ApiErrors = serde_json::from_slice(body).unwrap_or_default();
    let code = errors.errors.into_iter().next().map(|error| error.code);
    let code = code.filter(|code| !code.contains(secret)).map(Into::into);
    Err(BackendError::Refused { status, code })
}

/// Whether an error of the API with this code says that it does not know the secret key.
#[must_use]
pub fn is_secret_key_error(code: &str) -> bool {
    matches!(code, "clerk_key_invalid" | "secret_key_invalid")
}

/// Counts a call by what it brought.
pub(crate) fn counted<T>(operation: &'static str, answer: Result<T, BackendError>) -> Result<T, BackendError> {
    metrics::backend_call(operation, answer.as_ref().map_or_else(BackendError::label, |_| metrics::SUCCESS));
    answer
}

impl BackendError {
    const fn label(&self) -> &'static str {
        match self {
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
            Self::Fetch(error) => error.fmt(f),
            Self::Refused { status, code: Some(code) } => write!(f, "status {status}, {code}"),
            Self::Refused { status, code: None } => write!(f, "status {status}"),
            Self::Malformed => f.write_str("the answer is not what Clerk sends"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_repeats_the_secret_key_is_none() {
        let judged = |code: &str| {
            let body = json!({"errors": [{"code": code}]}).to_string();
            judge(401, body.as_bytes(), "sk_test_s3cr3t").map_err(|error| error.to_string())
        };
        assert_eq!(judged("clerk_key_invalid"), Err("status 401, clerk_key_invalid".to_owned()));
        for code in ["sk_test_s3cr3t", "unknown_sk_test_s3cr3t_key"] {
            assert_eq!(judged(code), Err("status 401".to_owned()));
        }
    }
}
