//! Tokens of users and machines.

use std::sync::Arc;

use clerk_core::config::MachineSecretKey;

use super::LocalClerk;
use crate::{error::UnknownName, machine_token::MachineTokenBuilder, store::MachineTokenKind, token::TokenBuilder};

impl LocalClerk {
    /// Builds a token of this user, by name or id: valid, unless a claim is changed.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn token(&self, user: &str) -> Result<TokenBuilder, UnknownName> {
        self.shared.token(user).ok_or_else(|| UnknownName(user.to_owned()))
    }

    /// Issues a session token of this instance again as Clerk's edge does, which does not ask the database: the new
    /// token is fresh, but has the old claims, and the old `oiat` header that says how old they are. `None` for a token
    /// that the instance's present key did not sign.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let local = clerk_local::LocalClerk::start().await?;
    /// let admin = local.token("alice")?.mint();
    /// local.remove_member("alice", "acme")?;
    /// local.advance(std::time::Duration::from_secs(50));
    /// let renewed = local.renew_at_edge(&admin).ok_or("another instance's token")?; // says that Alice is an admin of Acme
    /// # let _ = renewed; Ok(()) }
    /// ```
    #[must_use]
    pub fn renew_at_edge(&self, token: &str) -> Option<String> {
        self.shared.renew_at_edge(token)
    }

    /// An API key of a user or an organization.
    pub fn api_key(&self, subject: &str) -> MachineTokenBuilder {
        MachineTokenBuilder::new(Arc::clone(&self.shared), MachineTokenKind::ApiKey, subject)
    }

    /// A token of a machine, `mch_...`, with the machine's scopes; that of a machine that the instance does not have
    /// may be verified by the instance's [own machine](Self::machine_id).
    pub fn m2m_token(&self, machine: &str) -> MachineTokenBuilder {
        let scopes =
            self.shared.store().machines.get(machine).map(|machine| machine.scopes.clone()).unwrap_or_default();
        MachineTokenBuilder::new(Arc::clone(&self.shared), MachineTokenKind::M2m, machine).scopes(scopes.into_keys())
    }

    /// An access token that an OAuth application has for a user.
    pub fn oauth_token(&self, user_id: &str) -> MachineTokenBuilder {
        MachineTokenBuilder::new(Arc::clone(&self.shared), MachineTokenKind::OAuth, user_id)
    }

    /// The secret key of a machine of the instance, for `CLERK_MACHINE_SECRET_KEY`.
    #[must_use]
    pub fn machine_secret_key(&self) -> &MachineSecretKey {
        &self.shared.machine_secret_key
    }

    /// The id of that machine, `mch_...`: the subject of the M2M tokens that are created with its secret key.
    #[must_use]
    pub fn machine_id(&self) -> &str {
        &self.shared.machine_id
    }

    /// Revokes an API key, an opaque M2M token or an opaque OAuth access token by its id; returns whether it exists.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn revoke_machine_token(&self, id: &str) -> bool {
        self.shared.store().machine_tokens.revoke(id, |_| true, None).is_some()
    }
}
