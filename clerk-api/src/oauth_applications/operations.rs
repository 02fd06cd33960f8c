//! Operations on OAuth applications.

use crate::{
    Page,
    arguments::{Flag, Integer, List, Maybe, Text},
    common::DeletedObject,
    define::operations,
    oauth_applications::OAuthApplication,
};

operations! { OAuthApplications {
    /// Lists OAuth applications.
    fn list() -> ListOAuthApplications: "ListOAuthApplications" GET "/oauth_applications" => Page<OAuthApplication>, streams OAuthApplication {
        query {
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
            /// Default: `+created_at`.
            order_by: Text,
            name_query: Text,
        }
    }

    /// Creates an OAuth application.
    fn create(; body name: Text) -> CreateOAuthApplication: "CreateOAuthApplication" POST "/oauth_applications" => OAuthApplication {
        with body {
            redirect_uris: Maybe<List<Text>>,
            /// Deprecated by Clerk.
            callback_url: Maybe<Text> [..=1024 characters],
            /// Default: `profile email`.
            scopes: Maybe<Text> [..=1024 characters],
            /// Default: `true`.
            consent_screen_enabled: Maybe<Flag>,
            /// Default: `false`.
            pkce_required: Maybe<Flag>,
            public: Maybe<Flag>,
        }
    }

    /// Gets an OAuth application by id.
    fn get(oauth_application_id) -> GetOAuthApplication: "GetOAuthApplication" GET "/oauth_applications/{oauth_application_id}" => OAuthApplication {}

    /// Changes an OAuth application; parameters that are not set stay unchanged.
    fn update(oauth_application_id) -> UpdateOAuthApplication: "UpdateOAuthApplication" PATCH "/oauth_applications/{oauth_application_id}" => OAuthApplication {
        with body {
            name: Maybe<Text>,
            redirect_uris: Maybe<List<Text>>,
            /// Deprecated by Clerk.
            callback_url: Maybe<Text> [..=1024 characters],
            /// Default: `profile email`.
            scopes: Maybe<Text> [..=1024 characters],
            consent_screen_enabled: Maybe<Flag>,
            pkce_required: Maybe<Flag>,
            public: Maybe<Flag>,
        }
    }

    /// Deletes an OAuth application.
    fn delete(oauth_application_id) -> DeleteOAuthApplication: "DeleteOAuthApplication" DELETE "/oauth_applications/{oauth_application_id}" => DeletedObject {}

    /// Uploads an OAuth application's logo.
    fn upload_logo(oauth_application_id) -> UploadOAuthApplicationLogo: "UploadOAuthApplicationLogo" PUT "/oauth_applications/{oauth_application_id}/logo" => OAuthApplication {
        with upload {
            uploader_user_id: Text,
        }
        file file
    }

    /// Replaces an OAuth application's secret.
    fn rotate_secret(oauth_application_id) -> RotateOAuthApplicationSecret: "RotateOAuthApplicationSecret" POST "/oauth_applications/{oauth_application_id}/rotate_secret" => OAuthApplication {}

    /// Revokes a token of an OAuth application.
    fn revoke_token(oauth_application_id; body token: Text) -> RevokeOAuthApplicationToken: "RevokeOAuthApplicationToken" POST "/oauth_applications/{oauth_application_id}/revoke_token" => () {
        with body {}
    }
}}
