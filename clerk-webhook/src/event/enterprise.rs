//! Accounts for enterprise SSO: [`EnterpriseAccount`], [`SamlAccount`].

use super::{fields::Json, payload::payload, verification::Verification};
use clerk_core::time::Timestamp;

payload! {
    /// An account at a company's identity provider, over OAuth or SAML.
    pub struct EnterpriseAccount {
        /// Its id, `ent_...`.
        pub id: String,
        /// Always `enterprise_account`.
        pub object: Option<String>,
        /// The protocol, `oauth` or `saml`.
        pub protocol: Option<String>,
        /// The provider, such as `saml_okta`.
        pub provider: Option<String>,
        /// Whether the user can sign in with it.
        pub active: bool,
        /// The user's email address there.
        pub email_address: Option<String>,
        /// The user's first name there.
        pub first_name: Option<String>,
        /// The user's last name there.
        pub last_name: Option<String>,
        /// The user's id at the provider.
        pub provider_user_id: Option<String>,
        /// The id of the connection with the provider.
        pub enterprise_connection_id: Option<String>,
        /// Metadata that front ends can read.
        pub public_metadata: Option<Json>,
        /// The verification that it belongs to the user.
        pub verification: Option<Verification>,
        /// The connection with the provider.
        pub enterprise_connection: Option<EnterpriseConnection>,
        /// When the user last signed in with it.
        pub last_authenticated_at: Option<Timestamp>,
    }

    /// An account at a company's identity provider, over SAML. The older form of [`EnterpriseAccount`].
    pub struct SamlAccount {
        /// Its id, `samlacc_...`.
        pub id: String,
        /// Always `saml_account`.
        pub object: Option<String>,
        /// The provider, such as `saml_okta`.
        pub provider: Option<String>,
        /// Whether the user can sign in with it.
        pub active: bool,
        /// The user's email address there.
        pub email_address: Option<String>,
        /// The user's first name there.
        pub first_name: Option<String>,
        /// The user's last name there.
        pub last_name: Option<String>,
        /// The user's id at the provider.
        pub provider_user_id: Option<String>,
        /// When the user last signed in with it.
        pub last_authenticated_at: Option<Timestamp>,
        /// Metadata that front ends can read.
        pub public_metadata: Option<Json>,
        /// The verification that it belongs to the user.
        pub verification: Option<Verification>,
        /// The connection with the provider.
        pub saml_connection: Option<EnterpriseConnection>,
    }

    /// A connection between your instance and a company's identity provider.
    pub struct EnterpriseConnection {
        /// Its id.
        pub id: String,
        /// The protocol, `oauth` or `saml`.
        pub protocol: Option<String>,
        /// The provider, such as `saml_okta`.
        pub provider: Option<String>,
        /// The name of the company.
        pub name: Option<String>,
        /// The company's logo.
        pub logo_public_url: Option<String>,
        /// The domain of the company's addresses. Deprecated by Clerk for [`domains`](Self::domains).
        pub domain: Option<String>,
        /// The domains of the company's addresses.
        pub domains: Vec<String>,
        /// Whether users can sign in with it.
        pub active: bool,
        /// Whether each sign-in updates the user's names from the provider.
        pub sync_user_attributes: bool,
        /// Whether subdomains count too.
        pub allow_subdomains: Option<bool>,
        /// Whether the provider can start a sign-in (IdP-initiated).
        pub allow_idp_initiated: Option<bool>,
        /// Whether its users are not allowed to add other addresses and accounts.
        pub disable_additional_identifications: Option<bool>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }
}
