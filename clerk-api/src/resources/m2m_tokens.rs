//! Machine-to-machine tokens.

pub use clerk_types::machine::{M2mToken, TokenFormat};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// Machine-to-machine tokens.
M2mTokens, m2m_tokens {
    /// Creates a machine-to-machine token.
    #[doc = example!(r#"let token = client.m2m_tokens().create().seconds_until_expiration(60.0).send().await?;"#)]
    POST "/m2m_tokens" CreateM2mToken = "createM2MToken"
    create() {
        /// Default: `opaque`.
        token_format: TokenFormat,
        seconds_until_expiration: Option<f64> [> 0], claims: Option<Value>, min_remaining_ttl_seconds: i64 [0..],
    } -> M2mToken, with machine_key;

    /// Lists machine-to-machine tokens.
    #[doc = example!(r#"let page = client.m2m_tokens().list("mch_1").send().await?;"#)]
    GET "/m2m_tokens" GetM2mTokens = "getM2MTokens"
    list(; subject: String) ?{
        /// Default: `false`.
        revoked: Option<bool>,
        /// Default: `false`.
        expired: Option<bool>,
        /// Default: `10`.
        limit: f64 [1..=100],
        /// Default: `0`.
        offset: Option<f64> [0..],
    } => Page<M2mToken>;

    /// Revokes a machine-to-machine token.
    #[doc = example!(r#"client.m2m_tokens().revoke("mt_1").send().await?;"#)]
    POST "/m2m_tokens/{m2m_token_id}/revoke" RevokeM2mToken = "revokeM2MToken"
    revoke(m2m_token_id) { revocation_reason: Option<String> } -> M2mToken, with machine_key;

    /// Verifies a machine-to-machine token.
    POST "/m2m_tokens/verify" VerifyM2mToken = "verifyM2MToken"
    verify(; token: String) -> M2mToken, with machine_key;
}}
