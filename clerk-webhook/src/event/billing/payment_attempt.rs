//! [`PaymentAttempt`]: an attempt to make a payment.

use super::{
    money::Totals,
    payer::{Payee, Payer, PaymentSource},
    subscription_item::SubscriptionItem,
};
use clerk_core::time::Timestamp;

use crate::event::payload::{open_enum, payload};

payload! {
    /// An attempt to make a payment.
    pub struct PaymentAttempt {
        /// Its id.
        pub id: String,
        /// The instance's id, `ins_...`.
        pub instance_id: Option<String>,
        /// The id of the payment.
        pub payment_id: Option<String>,
        /// The id of the invoice. Deprecated by Clerk.
        pub invoice_id: Option<String>,
        /// The id of the statement.
        pub statement_id: Option<String>,
        /// The id at the payment provider.
        pub gateway_external_id: Option<String>,
        /// The status.
        pub status: PaymentStatus,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// When it was paid.
        pub paid_at: Option<Timestamp>,
        /// When it failed.
        pub failed_at: Option<Timestamp>,
        /// Why it failed.
        pub failed_reason: Option<FailedReason>,
        /// The billing date.
        pub billing_date: Option<Timestamp>,
        /// The reason for the payment.
        pub charge_type: Option<PaymentChargeType>,
        /// The payee.
        pub payee: Option<Payee>,
        /// The payer.
        pub payer: Option<Payer>,
        /// The totals.
        pub totals: Option<Totals>,
        /// The payment method.
        pub payment_source: Option<PaymentSource>,
        /// The subscription items that are paid.
        pub subscription_items: Vec<SubscriptionItem>,
    }

    /// Why a payment failed.
    pub struct FailedReason {
        /// The error code, such as `card_declined`.
        pub code: Option<String>,
        /// The decline code of the payment provider.
        pub decline_code: Option<String>,
    }
}

open_enum! {
    /// The status of a payment attempt.
    pub enum PaymentStatus {
        /// The payment has failed.
        Failed = "failed",
        /// The payment has succeeded.
        Paid = "paid",
        /// The result is not known yet.
        Pending = "pending",
    }

    /// The reason for a payment.
    pub enum PaymentChargeType {
        /// A new subscription item.
        Checkout = "checkout",
        /// The next period of a subscription item.
        Recurring = "recurring",
    }
}
