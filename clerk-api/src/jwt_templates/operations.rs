//! Operations on JWT templates.

use crate::{
    Page,
    arguments::{Flag, Integer, Json, Maybe, Text},
    common::DeletedObject,
    define::operations,
    jwt_templates::JwtTemplate,
};

operations! { JwtTemplates {
    /// Lists JWT templates.
    fn list() -> ListJwtTemplates: "ListJWTTemplates" GET "/jwt_templates" => Page<JwtTemplate>, streams JwtTemplate, flag paginated {
        query {
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Creates a JWT template.
    fn create(; body name: Text, body claims: Json) -> CreateJwtTemplate: "CreateJWTTemplate" POST "/jwt_templates" => JwtTemplate {
        with body {
            lifetime: Maybe<Integer> [30..=315360000],
            allowed_clock_skew: Maybe<Integer> [0..=300],
            custom_signing_key: Flag,
            signing_algorithm: Maybe<Text>,
            signing_key: Maybe<Text>,
        }
    }

    /// Gets a JWT template by id.
    fn get(template_id) -> GetJwtTemplate: "GetJWTTemplate" GET "/jwt_templates/{template_id}" => JwtTemplate {}

    /// Changes a JWT template; parameters that are not set stay unchanged.
    fn update(template_id; body name: Text, body claims: Json) -> UpdateJwtTemplate: "UpdateJWTTemplate" PATCH "/jwt_templates/{template_id}" => JwtTemplate {
        with body {
            lifetime: Maybe<Integer> [30..=315360000],
            allowed_clock_skew: Maybe<Integer> [0..=300],
            custom_signing_key: Flag,
            signing_algorithm: Maybe<Text>,
            signing_key: Maybe<Text>,
        }
    }

    /// Deletes a JWT template.
    fn delete(template_id) -> DeleteJwtTemplate: "DeleteJWTTemplate" DELETE "/jwt_templates/{template_id}" => DeletedObject {}
}}
