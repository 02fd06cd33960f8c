//! Plans with their features and prices.

use crate::{
    model::{choice, model},
    objects::money::Money,
    timestamp::Timestamp,
};

model! {
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
        features?: Vec<Feature>,
        free_trial_enabled?: bool,
        free_trial_days?: i64,
        unit_prices?: Vec<PlanUnitPrice>,
        amount?: i64,
        amount_formatted?: String,
        annual_monthly_amount?: i64,
        annual_monthly_amount_formatted?: String,
        annual_amount?: i64,
        annual_amount_formatted?: String,
        currency_symbol?: String,
        currency?: String,
        payer_type?: Vec<String>,
        period?: String,
        interval?: i64,
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
        ends_after_block?: i64,
        fee_per_block: Money,
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
        description?: String,
        is_default: bool,
        created_at: Timestamp,
        supported_billing_periods: SupportedBillingPeriods,
    }
}

choice! {
    /// Values of [`Price`](crate::plan::Price)'s `supported_billing_periods`.
    SupportedBillingPeriods {
        Month = "month",
        Annual = "annual",
        Both = "both",
    }
}
