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
            /// At least 0.
            seconds_until_expiration: Maybe<Decimal>,
            claims: Maybe<Json>,
            /// At least 0.
            min_remaining_ttl_seconds: Integer,
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
            /// 1 to 100; default: `10`.
            limit: Decimal,
            /// At least 0; default: `0`.
            offset: Maybe<Decimal>,
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
