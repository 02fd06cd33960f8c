//! Operations on machine-to-machine tokens.

use serde_json::Value;

use crate::{
    Page,
    define::{example, operations},
    m2m_tokens::{M2mToken, TokenFormat},
};

operations! { M2mTokens {
    /// Creates a machine-to-machine token.
    #[doc = example!(r#"let token = client.m2m_tokens().create().seconds_until_expiration(60.0).send().await?;"#)]
    fn create() -> CreateM2mToken: "createM2MToken" POST "/m2m_tokens" => M2mToken {
        with body {
            /// Default: `opaque`.
            token_format: TokenFormat,
            seconds_until_expiration: Option<f64> [> 0],
            claims: Option<Value>,
            min_remaining_ttl_seconds: i64 [0..],
        }
    }

    /// Lists machine-to-machine tokens.
    #[doc = example!(r#"let page = client.m2m_tokens().list("mch_1").send().await?;"#)]
    fn list(; query subject: String) -> GetM2mTokens: "getM2MTokens" GET "/m2m_tokens" => Page<M2mToken>, streams M2mToken {
        query {
            /// Default: `false`.
            revoked: Option<bool>,
            /// Default: `false`.
            expired: Option<bool>,
            /// Default: `10`.
            limit: f64 [1..=100],
            /// Default: `0`.
            offset: Option<f64> [0..],
        }
    }

    /// Revokes a machine-to-machine token.
    #[doc = example!(r#"client.m2m_tokens().revoke("mt_1").send().await?;"#)]
    fn revoke(m2m_token_id) -> RevokeM2mToken: "revokeM2MToken" POST "/m2m_tokens/{m2m_token_id}/revoke" => M2mToken {
        with body {
            revocation_reason: Option<String>,
        }
    }

    /// Verifies a machine-to-machine token.
    fn verify(; body token: String) -> VerifyM2mToken: "verifyM2MToken" POST "/m2m_tokens/verify" => M2mToken {
        with body {}
    }
}}
