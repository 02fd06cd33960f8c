//! Operations on billing.

use crate::{
    Page,
    billing::{
        DiscountRedemption, PayerType, PaymentAttempt, Plan, Price, PriceTransition, Statement, SubscriptionItem,
        SubscriptionItemFilter, SupportedBillingPeriods,
    },
    define::operations,
};

operations! { Billing {
    /// Lists the plans.
    fn list_plans() -> GetCommercePlanList: "GetCommercePlanList" GET "/billing/plans" => Page<Plan>, streams Plan {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            payer_type: PayerType,
        }
    }

    /// Lists the prices of plans.
    fn list_prices() -> GetBillingPriceList: "GetBillingPriceList" GET "/billing/prices" => Page<Price>, streams Price {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            plan_id: String,
        }
    }

    /// Adds a price to a plan.
    fn create_price(; body plan_id: String, body amount: Option<i64>) -> CreateBillingPrice: "CreateBillingPrice" POST "/billing/prices" => Price {
        with body {
            /// Default: `USD`.
            currency: String,
            annual_monthly_amount: Option<i64>,
            description: String,
            supported_billing_periods: SupportedBillingPeriods,
        }
    }

    /// Lists subscription items, one for each plan.
    fn list_subscription_items() -> GetCommerceSubscriptionItemList: "GetCommerceSubscriptionItemList" GET "/billing/subscription_items" => Page<SubscriptionItem>, streams SubscriptionItem {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            status: SubscriptionItemFilter,
            payer_type: PayerType,
            plan_id: String,
            /// Default: `false`.
            include_free: bool,
            query: String,
        }
    }

    /// Cancels a subscription item, by default at the end of its period.
    fn cancel_subscription_item(subscription_item_id) -> CancelCommerceSubscriptionItem: "CancelCommerceSubscriptionItem" DELETE "/billing/subscription_items/{subscription_item_id}" => SubscriptionItem {
        query {
            /// Default: `false`.
            end_now: bool,
        }
    }

    /// Extends the free trial of a subscription item.
    fn extend_subscription_item_free_trial(subscription_item_id; body extend_to: String) -> ExtendBillingSubscriptionItemFreeTrial: "ExtendBillingSubscriptionItemFreeTrial" POST "/billing/subscription_items/{subscription_item_id}/extend_free_trial" => SubscriptionItem {
        with body {}
    }

    /// Moves a subscription item to another price.
    fn create_price_transition(subscription_item_id; body from_price_id: String, body to_price_id: String) -> CreateBillingPriceTransition: "CreateBillingPriceTransition" POST "/billing/subscription_items/{subscription_item_id}/price_transition" => PriceTransition {
        with body {}
    }

    /// Applies a discount to a subscription item.
    fn apply_subscription_item_discount(subscription_item_id; body discount_id: String) -> ApplyBillingSubscriptionItemDiscount: "ApplyBillingSubscriptionItemDiscount" POST "/billing/subscription_items/{subscription_item_id}/discounts" => DiscountRedemption {
        with body {}
    }

    /// Removes a discount from a subscription item.
    fn remove_subscription_item_discount(subscription_item_id, discount_id) -> RemoveBillingSubscriptionItemDiscount: "RemoveBillingSubscriptionItemDiscount" DELETE "/billing/subscription_items/{subscription_item_id}/discounts/{discount_id}" => DiscountRedemption {}

    /// Lists statements.
    fn list_statements() -> GetBillingStatementList: "GetBillingStatementList" GET "/billing/statements" => Page<Statement>, streams Statement {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Gets a statement by id.
    fn statement(statement_id) -> GetBillingStatement: "GetBillingStatement" GET "/billing/statements/{statementID}" => Statement {}

    /// Lists the attempts to pay a statement.
    fn statement_payment_attempts(statement_id) -> GetBillingStatementPaymentAttempts: "GetBillingStatementPaymentAttempts" GET "/billing/statements/{statementID}/payment_attempts" => Page<PaymentAttempt>, streams PaymentAttempt {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }
}}
