//! OAuth applications.

use clerk_types::common::DeletedObject;
pub use clerk_types::oauth::OAuthApplication;

use crate::define::resource;

resource! {
/// OAuth applications.
OAuthApplications, oauth_applications {
    /// Lists OAuth applications.
    GET "/oauth_applications" ListOAuthApplications
    list() ?{
        ..paged,
        /// Default: `+created_at`.
        order_by: String,
        name_query: String,
    } => Page<OAuthApplication>;

    /// Creates an OAuth application.
    POST "/oauth_applications" CreateOAuthApplication
    create(; name: String) {
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
    } -> OAuthApplication;

    /// Gets an OAuth application by id.
    GET "/oauth_applications/{oauth_application_id}" GetOAuthApplication
    get(oauth_application_id) -> OAuthApplication;

    /// Changes an OAuth application; parameters that are not set stay unchanged.
    PATCH "/oauth_applications/{oauth_application_id}" UpdateOAuthApplication
    update(oauth_application_id) {
        name: Option<String>, redirect_uris: Option<Vec<String>>,
        /// Deprecated by Clerk.
        callback_url: Option<String> [..=1024 characters],
        /// Default: `profile email`.
        scopes: Option<String> [..=1024 characters],
        consent_screen_enabled: Option<bool>, pkce_required: Option<bool>, public: Option<bool>,
    } -> OAuthApplication;

    /// Deletes an OAuth application.
    DELETE "/oauth_applications/{oauth_application_id}" DeleteOAuthApplication
    delete(oauth_application_id) -> DeletedObject;

    /// Uploads an OAuth application's logo.
    PUT "/oauth_applications/{oauth_application_id}/logo" UploadOAuthApplicationLogo
    upload_logo(oauth_application_id) upload file { uploader_user_id: String } -> OAuthApplication;

    /// Replaces an OAuth application's secret.
    POST "/oauth_applications/{oauth_application_id}/rotate_secret" RotateOAuthApplicationSecret
    rotate_secret(oauth_application_id) -> OAuthApplication;

    /// Revokes a token of an OAuth application.
    POST "/oauth_applications/{oauth_application_id}/revoke_token" RevokeOAuthApplicationToken
    revoke_token(oauth_application_id; token: String) -> ();
}}
