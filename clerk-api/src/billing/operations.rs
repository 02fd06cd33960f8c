//! Operations on billing.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, Maybe, Text},
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
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
            payer_type: Choice<PayerType>,
        }
    }

    /// Lists the prices of plans.
    fn list_prices() -> GetBillingPriceList: "GetBillingPriceList" GET "/billing/prices" => Page<Price>, streams Price {
        query {
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
            plan_id: Text,
        }
    }

    /// Adds a price to a plan.
    fn create_price(; body plan_id: Text, body amount: Maybe<Integer>) -> CreateBillingPrice: "CreateBillingPrice" POST "/billing/prices" => Price {
        with body {
            /// Default: `USD`.
            currency: Text,
            annual_monthly_amount: Maybe<Integer>,
            description: Text,
            supported_billing_periods: Choice<SupportedBillingPeriods>,
        }
    }

    /// Lists subscription items, one for each plan.
    fn list_subscription_items() -> GetCommerceSubscriptionItemList: "GetCommerceSubscriptionItemList" GET "/billing/subscription_items" => Page<SubscriptionItem>, streams SubscriptionItem {
        query {
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
            status: Choice<SubscriptionItemFilter>,
            payer_type: Choice<PayerType>,
            plan_id: Text,
            /// Default: `false`.
            include_free: Flag,
            query: Text,
        }
    }

    /// Cancels a subscription item, by default at the end of its period.
    fn cancel_subscription_item(subscription_item_id) -> CancelCommerceSubscriptionItem: "CancelCommerceSubscriptionItem" DELETE "/billing/subscription_items/{subscription_item_id}" => SubscriptionItem {
        query {
            /// Default: `false`.
            end_now: Flag,
        }
    }

    /// Extends the free trial of a subscription item.
    fn extend_subscription_item_free_trial(subscription_item_id; body extend_to: Text) -> ExtendBillingSubscriptionItemFreeTrial: "ExtendBillingSubscriptionItemFreeTrial" POST "/billing/subscription_items/{subscription_item_id}/extend_free_trial" => SubscriptionItem {
        with body {}
    }

    /// Moves a subscription item to another price.
    fn create_price_transition(subscription_item_id; body from_price_id: Text, body to_price_id: Text) -> CreateBillingPriceTransition: "CreateBillingPriceTransition" POST "/billing/subscription_items/{subscription_item_id}/price_transition" => PriceTransition {
        with body {}
    }

    /// Applies a discount to a subscription item.
    fn apply_subscription_item_discount(subscription_item_id; body discount_id: Text) -> ApplyBillingSubscriptionItemDiscount: "ApplyBillingSubscriptionItemDiscount" POST "/billing/subscription_items/{subscription_item_id}/discounts" => DiscountRedemption {
        with body {}
    }

    /// Removes a discount from a subscription item.
    fn remove_subscription_item_discount(subscription_item_id, discount_id) -> RemoveBillingSubscriptionItemDiscount: "RemoveBillingSubscriptionItemDiscount" DELETE "/billing/subscription_items/{subscription_item_id}/discounts/{discount_id}" => DiscountRedemption {}

    /// Lists statements.
    fn list_statements() -> GetBillingStatementList: "GetBillingStatementList" GET "/billing/statements" => Page<Statement>, streams Statement {
        query {
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Gets a statement by id.
    fn statement(statement_id) -> GetBillingStatement: "GetBillingStatement" GET "/billing/statements/{statementID}" => Statement {}

    /// Lists the attempts to pay a statement.
    fn statement_payment_attempts(statement_id) -> GetBillingStatementPaymentAttempts: "GetBillingStatementPaymentAttempts" GET "/billing/statements/{statementID}/payment_attempts" => Page<PaymentAttempt>, streams PaymentAttempt {
        query {
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }
}}
