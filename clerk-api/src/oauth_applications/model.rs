//! Response types of OAuth applications.

use crate::{Secret, model::model};

model! {
    /// `OAuthApplication` and `OAuthApplicationWithSecret` in Clerk's description of the API.
    OAuthApplication {
        object: String,
        id: String,
        instance_id: String,
        name: String,
        client_id: String,
        client_uri: Option<String>,
        client_image_url: Option<String>,
        dynamically_registered: bool,
        consent_screen_enabled: bool,
        pkce_required: bool,
        public: bool,
        scopes: String,
        redirect_uris: Vec<String>,
        /// Deprecated by Clerk.
        callback_url: String,
        authorize_url: String,
        token_fetch_url: String,
        user_info_url: String,
        discovery_url: String,
        token_introspection_url: String,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        client_secret: Option<Secret>,
    }
}
