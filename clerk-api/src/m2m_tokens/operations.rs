//! Operations on machine-to-machine tokens.

use crate::{
    Page,
    arguments::{Choice, Decimal, Flag, Integer, Json, Maybe, Text},
    define::{example, operations},
    m2m_tokens::{M2mToken, TokenFormat},
};

operations! { M2mTokens {
    /// Creates a machine-to-machine token.
    #[doc = example!(r#"let token = client.m2m_tokens().create().seconds_until_expiration(60.0).send().await?;"#)]
    fn create() -> CreateM2mToken: "createM2MToken" POST "/m2m_tokens" => M2mToken {
        with body {
            /// Default: `opaque`.
            token_format: Choice<TokenFormat>,
            seconds_until_expiration: Maybe<Decimal> [> 0],
            claims: Maybe<Json>,
            min_remaining_ttl_seconds: Integer [0..],
        }
    }

    /// Lists machine-to-machine tokens.
    #[doc = example!(r#"let page = client.m2m_tokens().list("mch_1").send().await?;"#)]
    fn list(; query subject: Text) -> GetM2mTokens: "getM2MTokens" GET "/m2m_tokens" => Page<M2mToken>, streams M2mToken {
        query {
            /// Default: `false`.
            revoked: Maybe<Flag>,
            /// Default: `false`.
            expired: Maybe<Flag>,
            /// Default: `10`.
            limit: Decimal [1..=100],
            /// Default: `0`.
            offset: Maybe<Decimal> [0..],
        }
    }

    /// Revokes a machine-to-machine token.
    #[doc = example!(r#"client.m2m_tokens().revoke("mt_1").send().await?;"#)]
    fn revoke(m2m_token_id) -> RevokeM2mToken: "revokeM2MToken" POST "/m2m_tokens/{m2m_token_id}/revoke" => M2mToken {
        with body {
            revocation_reason: Maybe<Text>,
        }
    }

    /// Verifies a machine-to-machine token.
    fn verify(; body token: Text) -> VerifyM2mToken: "verifyM2MToken" POST "/m2m_tokens/verify" => M2mToken {
        with body {}
    }
}}
