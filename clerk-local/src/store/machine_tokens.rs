//! Tokens of callers that are no browsers.

use std::{collections::BTreeMap, fmt};

use serde_json::{Value, json};

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    ApiKey,
    M2m,
    OAuth,
}

/// What the instance knows about a token.
#[derive(Clone)]
pub(crate) struct MachineToken {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) scopes: Vec<String>,
    /// Whom an OAuth access token is meant for.
    pub(crate) audiences: Vec<String>,
    pub(crate) claims: Value,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The user who created an API key.
    pub(crate) created_by: Option<String>,
    pub(crate) client_id: String,
    pub(crate) revoked: bool,
    pub(crate) revocation_reason: Option<String>,
    pub(crate) expired: bool,
    /// Milliseconds since the Unix epoch.
    pub(crate) created_at: i64,
    /// Milliseconds since the Unix epoch.
    pub(crate) updated_at: i64,
    /// Milliseconds since the Unix epoch.
    pub(crate) expiration: Option<i64>,
}

/// All tokens, by their secret.
#[derive(Default)]
pub(crate) struct MachineTokens(BTreeMap<String, MachineToken>);

impl MachineTokens {
    pub(crate) fn add(&mut self, secret: String, token: MachineToken) {
        self.0.insert(secret, token);
    }

    pub(crate) fn find(&self, kind: Kind, secret: &str) -> Option<&MachineToken> {
        self.0.get(secret).filter(|token| token.kind == kind)
    }

    /// All tokens of a kind, the oldest first.
    pub(crate) fn of_kind(&self, kind: Kind) -> Vec<&MachineToken> {
        let mut tokens: Vec<_> = self.0.values().filter(|token| token.kind == kind).collect();
        tokens.sort_by(|one, other| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
        tokens
    }

    /// A token of a kind by its id, with its secret.
    pub(crate) fn by_id(&mut self, kind: Kind, id: &str) -> Option<(&str, &mut MachineToken)> {
        let mut tokens = self.0.iter_mut().filter(|(_, token)| token.kind == kind && token.id == id);
        tokens.next().map(|(secret, token)| (&**secret, token))
    }

    pub(crate) fn remove(&mut self, kind: Kind, id: &str) -> Option<MachineToken> {
        let secret = self.by_id(kind, id)?.0.to_owned();
        self.0.remove(&secret)
    }

    /// A token that a machine may be given again, with its secret: of the same claims, and good until then.
    pub(crate) fn reusable(&self, machine: &str, claims: &Value, until: i64) -> Option<(&str, &MachineToken)> {
        let tokens = self.0.iter().map(|(secret, token)| (&**secret, token));
        tokens.filter(|(_, token)| token.kind == Kind::M2m && token.subject == machine && token.claims == *claims).find(
            |(_, token)| !token.revoked && !token.expired && token.expiration.is_none_or(|expires| expires >= until),
        )
    }

    /// Revokes the token with this id, if it is one of those.
    pub(crate) fn revoke(
        &mut self,
        id: &str,
        of_those: impl Fn(&MachineToken) -> bool,
        reason: Option<String>,
    ) -> Option<&MachineToken> {
        let token = self.0.values_mut().find(|token| token.id == id && of_those(token))?;
        token.revoked = true;
        token.revocation_reason = reason;
        Some(token)
    }
}

impl MachineToken {
    /// Whether it is good no more.
    pub(crate) fn is_invalid(&self, now: i64) -> bool {
        self.revoked || self.has_expired(now)
    }

    fn has_expired(&self, now: i64) -> bool {
        self.expired || self.expiration.is_some_and(|at| at <= now)
    }

    /// The token as the Backend API describes it, without its secret.
    pub(crate) fn json(&self, now: i64) -> Value {
        let expired = self.has_expired(now);
        let mut json = json!({
            "id": self.id, "subject": self.subject, "scopes": self.scopes, "revoked": self.revoked,
            "revocation_reason": self.revocation_reason, "expired": expired,
            "expiration": self.expiration, "created_at": self.created_at, "updated_at": self.updated_at,
        });
        match self.kind {
            Kind::ApiKey => {
                json["object"] = "api_key".into();
                json["type"] = "api_key".into();
                json["name"] = json!(self.name);
                json["claims"] = self.claims.clone();
                json["created_by"] = json!(self.created_by);
                json["description"] = json!(self.description);
                json["last_used_at"] = Value::Null;
            }
            Kind::M2m => {
                json["object"] = "machine_to_machine_token".into();
                json["claims"] = self.claims.clone();
                json["last_used_at"] = Value::Null;
            }
            Kind::OAuth => {
                json["object"] = "clerk_idp_oauth_access_token".into();
                json["client_id"] = json!(self.client_id);
                // Beyond what Clerk describes: how it tells audiences is nowhere said.
                if !self.audiences.is_empty() {
                    json["aud"] = json!(self.audiences);
                }
            }
        }
        json
    }
}

impl fmt::Debug for MachineTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MachineTokens").field("count", &self.0.len()).finish()
    }
}
