//! Machine tokens: API keys, M2M tokens and OAuth access tokens.

use std::{collections::HashMap, fmt};

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Machine, Store, Table, TableVisitor, table::record};

/// The kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MachineTokenKind {
    ApiKey,
    M2m,
    OAuth,
}

/// A token, as the instance stores it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct MachineToken {
    pub(crate) kind: MachineTokenKind,
    pub(crate) id: String,
    /// The token's text; empty for a JWT, which is not looked up.
    pub(crate) secret: String,
    pub(crate) subject: String,
    pub(crate) scopes: Vec<String>,
    /// The audiences of an OAuth access token.
    pub(crate) audiences: Vec<String>,
    /// The parties that act for the user of an OAuth access token.
    #[serde(default)]
    pub(crate) act: Value,
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

/// All stored tokens.
#[derive(Default)]
pub(crate) struct MachineTokens {
    table: Table<MachineToken>,
    ids_by_secret: HashMap<String, String>,
}

impl MachineTokens {
    pub(crate) fn add(&mut self, token: MachineToken) {
        self.ids_by_secret.insert(token.secret.clone(), token.id.clone());
        self.table.put(token);
    }

    pub(crate) fn find(&self, kind: MachineTokenKind, secret: &str) -> Option<&MachineToken> {
        self.get(kind, self.ids_by_secret.get(secret)?)
    }

    /// All tokens of a kind, the oldest first.
    pub(crate) fn of_kind(&self, kind: MachineTokenKind) -> impl DoubleEndedIterator<Item = &MachineToken> {
        self.table.iter().filter(move |token| token.kind == kind)
    }

    pub(crate) fn get(&self, kind: MachineTokenKind, id: &str) -> Option<&MachineToken> {
        self.table.get(id).filter(|token| token.kind == kind)
    }

    /// The token, mutable.
    pub(crate) fn get_mut(&mut self, kind: MachineTokenKind, id: &str) -> Option<&mut MachineToken> {
        self.table.get_mut(id).filter(|token| token.kind == kind)
    }

    pub(crate) fn remove(&mut self, kind: MachineTokenKind, id: &str) -> Option<MachineToken> {
        let secret = self.get(kind, id)?.secret.clone();
        self.ids_by_secret.remove(&secret);
        self.table.remove(id)
    }

    /// Removes the M2M tokens of a machine.
    pub(crate) fn remove_of_machine(&mut self, machine: &str) {
        let own = self.table.remove_if(|token| token.kind == MachineTokenKind::M2m && token.subject == machine);
        own.iter().for_each(|token| drop(self.ids_by_secret.remove(&token.secret)));
    }

    /// A token that the machine can get again: with the same claims and scopes, and valid until then.
    pub(crate) fn reusable(&self, machine: &Machine, claims: &Value, until: i64) -> Option<&MachineToken> {
        let is_good = |token: &MachineToken| {
            !token.revoked && !token.expired && token.expiration.is_none_or(|expires| expires >= until)
        };
        self.of_kind(MachineTokenKind::M2m).find(|token| {
            token.subject == machine.id
                && token.claims == *claims
                && token.scopes.iter().eq(machine.scopes.keys())
                && is_good(token)
        })
    }

    /// Revokes the token with this id, if it is one of those that are selected.
    pub(crate) fn revoke(
        &mut self,
        id: &str,
        is_selected: impl Fn(&MachineToken) -> bool,
        reason: Option<String>,
    ) -> Option<&MachineToken> {
        self.table.get(id).filter(|token| is_selected(token))?;
        let token = self.table.get_mut(id)?;
        token.revoked = true;
        token.revocation_reason = reason;
        Some(token)
    }

    pub(super) fn visit(&mut self, visitor: &mut impl TableVisitor) {
        let known = self.table.len();
        visitor.table(&mut self.table);
        if self.table.len() != known {
            self.ids_by_secret = self.table.iter().map(|one| (one.secret.clone(), one.id.clone())).collect();
        }
    }
}

impl Store {
    /// Whether the machine may verify an M2M token: one of its own, or one that is granted access to it, when it was
    /// created and still. A machine that the instance does not have exists in a test alone: its tokens are for the
    /// instance's own machine, too.
    pub(crate) fn grants_access(&self, token: &MachineToken, machine: &str, own: &str) -> bool {
        let is_foreign = self.machines.get(&token.subject).is_none();
        token.subject == machine
            || self.present_scopes(token).any(|scope| scope == machine)
            || (is_foreign && machine == own)
    }

    /// The token in the Backend API, without its secret and without scopes that its machine has lost.
    pub(crate) fn machine_token_json(&self, token: &MachineToken, now: Timestamp) -> Value {
        let mut json = token.json(now.unix_millis());
        if token.kind == MachineTokenKind::M2m {
            json["scopes"] = self.present_scopes(token).collect();
        }
        json
    }

    fn present_scopes<'s>(&'s self, token: &'s MachineToken) -> impl Iterator<Item = &'s str> {
        let machine = self.machines.get(&token.subject);
        let is_lost = move |scope: &str| {
            scope.starts_with("mch_") && machine.is_some_and(|machine| !machine.scopes.contains_key(scope))
        };
        token.scopes.iter().map(String::as_str).filter(move |scope| !is_lost(scope))
    }
}

impl MachineToken {
    /// Whether it is revoked or has expired.
    pub(crate) fn is_invalid(&self, now: i64) -> bool {
        self.revoked || self.has_expired(now)
    }

    fn has_expired(&self, now: i64) -> bool {
        self.expired || self.expiration.is_some_and(|at| at <= now)
    }

    /// The token in the Backend API, without its secret.
    pub(crate) fn json(&self, now: i64) -> Value {
        let expired = self.has_expired(now);
        let mut json = json!({
            "id": self.id, "subject": self.subject, "scopes": self.scopes, "revoked": self.revoked,
            "revocation_reason": self.revocation_reason, "expired": expired,
            "expiration": self.expiration, "created_at": self.created_at, "updated_at": self.updated_at,
        });
        match self.kind {
            MachineTokenKind::ApiKey => {
                json["object"] = "api_key".into();
                json["type"] = "api_key".into();
                json["name"] = json!(self.name);
                json["claims"] = self.claims.clone();
                json["created_by"] = json!(self.created_by);
                json["description"] = json!(self.description);
                json["last_used_at"] = Value::Null;
            }
            MachineTokenKind::M2m => {
                json["object"] = "machine_to_machine_token".into();
                json["claims"] = self.claims.clone();
                json["last_used_at"] = Value::Null;
            }
            MachineTokenKind::OAuth => {
                json["object"] = "clerk_idp_oauth_access_token".into();
                json["client_id"] = json!(self.client_id);
                // Not in Clerk's description; `@clerk/backend` reads both.
                if !self.audiences.is_empty() {
                    json["aud"] = json!(self.audiences);
                }
                if !self.act.is_null() {
                    json["act"] = self.act.clone();
                }
            }
        }
        json
    }
}

impl fmt::Debug for MachineTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MachineTokens").field("count", &self.table.len()).finish()
    }
}

record!(MachineToken, "machine_token");
