//! Response types of OAuth access tokens.

use crate::model::model;

model! {
    /// An OAuth access token, as Clerk knows it.
    OAuthAccessToken {
        object: Option<String>,
        id: Option<String>,
        client_id: Option<String>,
        subject: Option<String>,
        scopes: Option<Vec<String>>,
        revoked: Option<bool>,
        revocation_reason: Option<String>,
        expired: Option<bool>,
        /// A time; Clerk's description does not name its unit.
        expiration: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
        active: Option<bool>,
        /// Who acts for the subject, after an exchange of tokens. As in version 3.25 of `@clerk/backend`; Clerk's
        /// description does not have it yet.
        act: Option<OAuthActor>,
    }

    /// Who acts for another, and for whom they act in turn
    /// ([RFC 8693, section 4.1](https://www.rfc-editor.org/rfc/rfc8693#section-4.1)).
    OAuthActor {
        iss: Option<String>,
        sub: String,
        act: Option<Box<OAuthActor>>,
    }
}
