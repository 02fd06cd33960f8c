//! Operations on JWT templates.

use serde_json::Value;

use crate::{Page, common::DeletedObject, define::operations, jwt_templates::JwtTemplate};

operations! { JwtTemplates {
    /// Lists JWT templates.
    fn list() -> ListJwtTemplates: "ListJWTTemplates" GET "/jwt_templates" => Page<JwtTemplate>, streams JwtTemplate, flag paginated {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a JWT template.
    fn create(; body name: String, body claims: Value) -> CreateJwtTemplate: "CreateJWTTemplate" POST "/jwt_templates" => JwtTemplate {
        with body {
            lifetime: Option<i64> [30..=315360000],
            allowed_clock_skew: Option<i64> [0..=300],
            custom_signing_key: bool,
            signing_algorithm: Option<String>,
            signing_key: Option<String>,
        }
    }

    /// Gets a JWT template by id.
    fn get(template_id) -> GetJwtTemplate: "GetJWTTemplate" GET "/jwt_templates/{template_id}" => JwtTemplate {}

    /// Changes a JWT template; parameters that are not set stay unchanged.
    fn update(template_id; body name: String, body claims: Value) -> UpdateJwtTemplate: "UpdateJWTTemplate" PATCH "/jwt_templates/{template_id}" => JwtTemplate {
        with body {
            lifetime: Option<i64> [30..=315360000],
            allowed_clock_skew: Option<i64> [0..=300],
            custom_signing_key: bool,
            signing_algorithm: Option<String>,
            signing_key: Option<String>,
        }
    }

    /// Deletes a JWT template.
    fn delete(template_id) -> DeleteJwtTemplate: "DeleteJWTTemplate" DELETE "/jwt_templates/{template_id}" => DeletedObject {}
}}
