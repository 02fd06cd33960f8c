//! [`Subscription`]: all subscription items of a user or an organization.

use super::{payer::Payer, subscription_item::SubscriptionItem};
use clerk_core::time::Timestamp;

use crate::event::payload::{open_enum, payload};

payload! {
    /// The subscription of a user or an organization.
    pub struct Subscription {
        /// Its id.
        pub id: String,
        /// Always `commerce_subscription`.
        pub object: Option<String>,
        /// The status.
        pub status: SubscriptionStatus,
        /// When it became active.
        pub active_at: Option<Timestamp>,
        /// When it was canceled.
        pub canceled_at: Option<Timestamp>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it ended.
        pub ended_at: Option<Timestamp>,
        /// Since when a payment is overdue.
        pub past_due_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// The id of the latest payment for it.
        pub latest_payment_id: Option<String>,
        /// The payer's id.
        pub payer_id: Option<String>,
        /// The payer.
        pub payer: Option<Payer>,
        /// The id of the payment method.
        pub payment_source_id: Option<String>,
        /// The items, each for one plan and one period.
        pub items: Vec<SubscriptionItem>,
    }
}

open_enum! {
    /// The status of a subscription.
    pub enum SubscriptionStatus {
        /// Replaced by another one before it began.
        Abandoned = "abandoned",
        /// Active.
        Active = "active",
        /// Active until its period ends.
        Canceled = "canceled",
        /// Ended.
        Ended = "ended",
        /// Waiting for its first payment.
        Incomplete = "incomplete",
        /// Not paid in time.
        PastDue = "past_due",
    }
}
