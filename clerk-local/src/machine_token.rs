//! [`MachineTokenBuilder`]: API keys, M2M tokens and OAuth access tokens.

use std::{fmt, sync::Arc, time::Duration};

use serde_json::{Value, json};

use crate::{
    keys::{random_hex_id, random_id},
    shared::{ISSUER, Shared},
    store::{MachineToken, MachineTokenKind},
};

/// The type of an OAuth access token in JWT form ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068#section-2.1)).
pub(crate) const OAUTH_JWT: &str = "at+jwt";

/// Builder of an API key, a machine-to-machine token or an OAuth access token.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let local = clerk_local::LocalClerk::start().await?;
/// let key = local.api_key("user_alice").scopes(["invoices:read"]).create();
/// let jwt = local.m2m_token("mch_importer").jwt();
/// # Ok(()) }
/// ```
#[must_use]
pub struct MachineTokenBuilder {
    shared: Arc<Shared>,
    token: MachineToken,
    lifetime: Duration,
}

impl MachineTokenBuilder {
    pub(crate) fn new(shared: Arc<Shared>, kind: MachineTokenKind, subject: &str) -> Self {
        let created_at = shared.clock.now().unix_millis();
        let token = MachineToken {
            kind,
            id: match kind {
                MachineTokenKind::ApiKey => random_hex_id("ak"),
                MachineTokenKind::M2m => random_hex_id("mt"),
                MachineTokenKind::OAuth => random_hex_id("oat"),
            },
            secret: String::new(),
            subject: subject.to_owned(),
            scopes: Vec::new(),
            audiences: Vec::new(),
            act: Value::Null,
            claims: Value::Null,
            name: "test".to_owned(),
            description: None,
            created_by: None,
            client_id: "client_local".to_owned(),
            revoked: false,
            revocation_reason: None,
            expired: false,
            created_at,
            updated_at: created_at,
            expiration: None,
        };
        Self { shared, token, lifetime: Duration::from_secs(300) }
    }

    /// What the token is granted.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.token.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Custom claims, a JSON object.
    pub fn claims(mut self, claims: Value) -> Self {
        self.token.claims = claims;
        self
    }

    /// The resources that an OAuth access token is meant for; default: none.
    pub fn audience<S: Into<String>>(mut self, resources: impl IntoIterator<Item = S>) -> Self {
        self.token.audiences = resources.into_iter().map(Into::into).collect();
        self
    }

    /// The parties that act for the user of an OAuth access token, the present one first and the earliest one last: the
    /// `act` claim ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693#section-4.1)). Default: none, the token is its
    /// application's.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let local = clerk_local::LocalClerk::start().await?;
    /// let token = local.oauth_token("user_alice").acted_by(["agent_summaries", "client_mail"]).jwt();
    /// # let _ = token; Ok(()) }
    /// ```
    pub fn acted_by<S: Into<String>>(self, actors: impl IntoIterator<Item = S, IntoIter: DoubleEndedIterator>) -> Self {
        let chain = actors.into_iter().rev().fold(Value::Null, |earlier, actor| match earlier {
            Value::Null => json!({ "sub": actor.into() }),
            earlier => json!({ "sub": actor.into(), "act": earlier }),
        });
        self.act(chain)
    }

    /// The whole `act` claim of an OAuth access token, valid or not.
    pub fn act(mut self, act: Value) -> Self {
        self.token.act = act;
        self
    }

    /// The name of an API key.
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.token.name);
        self
    }

    /// What an API key is for, and the user who created it.
    pub(crate) fn description(mut self, description: Option<String>, created_by: Option<String>) -> Self {
        (self.token.description, self.token.created_by) = (description, created_by);
        self
    }

    /// The OAuth application of an access token.
    pub fn client_id(mut self, client_id: &str) -> Self {
        client_id.clone_into(&mut self.token.client_id);
        self
    }

    /// Makes the token a revoked one.
    pub fn revoked(mut self) -> Self {
        self.token.revoked = true;
        self.token.revocation_reason = Some("revoked by a test".to_owned());
        self
    }

    /// Makes the token an expired one.
    pub fn expired(mut self) -> Self {
        self.token.expired = true;
        self
    }

    /// The token's lifetime; default: 5 minutes in JWT form, otherwise unlimited.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self.token.expiration =
            Some(self.token.created_at.saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX)));
        self
    }

    /// Creates an opaque token, which the Backend API verifies: `ak_...`, `mt_...` or `oat_...`.
    #[must_use]
    pub fn create(self) -> String {
        self.into_created().secret
    }

    /// The same, but returns all that the instance stores.
    pub(crate) fn into_created(mut self) -> MachineToken {
        self.token.secret = random_id(match self.token.kind {
            MachineTokenKind::ApiKey => "ak",
            MachineTokenKind::M2m => "mt",
            MachineTokenKind::OAuth => "oat",
        });
        self.shared.store().machine_tokens.add(self.token.clone());
        self.token
    }

    /// Creates a token in JWT form, which is verified without the Backend API. An API key has no such form: the result
    /// is an OAuth access token.
    #[must_use]
    pub fn jwt(self) -> String {
        self.into_signed().0
    }

    /// The same, also with the values that its claims are made of.
    pub(crate) fn into_signed(self) -> (String, MachineToken) {
        let token = self.token;
        let issued = token.created_at / 1000;
        let lifetime = i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX / 2);
        let expires = if token.expired { issued - 60 } else { issued.saturating_add(lifetime) };
        let mut claims = json!({
            "iss": ISSUER, "sub": token.subject, "jti": token.id,
            "iat": issued.min(expires), "nbf": issued.min(expires), "exp": expires,
        });
        if let Value::Object(own) = &token.claims {
            for (name, value) in own {
                claims[name] = value.clone();
            }
        }
        let header = if token.kind == MachineTokenKind::M2m {
            claims["scopes"] = json!(token.scopes.join(" "));
            json!({"typ": "JWT", "cat": "cl_B7d4PD333AAA"})
        } else {
            claims["scope"] = json!(token.scopes.join(" "));
            claims["client_id"] = json!(token.client_id);
            if !token.audiences.is_empty() {
                claims["aud"] = json!(token.audiences);
            }
            if !token.act.is_null() {
                claims["act"] = token.act.clone();
            }
            json!({ "typ": OAUTH_JWT })
        };
        (self.shared.sign_as(&header, &claims), token)
    }
}

impl fmt::Debug for MachineTokenBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MachineTokenBuilder").field("subject", &self.token.subject).finish_non_exhaustive()
    }
}
