//! [`SubscriptionItem`]: a plan for some time.

use super::{
    money::{Credits, ProrationCredit},
    payer::Payer,
    plan::Plan,
};
use crate::{
    base::time::Timestamp,
    endpoint::webhook::event::payload::{open_enum, payload},
};

payload! {
    /// What somebody has subscribed to: one plan, for some time.
    pub struct SubscriptionItem {
        /// Its id.
        pub id: String,
        /// Always `commerce_subscription_item`.
        pub object: Option<String>,
        /// How far it is.
        pub status: SubscriptionItemStatus,
        /// Whether it is still free of charge.
        pub is_free_trial: Option<bool>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// When its period begins.
        pub period_start: Option<Timestamp>,
        /// When its period ends; `None` when it does not.
        pub period_end: Option<Timestamp>,
        /// How often it is paid.
        pub interval: Option<BillingInterval>,
        /// The plan's id.
        pub plan_id: Option<String>,
        /// The plan.
        pub plan: Option<Plan>,
        /// Who pays, where the item comes alone.
        pub payer: Option<Payer>,
        /// The subscription's id, where the item comes alone.
        pub subscription_id: Option<String>,
        /// How many users it is for.
        pub seats: Option<Seats>,
        /// What is taken off for another plan. Deprecated by Clerk for [`credits`](Self::credits).
        pub credit: Option<ProrationCredit>,
        /// What is taken off.
        pub credits: Option<Credits>,
    }

    /// How many users a plan is for.
    pub struct Seats {
        /// How many; `None` means any number.
        pub quantity: Option<i64>,
    }
}

open_enum! {
    /// How far an item of a subscription is.
    pub enum SubscriptionItemStatus {
        /// It gave way to another before it began.
        Abandoned = "abandoned",
        /// It holds.
        Active = "active",
        /// It holds until its period ends.
        Canceled = "canceled",
        /// It is over.
        Ended = "ended",
        /// Its time is over.
        Expired = "expired",
        /// It waits for its first payment.
        Incomplete = "incomplete",
        /// It was not paid in time.
        PastDue = "past_due",
        /// It begins when the period of another ends.
        Upcoming = "upcoming",
    }

    /// How often something is paid.
    pub enum BillingInterval {
        /// Every year.
        Annual = "annual",
        /// Every month.
        Month = "month",
    }
}
