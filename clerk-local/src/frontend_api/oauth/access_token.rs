//! [`AccessToken`]: what the instance knows of a token that somebody shows.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{shared::Shared, store::Kind};

/// Longer than any that was made here.
const MAX_LENGTH: usize = 16 * 1024;

/// An access token that is good.
#[derive(Debug)]
pub(super) struct AccessToken {
    /// That of the opaque form, which can be revoked.
    pub(super) id: Option<String>,
    pub(super) client_id: String,
    pub(super) user_id: String,
    pub(super) scopes: Vec<String>,
    /// In seconds since the Unix epoch.
    pub(super) issued_at: i64,
}

impl AccessToken {
    /// The token of either form, as long as it was neither revoked nor has expired.
    pub(super) fn find(shared: &Shared, text: &str) -> Option<Self> {
        let now = shared.clock.now();
        let store = shared.store();
        if let Some(token) = store.machine_tokens.find(Kind::OAuth, text) {
            return (!token.is_invalid(now.unix_millis())).then(|| Self {
                id: Some(token.id.clone()),
                client_id: token.client_id.clone(),
                user_id: token.subject.clone(),
                scopes: token.scopes.clone(),
                issued_at: token.created_at / 1000,
            });
        }
        drop(store);
        let claims = text.split('.').nth(1).filter(|_| text.len() <= MAX_LENGTH)?;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        // As with tickets: what was signed here comes out again.
        let is_own = shared.sign_as(&json!({"typ": "at+jwt"}), &claims) == text;
        let is_good = is_own && claims["exp"].as_i64()? > now.unix_seconds();
        is_good.then_some(())?;
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
