//! [`Subscription`]: what somebody has subscribed to.

use super::{payer::Payer, subscription_item::SubscriptionItem};
use crate::{
    base::time::Timestamp,
    endpoint::webhook::event::payload::{open_enum, payload},
};

payload! {
    /// Everything that a user or an organization has subscribed to.
    pub struct Subscription {
        /// Its id.
        pub id: String,
        /// Always `commerce_subscription`.
        pub object: Option<String>,
        /// How far it is.
        pub status: SubscriptionStatus,
        /// When it became active.
        pub active_at: Option<Timestamp>,
        /// When it was canceled.
        pub canceled_at: Option<Timestamp>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it ended.
        pub ended_at: Option<Timestamp>,
        /// Since when it is not paid.
        pub past_due_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// The id of the latest attempt to be paid for it.
        pub latest_payment_id: Option<String>,
        /// The payer's id.
        pub payer_id: Option<String>,
        /// Who pays.
        pub payer: Option<Payer>,
        /// The id of what is paid with.
        pub payment_source_id: Option<String>,
        /// Its items, each for one plan and some time.
        pub items: Vec<SubscriptionItem>,
    }
}

open_enum! {
    /// How far a subscription is.
    pub enum SubscriptionStatus {
        /// It gave way to another before it began.
        Abandoned = "abandoned",
        /// It holds.
        Active = "active",
        /// It holds until its period ends.
        Canceled = "canceled",
        /// It is over.
        Ended = "ended",
        /// It waits for its first payment.
        Incomplete = "incomplete",
        /// It was not paid in time.
        PastDue = "past_due",
    }
}
