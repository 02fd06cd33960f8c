//! [`Subscription`] to plans.

use crate::{
    model::{choice, model},
    objects::money::{Credits, Money, Payer, PerUnitTotal, PerUnitTotalTier, SubscriptionCredit, Totals},
    objects::payment::{PaymentMethod, PaymentSource},
    objects::plan::{Plan, Price},
    timestamp::Timestamp,
};

model! {
    /// `CommerceSubscription` in Clerk's description of the API.
    Subscription {
        object: String,
        id: String,
        instance_id: String,
        status: SubscriptionStatus,
        payer_id: String,
        created_at: Timestamp,
        updated_at: Timestamp,
        active_at: Option<Timestamp>,
        past_due_at: Option<Timestamp>,
        subscription_items: Vec<SubscriptionItem>,
        next_payment?: SubscriptionNextPayment,
        eligible_for_free_trial?: bool,
    }

    /// `CommerceSubscriptionItem` and `CommerceSubscriptionItem-2` in Clerk's description of the API.
    SubscriptionItem {
        object: String,
        id: String,
        instance_id: String,
        status: SubscriptionItemStatus,
        credit?: SubscriptionCredit,
        credits?: Credits,
        plan_id: Option<String>,
        price_id?: String,
        plan?: Plan,
        plan_period: PlanPeriod,
        payment_method?: PaymentMethod,
        lifetime_paid?: Money,
        next_payment?: SubscriptionItemNextPayment,
        payer_id: String,
        payer?: Payer,
        is_free_trial: bool,
        period_start?: Timestamp,
        period_end?: Timestamp,
        proration_date?: String,
        canceled_at?: Timestamp,
        past_due_at?: Timestamp,
        ended_at?: Timestamp,
        created_at?: Timestamp,
        updated_at?: Timestamp,
        seats?: SubscriptionItemSeats,
        totals?: Totals,
        payment_source_id?: String,
        payment_source?: PaymentSource,
        amount?: Money,
        next_invoice?: SubscriptionItemNextPayment,
    }

    /// `CommerceSubscriptionItemNextPaymentResponse` in Clerk's description of the API.
    SubscriptionItemNextPayment {
        amount?: Money,
        date?: Timestamp,
        per_unit_totals?: Vec<PerUnitTotal>,
        totals?: Totals,
    }

    /// `CommerceSubscriptionItemSeatsResponse` in Clerk's description of the API.
    SubscriptionItemSeats {
        quantity: Option<i64>,
        tiers?: Vec<PerUnitTotalTier>,
    }

    /// `CommerceSubscriptionNextPayment` in Clerk's description of the API.
    SubscriptionNextPayment {
        date: Timestamp,
        amount: Money,
        per_unit_totals?: Vec<PerUnitTotal>,
        totals?: Totals,
    }

    /// `CommercePriceTransitionResponse` in Clerk's description of the API.
    PriceTransition {
        object: String,
        subscription_item: SubscriptionItem,
        transition: PriceTransitionDetails,
    }

    /// `CommercePriceTransitionDetails` in Clerk's description of the API.
    PriceTransitionDetails {
        previous_plan: Plan,
        previous_price: Price,
        effective_at: Timestamp,
        effective_mode: PriceTransitionMode,
        next_billing_date?: Timestamp,
        charged_immediately: bool,
        immediate_charge?: Money,
        previous_subscription_item_status: PreviousItemStatus,
        previous_subscription_item_id: String,
    }

    /// `CommerceDiscountRedemptionResponse` in Clerk's description of the API.
    DiscountRedemption {
        object: String,
        id: String,
        subscription_item_id: String,
        discount_id: String,
        name?: String,
        source: DiscountSource,
        promo_code?: String,
        effect?: DiscountEffect,
        percent_off?: f64,
        amount_off?: Money,
        amount?: Money,
        cycles_remaining: Option<i64>,
        cycles_applied: i64,
        status?: DiscountRedemptionStatus,
        redeemed_at: Timestamp,
        redeemed_by: Option<String>,
    }
}

choice! {
    /// The status of a subscription.
    SubscriptionStatus {
        /// Active.
        Active = "active",
        /// Not paid in time.
        PastDue = "past_due",
        /// Active until its period ends.
        Canceled = "canceled",
        /// Ended.
        Ended = "ended",
        /// Replaced by another one before it began.
        Abandoned = "abandoned",
        /// Waiting for its first payment.
        Incomplete = "incomplete",
    }

    /// The status of a subscription item.
    SubscriptionItemStatus {
        /// Active.
        Active = "active",
        /// Active until its period ends.
        Canceled = "canceled",
        /// Expired.
        Expired = "expired",
        /// Ended.
        Ended = "ended",
        /// Not paid in time.
        PastDue = "past_due",
        /// It begins when the period of another item ends.
        Upcoming = "upcoming",
        /// Waiting for its first payment.
        Incomplete = "incomplete",
        /// Replaced by another one before it began.
        Abandoned = "abandoned",
    }

    /// Values of [`SubscriptionItem`](crate::subscription::SubscriptionItem)'s `plan_period`.
    PlanPeriod {
        Month = "month",
        Annual = "annual",
    }

    /// Values of a parameter.
    SubscriptionItemFilter {
        Active = "active",
        Ended = "ended",
        PastDue = "past_due",
        Upcoming = "upcoming",
        FreeTrial = "free_trial",
    }

    /// Values of [`PriceTransitionDetails`](crate::subscription::PriceTransitionDetails)'s `effective_mode`.
    PriceTransitionMode {
        Immediate = "immediate",
        EndOfPeriod = "end_of_period",
    }

    /// Values of [`PriceTransitionDetails`](crate::subscription::PriceTransitionDetails)'s `previous_subscription_item_status`.
    PreviousItemStatus {
        Canceled = "canceled",
        Ended = "ended",
        Abandoned = "abandoned",
    }

    /// Values of [`DiscountRedemption`](crate::subscription::DiscountRedemption)'s `source`.
    DiscountSource {
        Promotion = "promotion",
        Manual = "manual",
        PromoCode = "promo_code",
    }

    /// Values of [`DiscountRedemption`](crate::subscription::DiscountRedemption)'s `effect`.
    DiscountEffect {
        Percentage = "percentage",
        FixedAmount = "fixed_amount",
    }

    /// Values of [`DiscountRedemption`](crate::subscription::DiscountRedemption)'s `status`.
    DiscountRedemptionStatus {
        Active = "active",
        Exhausted = "exhausted",
        Removed = "removed",
    }
}
