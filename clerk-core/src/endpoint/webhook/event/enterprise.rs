//! Accounts of a company's own sign-in: [`EnterpriseAccount`], [`SamlAccount`].

use super::{fields::Json, payload::payload, verification::Verification};
use crate::base::time::Timestamp;

payload! {
    /// An account at an identity provider of a company, by OAuth or SAML.
    pub struct EnterpriseAccount {
        /// Its id, `ent_...`.
        pub id: String,
        /// Always `enterprise_account`.
        pub object: Option<String>,
        /// What is spoken with the provider, `oauth` or `saml`.
        pub protocol: Option<String>,
        /// The provider, such as `saml_okta`.
        pub provider: Option<String>,
        /// Whether the user may sign in with it.
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
        /// Metadata that front ends may read.
        pub public_metadata: Option<Json>,
        /// How it is known that it is the user's.
        pub verification: Option<Verification>,
        /// The connection with the provider.
        pub enterprise_connection: Option<EnterpriseConnection>,
        /// When the user signed in with it last.
        pub last_authenticated_at: Option<Timestamp>,
    }

    /// An account at an identity provider of a company, by SAML; the older form of [`EnterpriseAccount`].
    pub struct SamlAccount {
        /// Its id, `samlacc_...`.
        pub id: String,
        /// Always `saml_account`.
        pub object: Option<String>,
        /// The provider, such as `saml_okta`.
        pub provider: Option<String>,
        /// Whether the user may sign in with it.
        pub active: bool,
        /// The user's email address there.
        pub email_address: Option<String>,
        /// The user's first name there.
        pub first_name: Option<String>,
        /// The user's last name there.
        pub last_name: Option<String>,
        /// The user's id at the provider.
        pub provider_user_id: Option<String>,
        /// When the user signed in with it last.
        pub last_authenticated_at: Option<Timestamp>,
        /// Metadata that front ends may read.
        pub public_metadata: Option<Json>,
        /// How it is known that it is the user's.
        pub verification: Option<Verification>,
        /// The connection with the provider.
        pub saml_connection: Option<EnterpriseConnection>,
    }

    /// How an instance is connected with an identity provider of a company.
    pub struct EnterpriseConnection {
        /// Its id.
        pub id: String,
        /// What is spoken with the provider, `oauth` or `saml`.
        pub protocol: Option<String>,
        /// The provider, such as `saml_okta`.
        pub provider: Option<String>,
        /// What the company is called.
        pub name: Option<String>,
        /// The company's logo.
        pub logo_public_url: Option<String>,
        /// The domain of the company's addresses. Deprecated by Clerk for [`domains`](Self::domains).
        pub domain: Option<String>,
        /// The domains of the company's addresses.
        pub domains: Vec<String>,
        /// Whether users may sign in with it.
        pub active: bool,
        /// Whether the provider's names replace the user's at each sign-in.
        pub sync_user_attributes: bool,
        /// Whether addresses below the domains count too.
        pub allow_subdomains: Option<bool>,
        /// Whether a sign-in may begin at the provider.
        pub allow_idp_initiated: Option<bool>,
        /// Whether its users may not add addresses and accounts of their own.
        pub disable_additional_identifications: Option<bool>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }
}
