//! Billing: plans, prices, subscriptions and statements.

pub use clerk_types::{
    money::{
        CreditAction, CreditBalance, CreditLedgerEntry, Credits, Discounts, Money, Payer, PayerCredit, PayerType,
        PerUnitTotal, PerUnitTotalTier, ProrationCredit, ProrationDiscount, SubscriptionCredit, Totals,
    },
    payment::{
        CardBrandMethod, PaymentAttempt, PaymentAttemptStatus, PaymentMethod, PaymentMethodStatus, PaymentSource,
        PaymentType, Statement, StatementGroup, StatementStatus, StatementTotals,
    },
    plan::{Feature, Plan, PlanUnitPrice, PlanUnitPriceTier, Price, SupportedBillingPeriods},
    subscription::{
        DiscountEffect, DiscountRedemption, DiscountRedemptionStatus, DiscountSource, PlanPeriod, PreviousItemStatus,
        PriceTransition, PriceTransitionDetails, PriceTransitionMode, Subscription, SubscriptionItem,
        SubscriptionItemFilter, SubscriptionItemNextPayment, SubscriptionItemSeats, SubscriptionItemStatus,
        SubscriptionNextPayment, SubscriptionStatus,
    },
};

use crate::define::resource;

resource! {
/// Billing: plans, prices, subscriptions and statements.
Billing, billing {
    /// Lists the plans.
    GET "/billing/plans" GetCommercePlanList
    list_plans() ?{ ..paged, paginated: bool, payer_type: PayerType } => Page<Plan>;

    /// Lists the prices of plans.
    GET "/billing/prices" GetBillingPriceList
    list_prices() ?{ ..paged, paginated: bool, plan_id: String } => Page<Price>;

    /// Adds a price to a plan.
    POST "/billing/prices" CreateBillingPrice
    create_price(; plan_id: String, amount: Option<i64>) {
        /// Default: `USD`.
        currency: String,
        annual_monthly_amount: Option<i64>, description: String, supported_billing_periods: SupportedBillingPeriods,
    } -> Price;

    /// Lists subscription items, one for each plan.
    GET "/billing/subscription_items" GetCommerceSubscriptionItemList
    list_subscription_items() ?{
        ..paged, paginated: bool, status: SubscriptionItemFilter, payer_type: PayerType, plan_id: String,
        /// Default: `false`.
        include_free: bool,
        query: String,
    } => Page<SubscriptionItem>;

    /// Cancels a subscription item, by default at the end of its period.
    DELETE "/billing/subscription_items/{subscription_item_id}" CancelCommerceSubscriptionItem
    cancel_subscription_item(subscription_item_id) ?{
        /// Default: `false`.
        end_now: bool,
    } -> SubscriptionItem;

    /// Extends the free trial of a subscription item.
    POST "/billing/subscription_items/{subscription_item_id}/extend_free_trial" ExtendBillingSubscriptionItemFreeTrial
    extend_subscription_item_free_trial(subscription_item_id; extend_to: String) -> SubscriptionItem;

    /// Moves a subscription item to another price.
    POST "/billing/subscription_items/{subscription_item_id}/price_transition" CreateBillingPriceTransition
    create_price_transition(subscription_item_id; from_price_id: String, to_price_id: String) -> PriceTransition;

    /// Applies a discount to a subscription item.
    POST "/billing/subscription_items/{subscription_item_id}/discounts" ApplyBillingSubscriptionItemDiscount
    apply_subscription_item_discount(subscription_item_id; discount_id: String) -> DiscountRedemption;

    /// Removes a discount from a subscription item.
    DELETE "/billing/subscription_items/{subscription_item_id}/discounts/{discount_id}" RemoveBillingSubscriptionItemDiscount
    remove_subscription_item_discount(subscription_item_id, discount_id) -> DiscountRedemption;

    /// Lists statements.
    GET "/billing/statements" GetBillingStatementList
    list_statements() ?{ ..paged, paginated: bool } => Page<Statement>;

    /// Gets a statement by id.
    GET "/billing/statements/{statementID}" GetBillingStatement
    statement(statement_id) -> Statement;

    /// Lists the attempts to pay a statement.
    GET "/billing/statements/{statementID}/payment_attempts" GetBillingStatementPaymentAttempts
    statement_payment_attempts(statement_id) ?{ ..paged, paginated: bool } => Page<PaymentAttempt>;
}}
