//! JWT templates.

use clerk_types::common::DeletedObject;
pub use clerk_types::jwt::JwtTemplate;
use serde_json::Value;

use crate::define::resource;

resource! {
/// JWT templates.
JwtTemplates, jwt_templates {
    /// Lists JWT templates.
    GET "/jwt_templates" ListJwtTemplates = "ListJWTTemplates"
    list() ?{ ..paged, paginated: bool } => Page<JwtTemplate>, flag paginated;

    /// Creates a JWT template.
    POST "/jwt_templates" CreateJwtTemplate = "CreateJWTTemplate"
    create(; name: String, claims: Value) {
        lifetime: Option<i64> [30..=315360000], allowed_clock_skew: Option<i64> [0..=300], custom_signing_key: bool,
        signing_algorithm: Option<String>, signing_key: Option<String>,
    } -> JwtTemplate;

    /// Gets a JWT template by id.
    GET "/jwt_templates/{template_id}" GetJwtTemplate = "GetJWTTemplate"
    get(template_id) -> JwtTemplate;

    /// Changes a JWT template; parameters that are not set stay unchanged.
    PATCH "/jwt_templates/{template_id}" UpdateJwtTemplate = "UpdateJWTTemplate"
    update(template_id; name: String, claims: Value) {
        lifetime: Option<i64> [30..=315360000], allowed_clock_skew: Option<i64> [0..=300], custom_signing_key: bool,
        signing_algorithm: Option<String>, signing_key: Option<String>,
    } -> JwtTemplate;

    /// Deletes a JWT template.
    DELETE "/jwt_templates/{template_id}" DeleteJwtTemplate = "DeleteJWTTemplate"
    delete(template_id) -> DeletedObject;
}}
