//! Operations on OAuth applications.

use crate::{Page, common::DeletedObject, define::operations, oauth_applications::OAuthApplication};

operations! { OAuthApplications {
    /// Lists OAuth applications.
    fn list() -> ListOAuthApplications: "ListOAuthApplications" GET "/oauth_applications" => Page<OAuthApplication>, streams OAuthApplication {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            /// Default: `+created_at`.
            order_by: String,
            name_query: String,
        }
    }

    /// Creates an OAuth application.
    fn create(; body name: String) -> CreateOAuthApplication: "CreateOAuthApplication" POST "/oauth_applications" => OAuthApplication {
        with body {
            redirect_uris: Option<Vec<String>>,
            /// Deprecated by Clerk.
            callback_url: Option<String> [..=1024 characters],
            /// Default: `profile email`.
            scopes: Option<String> [..=1024 characters],
            /// Default: `true`.
            consent_screen_enabled: Option<bool>,
            /// Default: `false`.
            pkce_required: Option<bool>,
            public: Option<bool>,
        }
    }

    /// Gets an OAuth application by id.
    fn get(oauth_application_id) -> GetOAuthApplication: "GetOAuthApplication" GET "/oauth_applications/{oauth_application_id}" => OAuthApplication {}

    /// Changes an OAuth application; parameters that are not set stay unchanged.
    fn update(oauth_application_id) -> UpdateOAuthApplication: "UpdateOAuthApplication" PATCH "/oauth_applications/{oauth_application_id}" => OAuthApplication {
        with body {
            name: Option<String>,
            redirect_uris: Option<Vec<String>>,
            /// Deprecated by Clerk.
            callback_url: Option<String> [..=1024 characters],
            /// Default: `profile email`.
            scopes: Option<String> [..=1024 characters],
            consent_screen_enabled: Option<bool>,
            pkce_required: Option<bool>,
            public: Option<bool>,
        }
    }

    /// Deletes an OAuth application.
    fn delete(oauth_application_id) -> DeleteOAuthApplication: "DeleteOAuthApplication" DELETE "/oauth_applications/{oauth_application_id}" => DeletedObject {}

    /// Uploads an OAuth application's logo.
    fn upload_logo(oauth_application_id) -> UploadOAuthApplicationLogo: "UploadOAuthApplicationLogo" PUT "/oauth_applications/{oauth_application_id}/logo" => OAuthApplication {
        with upload {
            uploader_user_id: String,
        }
        file file
    }

    /// Replaces an OAuth application's secret.
    fn rotate_secret(oauth_application_id) -> RotateOAuthApplicationSecret: "RotateOAuthApplicationSecret" POST "/oauth_applications/{oauth_application_id}/rotate_secret" => OAuthApplication {}

    /// Revokes a token of an OAuth application.
    fn revoke_token(oauth_application_id; body token: String) -> RevokeOAuthApplicationToken: "RevokeOAuthApplicationToken" POST "/oauth_applications/{oauth_application_id}/revoke_token" => () {
        with body {}
    }
}}
