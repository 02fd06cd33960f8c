//! OAuth applications and their access tokens.

use crate::{model::model, secret::Secret, timestamp::Timestamp};

model! {
    /// An OAuth access token, as Clerk knows it.
    OAuthAccessToken {
        object?: String,
        id?: String,
        client_id?: String,
        subject?: String,
        scopes?: Vec<String>,
        revoked?: bool,
        revocation_reason?: String,
        expired?: bool,
        expiration?: Timestamp,
        created_at?: Timestamp,
        updated_at?: Timestamp,
        active?: bool,
        /// Who acts for the subject, after an exchange of tokens. As in version 3.25 of `@clerk/backend`; Clerk's
        /// description does not have it yet.
        act?: OAuthActor,
    }

    /// Who acts for another, and for whom they act in turn
    /// ([RFC 8693, section 4.1](https://www.rfc-editor.org/rfc/rfc8693#section-4.1)).
    OAuthActor {
        iss?: String,
        sub: String,
        act?: Box<OAuthActor>,
    }

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
        created_at: Timestamp,
        updated_at: Timestamp,
        client_secret?: Secret,
    }
}
