//! Between whom the money goes: [`Payer`], [`Payee`], and by which [`PaymentSource`].

use crate::{base::time::Timestamp, endpoint::webhook::event::payload::payload};

payload! {
    /// A user or an organization that pays.
    pub struct Payer {
        /// Its id.
        pub id: String,
        /// Always `commerce_payer`.
        pub object: Option<String>,
        /// The user's id, if it is one.
        pub user_id: Option<String>,
        /// The user's first name.
        pub first_name: Option<String>,
        /// The user's last name.
        pub last_name: Option<String>,
        /// The email address.
        pub email: Option<String>,
        /// The organization's id, if it is one.
        pub organization_id: Option<String>,
        /// What the organization is called.
        pub organization_name: Option<String>,
        /// The user's picture, or the organization's logo.
        pub image_url: Option<String>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }

    /// Your account at the payment provider.
    pub struct Payee {
        /// Its id.
        pub id: Option<String>,
        /// The provider.
        pub gateway_type: Option<String>,
        /// Its id at the provider.
        pub gateway_external_id: Option<String>,
        /// How it stands with the provider.
        pub gateway_status: Option<String>,
    }

    /// What is paid with.
    pub struct PaymentSource {
        /// Its id.
        pub id: Option<String>,
        /// The payment provider, such as `stripe`.
        pub gateway: Option<String>,
        /// Its id at the provider.
        pub gateway_external_id: Option<String>,
        /// The account that it belongs to at the provider.
        pub gateway_external_account_id: Option<String>,
        /// What it is, such as `card` or `link`.
        pub payment_method: Option<String>,
        /// Whether it can be used: `active` or `disconnected`.
        pub status: Option<String>,
        /// The card's brand, if it is one.
        pub card_type: Option<String>,
        /// The card's last four digits, if it is one.
        pub last4: Option<String>,
    }
}
