//! Response types of billing.

use crate::{
    billing::{
        PaymentMethodStatus, PaymentSource, PaymentType, PlanPeriod, SubscriptionItemStatus, SubscriptionStatus,
        SupportedBillingPeriods,
    },
    model::model,
};

model! {
    /// `CommerceSubscription` in Clerk's description of the API.
    Subscription {
        object: String,
        id: String,
        instance_id: String,
        status: SubscriptionStatus,
        payer_id: String,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        /// In milliseconds since the Unix epoch.
        active_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        past_due_at: Option<i64>,
        subscription_items: Vec<SubscriptionItem>,
        next_payment: Option<SubscriptionNextPayment>,
        eligible_for_free_trial: Option<bool>,
    }

    /// `CommerceSubscriptionItem` and `CommerceSubscriptionItem-2` in Clerk's description of the API.
    SubscriptionItem {
        object: String,
        id: String,
        instance_id: String,
        status: SubscriptionItemStatus,
        credit: Option<SubscriptionCredit>,
        credits: Option<Credits>,
        plan_id: Option<String>,
        price_id: Option<String>,
        plan: Option<Plan>,
        plan_period: PlanPeriod,
        payment_method: Option<PaymentMethod>,
        lifetime_paid: Option<Money>,
        next_payment: Option<SubscriptionItemNextPayment>,
        payer_id: String,
        payer: Option<Payer>,
        is_free_trial: bool,
        period_start: Option<i64>,
        period_end: Option<i64>,
        proration_date: Option<String>,
        /// In milliseconds since the Unix epoch.
        canceled_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        past_due_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        ended_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
        seats: Option<SubscriptionItemSeats>,
        totals: Option<Totals>,
        payment_source_id: Option<String>,
        payment_source: Option<PaymentSource>,
        amount: Option<Money>,
        next_invoice: Option<SubscriptionItemNextPayment>,
    }

    /// `CommerceSubscriptionCreditResponse` in Clerk's description of the API.
    SubscriptionCredit {
        amount: Option<Money>,
        cycle_remaining_percent: Option<f64>,
    }

    /// `CommerceMoneyResponse` in Clerk's description of the API.
    Money {
        amount: i64,
        amount_formatted: String,
        currency: String,
        currency_symbol: String,
    }

    /// `CommerceCreditsResponse` in Clerk's description of the API.
    Credits {
        proration: Option<ProrationCredit>,
        payer: Option<PayerCredit>,
        total: Money,
    }

    /// `CommerceProrationCreditDetailResponse` in Clerk's description of the API.
    ProrationCredit {
        amount: Money,
        cycle_days_remaining: i64,
        cycle_days_total: i64,
        cycle_remaining_percent: f64,
    }

    /// `CommercePayerCreditResponse` in Clerk's description of the API.
    PayerCredit {
        remaining_balance: Money,
        applied_amount: Money,
    }

    /// `CommercePlan` and `CommercePlan-2` in Clerk's description of the API.
    Plan {
        object: String,
        id: String,
        name: String,
        fee: Option<Money>,
        annual_monthly_fee: Option<Money>,
        annual_fee: Option<Money>,
        description: Option<String>,
        /// Deprecated by Clerk.
        product_id: String,
        is_default: bool,
        is_recurring: bool,
        publicly_visible: bool,
        has_base_fee: bool,
        for_payer_type: String,
        slug: String,
        avatar_url: Option<String>,
        features: Option<Vec<Feature>>,
        free_trial_enabled: Option<bool>,
        free_trial_days: Option<i64>,
        unit_prices: Option<Vec<PlanUnitPrice>>,
        amount: Option<i64>,
        amount_formatted: Option<String>,
        annual_monthly_amount: Option<i64>,
        annual_monthly_amount_formatted: Option<String>,
        annual_amount: Option<i64>,
        annual_amount_formatted: Option<String>,
        currency_symbol: Option<String>,
        currency: Option<String>,
        payer_type: Option<Vec<String>>,
        period: Option<String>,
        interval: Option<i64>,
    }

    /// `FeatureResponse` and `FeatureResponse-2` in Clerk's description of the API.
    Feature {
        object: String,
        id: String,
        name: String,
        description: Option<String>,
        slug: String,
        avatar_url: Option<String>,
    }

    /// `CommercePlanUnitPrice` in Clerk's description of the API.
    PlanUnitPrice {
        name: String,
        block_size: i64,
        tiers: Vec<PlanUnitPriceTier>,
    }

    /// `CommercePlanUnitPriceTier` in Clerk's description of the API.
    PlanUnitPriceTier {
        starts_at_block: i64,
        ends_after_block: Option<i64>,
        fee_per_block: Money,
    }

    /// `CommercePaymentMethodResponse` in Clerk's description of the API.
    PaymentMethod {
        object: String,
        id: String,
        payer_id: String,
        payment_type: PaymentType,
        is_default: Option<bool>,
        gateway: String,
        gateway_external_id: String,
        gateway_external_account_id: Option<String>,
        last4: Option<String>,
        status: PaymentMethodStatus,
        wallet_type: Option<String>,
        card_type: Option<String>,
        expiry_year: Option<i64>,
        expiry_month: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
        is_removable: Option<bool>,
    }

    /// `CommerceSubscriptionItemNextPaymentResponse` in Clerk's description of the API.
    SubscriptionItemNextPayment {
        amount: Option<Money>,
        date: Option<i64>,
        per_unit_totals: Option<Vec<PerUnitTotal>>,
        totals: Option<Totals>,
    }

    /// `CommercePerUnitTotal` and `CommercePerUnitTotal-2` in Clerk's description of the API.
    PerUnitTotal {
        name: String,
        block_size: i64,
        tiers: Vec<PerUnitTotalTier>,
    }

    /// `CommercePerUnitTotalTier` and `CommercePerUnitTotalTier-2` in Clerk's description of the API.
    PerUnitTotalTier {
        quantity: Option<i64>,
        fee_per_block: Money,
        total: Money,
    }

    /// `CommerceTotalsResponse` and `CommerceTotalsResponse-2` in Clerk's description of the API.
    Totals {
        subtotal: Money,
        base_fee: Money,
        tax_total: Money,
        grand_total: Money,
        per_unit_totals: Option<Vec<PerUnitTotal>>,
        credits: Option<Credits>,
        discounts: Option<Discounts>,
    }

    /// `CommerceDiscountsResponse` and `BillingDiscountsResponse` in Clerk's description of the API.
    Discounts {
        proration: Option<ProrationDiscount>,
        total: Money,
    }

    /// `CommerceProrationDiscountResponse` and `BillingProrationDiscountDetail` in Clerk's description of the API.
    ProrationDiscount {
        amount: Money,
        cycle_days_passed: i64,
        cycle_days_total: i64,
        cycle_passed_percent: f64,
    }

    /// `CommercePayerResponse` and `CommercePayerResponse-2` in Clerk's description of the API.
    Payer {
        object: String,
        id: String,
        instance_id: String,
        user_id: Option<String>,
        first_name: Option<String>,
        last_name: Option<String>,
        email: Option<String>,
        organization_id: Option<String>,
        organization_name: Option<String>,
        image_url: Option<String>,
        credits_balance: Option<Money>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
    }

    /// `CommerceSubscriptionItemSeatsResponse` in Clerk's description of the API.
    SubscriptionItemSeats {
        quantity: Option<i64>,
        tiers: Option<Vec<PerUnitTotalTier>>,
    }

    /// `CommerceSubscriptionNextPayment` in Clerk's description of the API.
    SubscriptionNextPayment {
        date: i64,
        amount: Money,
        per_unit_totals: Option<Vec<PerUnitTotal>>,
        totals: Option<Totals>,
    }

    /// `CommerceCreditBalanceResponse` in Clerk's description of the API.
    CreditBalance {
        object: String,
        balance: Option<Money>,
    }

    /// `CommerceCreditLedgerResponse` in Clerk's description of the API.
    CreditLedgerEntry {
        object: String,
        id: String,
        payer_id: String,
        amount: Money,
        source_type: String,
        source_id: String,
        note: Option<String>,
        created_at: String,
    }

    /// `BillingPriceResponse` in Clerk's description of the API.
    Price {
        object: String,
        id: String,
        plan_id: String,
        instance_id: String,
        currency: String,
        currency_symbol: String,
        amount: i64,
        annual_monthly_amount: i64,
        fee: Option<Money>,
        annual_monthly_fee: Option<Money>,
        description: Option<String>,
        is_default: bool,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        supported_billing_periods: SupportedBillingPeriods,
    }
}
