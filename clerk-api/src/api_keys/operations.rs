//! Operations on API keys.

use serde_json::Value;

use crate::{
    Page,
    api_keys::{ApiKey, ApiKeySecret},
    common::DeletedObject,
    define::{example, operations},
    organization_domains::VerifiedFilter,
};

operations! { ApiKeys {
    /// Creates an API key.
    #[doc = example!(r#"let key = client.api_keys().create("ci key", "user_1").scopes(["read"]).send().await?; // its secret is shown once"#)]
    fn create(; body name: String [3.. characters], body subject: String) -> CreateApiKey: "createApiKey" POST "/api_keys" => ApiKey {
        with body {
            /// Default: `api_key`.
            kind = "type": String [3..=25 characters],
            description: Option<String> [..=255 characters],
            claims: Option<Value>,
            scopes: Vec<String>,
            created_by: Option<String>,
            seconds_until_expiration: Option<f64> [> 0],
        }
    }

    /// Lists API keys.
    #[doc = example!(r#"let page = client.api_keys().list("user_1").send().await?;"#)]
    fn list(; query subject: String) -> GetApiKeys: "getApiKeys" GET "/api_keys" => Page<ApiKey>, streams ApiKey {
        query {
            /// Default: `api_key`.
            kind = "type": String [3.. characters],
            /// Default: `false`.
            include_invalid: VerifiedFilter,
            /// Default: `10`.
            limit: f64 [1..=100],
            /// Default: `0`.
            offset: Option<f64> [0..],
            query: String,
        }
    }

    /// Gets an API key by id.
    fn get(api_key_id) -> GetApiKey: "getApiKey" GET "/api_keys/{apiKeyID}" => ApiKey {}

    /// Changes an API key; parameters that are not set stay unchanged.
    fn update(api_key_id) -> UpdateApiKey: "updateApiKey" PATCH "/api_keys/{apiKeyID}" => ApiKey {
        with body {
            claims: Option<Value>,
            scopes: Vec<String>,
            description: Option<String> [..=255 characters],
            subject: String,
            seconds_until_expiration: Option<f64> [> 0],
        }
    }

    /// Deletes an API key.
    fn delete(api_key_id) -> DeleteApiKey: "deleteApiKey" DELETE "/api_keys/{apiKeyID}" => DeletedObject {}

    /// Gets the secret of an API key, if the instance allows it.
    fn secret(api_key_id) -> GetApiKeySecret: "getApiKeySecret" GET "/api_keys/{apiKeyID}/secret" => ApiKeySecret {}

    /// Revokes an API key.
    #[doc = example!(r#"client.api_keys().revoke("apk_1").revocation_reason("unused").send().await?;"#)]
    fn revoke(api_key_id) -> RevokeApiKey: "revokeApiKey" POST "/api_keys/{apiKeyID}/revoke" => ApiKey {
        with body {
            revocation_reason: Option<String>,
        }
    }

    /// Verifies an API key, by its secret.
    fn verify(; body secret: String) -> VerifyApiKey: "verifyApiKey" POST "/api_keys/verify" => ApiKey {
        with body {}
    }
}}
