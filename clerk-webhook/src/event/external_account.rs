//! [`ExternalAccount`]: a user's account at a social provider.

use super::{fields::Json, payload::payload, verification::Verification};
use clerk_core::time::Timestamp;

payload! {
    /// An account at another provider that the user signs in with.
    pub struct ExternalAccount {
        /// The object type, such as `external_account` or `google_account`.
        pub object: Option<String>,
        /// Its id, `eac_...`, or for older kinds `idn_...`.
        pub id: String,
        /// The provider, such as `oauth_google`.
        pub provider: Option<String>,
        /// The id of the identification, `idn_...`.
        pub identification_id: Option<String>,
        /// The user's id at the provider.
        pub provider_user_id: Option<String>,
        /// The scopes that the user has granted, separated by spaces.
        pub approved_scopes: Option<String>,
        /// The user's email address there.
        pub email_address: Option<String>,
        /// Whether the provider had verified that address; `None` when it is unknown.
        pub email_address_verified: Option<bool>,
        /// The user's first name there.
        pub first_name: Option<String>,
        /// The user's last name there.
        pub last_name: Option<String>,
        /// The user's picture there. Deprecated by Clerk for [`image_url`](Self::image_url).
        pub avatar_url: Option<String>,
        /// The user's picture there.
        pub image_url: Option<String>,
        /// The user's name there.
        pub username: Option<String>,
        /// The user's phone number there.
        pub phone_number: Option<String>,
        /// Metadata that front ends can read.
        pub public_metadata: Option<Json>,
        /// A label that distinguishes it from another account at the same provider.
        pub label: Option<String>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// The verification that it belongs to the user.
        pub verification: Option<Verification>,
    }
}
