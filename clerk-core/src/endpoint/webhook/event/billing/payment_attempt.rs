//! [`PaymentAttempt`]: somebody pays.

use super::{
    money::Totals,
    payer::{Payee, Payer, PaymentSource},
    subscription_item::SubscriptionItem,
};
use crate::{
    base::time::Timestamp,
    endpoint::webhook::event::payload::{open_enum, payload},
};

payload! {
    /// An attempt to be paid.
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
        /// Its id at the payment provider.
        pub gateway_external_id: Option<String>,
        /// How far it is.
        pub status: PaymentStatus,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// When it was paid.
        pub paid_at: Option<Timestamp>,
        /// When it failed.
        pub failed_at: Option<Timestamp>,
        /// Why it failed.
        pub failed_reason: Option<FailedReason>,
        /// What day it is paid for.
        pub billing_date: Option<Timestamp>,
        /// What it is paid for.
        pub charge_type: Option<PaymentChargeType>,
        /// Who gets the money.
        pub payee: Option<Payee>,
        /// Who pays.
        pub payer: Option<Payer>,
        /// How much it is.
        pub totals: Option<Totals>,
        /// What it is paid with.
        pub payment_source: Option<PaymentSource>,
        /// What it is paid for.
        pub subscription_items: Vec<SubscriptionItem>,
    }

    /// Why a payment failed.
    pub struct FailedReason {
        /// Which kind of failure it is, such as `card_declined`.
        pub code: Option<String>,
        /// What the payment provider says.
        pub decline_code: Option<String>,
    }
}

open_enum! {
    /// How far an attempt to be paid is.
    pub enum PaymentStatus {
        /// Nothing was paid.
        Failed = "failed",
        /// It is paid.
        Paid = "paid",
        /// Nobody knows yet.
        Pending = "pending",
    }

    /// What is paid for.
    pub enum PaymentChargeType {
        /// Something new.
        Checkout = "checkout",
        /// The next period of something.
        Recurring = "recurring",
    }
}
