//! [`Payer`], [`Payee`] and [`PaymentSource`].

use clerk_core::time::Timestamp;

use crate::event::payload::payload;

payload! {
    /// A user or an organization that pays.
    pub struct Payer {
        /// Its id.
        pub id: String,
        /// Always `commerce_payer`.
        pub object: Option<String>,
        /// The user's id, if the payer is a user.
        pub user_id: Option<String>,
        /// The user's first name.
        pub first_name: Option<String>,
        /// The user's last name.
        pub last_name: Option<String>,
        /// The email address.
        pub email: Option<String>,
        /// The organization's id, if the payer is an organization.
        pub organization_id: Option<String>,
        /// The name of the organization.
        pub organization_name: Option<String>,
        /// The user's picture, or the organization's logo.
        pub image_url: Option<String>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }

    /// Your account at the payment provider.
    pub struct Payee {
        /// Its id.
        pub id: Option<String>,
        /// The provider.
        pub gateway_type: Option<String>,
        /// The id at the provider.
        pub gateway_external_id: Option<String>,
        /// The status at the provider.
        pub gateway_status: Option<String>,
    }

    /// A payment method.
    pub struct PaymentSource {
        /// Its id.
        pub id: Option<String>,
        /// The payment provider, such as `stripe`.
        pub gateway: Option<String>,
        /// The id at the provider.
        pub gateway_external_id: Option<String>,
        /// The id of the account at the provider that it belongs to.
        pub gateway_external_account_id: Option<String>,
        /// The type, such as `card` or `link`.
        pub payment_method: Option<String>,
        /// The status: `active` or `disconnected`.
        pub status: Option<String>,
        /// The brand, if it is a card.
        pub card_type: Option<String>,
        /// The last four digits, if it is a card.
        pub last4: Option<String>,
    }
}
