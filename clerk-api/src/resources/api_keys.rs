//! API keys.

pub use clerk_types::api_key::{ApiKey, ApiKeySecret};
use clerk_types::{common::DeletedObject, domain::VerifiedFilter};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// API keys.
ApiKeys, api_keys {
    /// Creates an API key.
    #[doc = example!(r#"let key = client.api_keys().create("ci key", "user_1").scopes(["read"]).send().await?; // its secret is shown once"#)]
    POST "/api_keys" CreateApiKey = "createApiKey"
    create(; name: String [3.. characters], subject: String) {
        /// Default: `api_key`.
        kind = "type": String [3..=25 characters],
        description: Option<String> [..=255 characters], claims: Option<Value>, scopes: Vec<String>,
        created_by: Option<String>, seconds_until_expiration: Option<f64> [> 0],
    } -> ApiKey;

    /// Lists API keys.
    #[doc = example!(r#"let page = client.api_keys().list("user_1").send().await?;"#)]
    GET "/api_keys" GetApiKeys = "getApiKeys"
    list(; subject: String) ?{
        /// Default: `api_key`.
        kind = "type": String [3.. characters],
        /// Default: `false`.
        include_invalid: VerifiedFilter,
        /// Default: `10`.
        limit: f64 [1..=100],
        /// Default: `0`.
        offset: Option<f64> [0..],
        query: String,
    } => Page<ApiKey>;

    /// Gets an API key by id.
    GET "/api_keys/{apiKeyID}" GetApiKey = "getApiKey"
    get(api_key_id) -> ApiKey;

    /// Changes an API key; parameters that are not set stay unchanged.
    PATCH "/api_keys/{apiKeyID}" UpdateApiKey = "updateApiKey"
    update(api_key_id) {
        claims: Option<Value>, scopes: Vec<String>, description: Option<String> [..=255 characters],
        subject: String, seconds_until_expiration: Option<f64> [> 0],
    } -> ApiKey;

    /// Deletes an API key.
    DELETE "/api_keys/{apiKeyID}" DeleteApiKey = "deleteApiKey"
    delete(api_key_id) -> DeletedObject;

    /// Gets the secret of an API key, if the instance allows it.
    GET "/api_keys/{apiKeyID}/secret" GetApiKeySecret = "getApiKeySecret"
    secret(api_key_id) -> ApiKeySecret;

    /// Revokes an API key.
    #[doc = example!(r#"client.api_keys().revoke("apk_1").revocation_reason("unused").send().await?;"#)]
    POST "/api_keys/{apiKeyID}/revoke" RevokeApiKey = "revokeApiKey"
    revoke(api_key_id) { revocation_reason: Option<String> } -> ApiKey;

    /// Verifies an API key, by its secret.
    POST "/api_keys/verify" VerifyApiKey = "verifyApiKey"
    verify(; secret: String) -> ApiKey;
}}
