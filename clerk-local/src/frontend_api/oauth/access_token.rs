//! [`AccessToken`]: an OAuth access token that a caller presents.

use crate::{machine_token::OAUTH_JWT, shared::Shared, store::MachineTokenKind};

/// A valid access token.
#[derive(Debug)]
pub(super) struct AccessToken {
    /// The id of an opaque token, by which it can be revoked.
    pub(super) id: Option<String>,
    pub(super) client_id: String,
    pub(super) user_id: String,
    pub(super) scopes: Vec<String>,
    /// In seconds since the Unix epoch.
    pub(super) issued_at: i64,
}

impl AccessToken {
    /// Finds a token of either form that is neither revoked nor expired.
    pub(super) fn find(shared: &Shared, text: &str) -> Option<Self> {
        let now = shared.clock.now();
        let store = shared.store();
        if let Some(token) = store.machine_tokens.find(MachineTokenKind::OAuth, text) {
            return (!token.is_invalid(now.unix_millis())).then(|| Self {
                id: Some(token.id.clone()),
                client_id: token.client_id.clone(),
                user_id: token.subject.clone(),
                scopes: token.scopes.clone(),
                issued_at: token.created_at / 1000,
            });
        }
        drop(store);
        let claims = shared.claims_of_type(OAUTH_JWT, text)?;
        if claims["exp"].as_i64()? <= now.unix_seconds() {
            return None;
        }
        Some(Self {
            id: None,
            client_id: claims["client_id"].as_str()?.to_owned(),
            user_id: claims["sub"].as_str()?.to_owned(),
            scopes: claims["scope"].as_str()?.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            issued_at: claims["iat"].as_i64()?,
        })
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}
