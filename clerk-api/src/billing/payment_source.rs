//! Response types of billing.

use serde_json::{Map, Value};

use crate::{
    billing::{Money, Payer, PaymentMethod, Plan, Price, SubscriptionItem, Totals},
    model::{choice, model},
};

model! {
    /// `CommercePaymentSourceResponse` in Clerk's description of the API.
    PaymentSource {
        object: String,
        id: String,
        payer_id: String,
        payment_method: CardBrandMethod,
        is_default: Option<bool>,
        gateway: String,
        gateway_external_id: String,
        gateway_external_account_id: Option<String>,
        last4: String,
        status: PaymentMethodStatus,
        wallet_type: String,
        card_type: String,
        expiry_year: Option<i64>,
        expiry_month: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        is_removable: Option<bool>,
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
        /// In milliseconds since the Unix epoch.
        effective_at: i64,
        effective_mode: PriceTransitionMode,
        next_billing_date: Option<i64>,
        charged_immediately: bool,
        immediate_charge: Option<Money>,
        previous_subscription_item_status: PreviousItemStatus,
        previous_subscription_item_id: String,
    }

    /// `CommerceDiscountRedemptionResponse` in Clerk's description of the API.
    DiscountRedemption {
        object: String,
        id: String,
        subscription_item_id: String,
        discount_id: String,
        name: Option<String>,
        source: DiscountSource,
        promo_code: Option<String>,
        effect: Option<DiscountEffect>,
        percent_off: Option<f64>,
        amount_off: Option<Money>,
        amount: Option<Money>,
        cycles_remaining: Option<i64>,
        cycles_applied: i64,
        status: Option<DiscountRedemptionStatus>,
        /// In milliseconds since the Unix epoch.
        redeemed_at: i64,
        redeemed_by: Option<String>,
    }

    /// `BillingStatement` in Clerk's description of the API.
    Statement {
        object: String,
        id: String,
        instance_id: String,
        /// In milliseconds since the Unix epoch.
        timestamp: i64,
        payer: Payer,
        status: StatementStatus,
        totals: StatementTotals,
        groups: Vec<StatementGroup>,
    }

    /// A nested object of a response.
    StatementTotals {
        grand_total: Money,
        subtotal: Money,
        base_fee: Money,
        tax_total: Money,
    }

    /// A nested object of a response.
    StatementGroup {
        object: String,
        /// In milliseconds since the Unix epoch.
        timestamp: i64,
        items: Vec<PaymentAttempt>,
    }

    /// `BillingPaymentAttempt` in Clerk's description of the API.
    PaymentAttempt {
        object: String,
        id: String,
        payment_id: String,
        instance_id: String,
        charge_type: String,
        payee_id: String,
        payee: Map<String, Value>,
        payer_id: String,
        payer: Payer,
        subscription_item_id: Option<String>,
        subscription_item: Option<Map<String, Value>>,
        amount: Money,
        totals: Option<Totals>,
        payment_method_id: String,
        payment_method: PaymentMethod,
        statement_id: String,
        gateway_external_id: Option<String>,
        gateway_external_url: Option<String>,
        status: PaymentAttemptStatus,
        /// In milliseconds since the Unix epoch.
        paid_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        failed_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}

choice! {
    /// Values of [`Subscription`](crate::billing::Subscription)'s `status`.
    SubscriptionStatus {
        Active = "active",
        PastDue = "past_due",
        Canceled = "canceled",
        Ended = "ended",
        Abandoned = "abandoned",
        Incomplete = "incomplete",
    }

    /// Values of [`SubscriptionItem`](crate::billing::SubscriptionItem)'s `status`.
    SubscriptionItemStatus {
        Active = "active",
        Canceled = "canceled",
        Expired = "expired",
        Ended = "ended",
        PastDue = "past_due",
        Upcoming = "upcoming",
        Incomplete = "incomplete",
        Abandoned = "abandoned",
    }

    /// Values of [`SubscriptionItem`](crate::billing::SubscriptionItem)'s `plan_period`.
    PlanPeriod {
        Month = "month",
        Annual = "annual",
    }

    /// Values of [`PaymentMethod`](crate::billing::PaymentMethod)'s `payment_type`.
    PaymentType {
        Card = "card",
        Link = "link",
        PayerCredits = "payer-credits",
    }

    /// Values of [`PaymentMethod`](crate::billing::PaymentMethod)'s `status` and [`PaymentSource`](crate::billing::PaymentSource)'s `status`.
    PaymentMethodStatus {
        Active = "active",
        Disconnected = "disconnected",
    }

    /// Values of a parameter.
    CreditAction {
        Increase = "increase",
        Decrease = "decrease",
    }

    /// Values of a parameter.
    PayerType {
        User = "user",
        Org = "org",
    }

    /// Values of [`Price`](crate::billing::Price)'s `supported_billing_periods`.
    SupportedBillingPeriods {
        Month = "month",
        Annual = "annual",
        Both = "both",
    }

    /// Values of a parameter.
    SubscriptionItemFilter {
        Active = "active",
        Ended = "ended",
        PastDue = "past_due",
        Upcoming = "upcoming",
        FreeTrial = "free_trial",
    }

    /// Values of [`PaymentSource`](crate::billing::PaymentSource)'s `payment_method`.
    CardBrandMethod {
        Card = "card",
        ApplePay = "apple_pay",
        GooglePay = "google_pay",
    }

    /// Values of [`PriceTransitionDetails`](crate::billing::PriceTransitionDetails)'s `effective_mode`.
    PriceTransitionMode {
        Immediate = "immediate",
        EndOfPeriod = "end_of_period",
    }

    /// Values of [`PriceTransitionDetails`](crate::billing::PriceTransitionDetails)'s `previous_subscription_item_status`.
    PreviousItemStatus {
        Canceled = "canceled",
        Ended = "ended",
        Abandoned = "abandoned",
    }

    /// Values of [`DiscountRedemption`](crate::billing::DiscountRedemption)'s `source`.
    DiscountSource {
        Promotion = "promotion",
        Manual = "manual",
        PromoCode = "promo_code",
    }

    /// Values of [`DiscountRedemption`](crate::billing::DiscountRedemption)'s `effect`.
    DiscountEffect {
        Percentage = "percentage",
        FixedAmount = "fixed_amount",
    }

    /// Values of [`DiscountRedemption`](crate::billing::DiscountRedemption)'s `status`.
    DiscountRedemptionStatus {
        Active = "active",
        Exhausted = "exhausted",
        Removed = "removed",
    }

    /// Values of [`Statement`](crate::billing::Statement)'s `status`.
    StatementStatus {
        Open = "open",
        Closed = "closed",
    }

    /// Values of [`PaymentAttempt`](crate::billing::PaymentAttempt)'s `status`.
    PaymentAttemptStatus {
        Pending = "pending",
        Paid = "paid",
        Failed = "failed",
    }
}
