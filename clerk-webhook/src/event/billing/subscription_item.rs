//! [`SubscriptionItem`]: one plan in a subscription.

use super::{
    money::{Credits, ProrationCredit},
    payer::Payer,
    plan::Plan,
};
use clerk_core::time::Timestamp;

use crate::event::payload::{open_enum, payload};

payload! {
    /// An item of a subscription: one plan for one period.
    pub struct SubscriptionItem {
        /// Its id.
        pub id: String,
        /// Always `commerce_subscription_item`.
        pub object: Option<String>,
        /// The status.
        pub status: SubscriptionItemStatus,
        /// Whether it is in a free trial.
        pub is_free_trial: Option<bool>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// When its period begins.
        pub period_start: Option<Timestamp>,
        /// When its period ends; `None` if it has no end.
        pub period_end: Option<Timestamp>,
        /// The billing interval.
        pub interval: Option<BillingInterval>,
        /// The plan's id.
        pub plan_id: Option<String>,
        /// The plan.
        pub plan: Option<Plan>,
        /// The payer, if the item is the payload of an event.
        pub payer: Option<Payer>,
        /// The subscription's id, if the item is the payload of an event.
        pub subscription_id: Option<String>,
        /// The number of seats.
        pub seats: Option<Seats>,
        /// Credit for another plan. Deprecated by Clerk for [`credits`](Self::credits).
        pub credit: Option<ProrationCredit>,
        /// The credits.
        pub credits: Option<Credits>,
    }

    /// The number of seats of a plan.
    pub struct Seats {
        /// The number; `None` means no limit.
        pub quantity: Option<i64>,
    }
}

open_enum! {
    /// The status of a subscription item.
    pub enum SubscriptionItemStatus {
        /// Replaced by another one before it began.
        Abandoned = "abandoned",
        /// Active.
        Active = "active",
        /// Active until its period ends.
        Canceled = "canceled",
        /// Ended.
        Ended = "ended",
        /// Expired.
        Expired = "expired",
        /// Waiting for its first payment.
        Incomplete = "incomplete",
        /// Not paid in time.
        PastDue = "past_due",
        /// It begins when the period of another item ends.
        Upcoming = "upcoming",
    }

    /// How often an item is paid.
    pub enum BillingInterval {
        /// Every year.
        Annual = "annual",
        /// Every month.
        Month = "month",
    }
}
