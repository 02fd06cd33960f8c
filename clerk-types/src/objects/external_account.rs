//! A user's accounts at other providers.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    objects::verification::Verification,
    timestamp::Timestamp,
};

model! {
    /// An account at another provider that the user signs in with.
    ExternalAccount {
        /// The object type, such as `external_account` or `google_account`.
        object: String,
        /// Its id, `eac_...`, or for older kinds `idn_...`.
        id: String,
        /// The provider, such as `oauth_google`.
        provider: String,
        /// The id of the identification, `idn_...`.
        identification_id: String,
        /// The user's id at the provider.
        provider_user_id: String,
        /// The scopes that the user has granted, separated by spaces.
        approved_scopes: String,
        /// The user's email address there.
        email_address: String,
        /// Whether the provider had verified that address; `None` when it is unknown.
        email_address_verified?: bool,
        /// The user's first name there.
        first_name: String,
        /// The user's last name there.
        last_name: String,
        /// Deprecated by Clerk.
        avatar_url?: String,
        /// The user's picture there.
        image_url?: String,
        /// The user's name there.
        username?: String,
        /// The user's phone number there.
        phone_number?: String,
        /// Metadata that front ends can read.
        public_metadata: Map<String, Value>,
        /// A label that distinguishes it from another account at the same provider.
        label?: String,
        /// When it was added.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// The verification that it belongs to the user.
        verification: Option<Verification>,
    }

    /// An account at a company's identity provider, over SAML. The older form of [`EnterpriseAccount`].
    SamlAccount {
        /// Its id, `samlacc_...`.
        id: String,
        /// Always `saml_account`.
        object: String,
        /// The provider, such as `saml_okta`.
        provider: String,
        /// Whether the user can sign in with it.
        active: bool,
        /// The user's email address there.
        email_address: String,
        /// The user's first name there.
        first_name?: String,
        /// The user's last name there.
        last_name?: String,
        /// The user's id at the provider.
        provider_user_id?: String,
        /// When the user last signed in with it.
        last_authenticated_at?: Timestamp,
        /// Metadata that front ends can read.
        public_metadata?: Map<String, Value>,
        /// The verification that it belongs to the user.
        verification: Option<Verification>,
        /// The connection with the provider.
        saml_connection?: SamlAccountConnection,
    }

    /// `SAMLAccountConnection` in Clerk's description of the API.
    SamlAccountConnection {
        /// Its id.
        id: String,
        /// The name of the company.
        name: String,
        /// Deprecated by Clerk.
        domain?: String,
        /// The domains of the company's addresses.
        domains?: Vec<String>,
        /// Whether users can sign in with it.
        active: bool,
        /// The provider, such as `saml_okta`.
        provider: String,
        /// Whether each sign-in updates the user's names from the provider.
        sync_user_attributes: bool,
        /// Whether subdomains count too.
        allow_subdomains?: bool,
        /// Whether the provider can start a sign-in (IdP-initiated).
        allow_idp_initiated?: bool,
        /// Whether its users are not allowed to add other addresses and accounts.
        disable_additional_identifications?: bool,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// An account at a company's identity provider, over OAuth or SAML.
    EnterpriseAccount {
        /// Its id, `ent_...`.
        id: String,
        /// Always `enterprise_account`.
        object: String,
        /// The protocol, `oauth` or `saml`.
        protocol?: EnterpriseProtocol,
        /// The provider, such as `saml_okta`.
        provider: String,
        /// Whether the user can sign in with it.
        active: bool,
        /// The user's email address there.
        email_address: String,
        /// The user's first name there.
        first_name?: String,
        /// The user's last name there.
        last_name?: String,
        /// The user's id at the provider.
        provider_user_id?: String,
        /// The id of the connection with the provider.
        enterprise_connection_id?: String,
        /// Metadata that front ends can read.
        public_metadata?: Map<String, Value>,
        /// The verification that it belongs to the user.
        verification: Option<Verification>,
        /// The connection with the provider.
        enterprise_connection?: EnterpriseAccountConnection,
        /// When the user last signed in with it.
        last_authenticated_at?: Timestamp,
    }

    /// `EnterpriseAccountConnection` in Clerk's description of the API.
    EnterpriseAccountConnection {
        /// Its id.
        id: String,
        /// The protocol, `oauth` or `saml`.
        protocol: String,
        /// The provider, such as `saml_okta`.
        provider: String,
        /// The name of the company.
        name: String,
        /// The company's logo.
        logo_public_url: Option<String>,
        /// Deprecated by Clerk.
        domain?: String,
        /// The domains of the company's addresses.
        domains?: Vec<String>,
        /// Whether users can sign in with it.
        active: bool,
        /// Whether each sign-in updates the user's names from the provider.
        sync_user_attributes: bool,
        /// Whether subdomains count too.
        allow_subdomains: bool,
        /// Whether the provider can start a sign-in (IdP-initiated).
        allow_idp_initiated: bool,
        /// Whether its users are not allowed to add other addresses and accounts.
        disable_additional_identifications: bool,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

choice! {
    /// Values of [`EnterpriseAccount`](crate::external_account::EnterpriseAccount)'s `protocol` and [`EnterpriseConnectionTestRun`](crate::enterprise_connection::EnterpriseConnectionTestRun)'s `connection_type`.
    EnterpriseProtocol {
        Oauth = "oauth",
        Saml = "saml",
    }
}
