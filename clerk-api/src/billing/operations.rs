//! Operations on billings.

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
    /// The plans that can be subscribed to.
    fn list_plans() -> GetCommercePlanList: "GetCommercePlanList" GET "/billing/plans" => Page<Plan>, streams Plan {
        query {
            paginated: Flag,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
            payer_type: Choice<PayerType>,
        }
    }

    /// The prices of plans.
    fn list_prices() -> GetBillingPriceList: "GetBillingPriceList" GET "/billing/prices" => Page<Price>, streams Price {
        query {
            paginated: Flag,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
            plan_id: Text,
        }
    }

    /// Adds a price to a plan.
    fn create_price(; body plan_id: Text, body amount: Maybe<Integer>) -> CreateBillingPrice: "CreateBillingPrice" POST "/billing/prices" => Price {
        with body {
            /// `USD` unless set.
            currency: Text,
            annual_monthly_amount: Maybe<Integer>,
            description: Text,
            supported_billing_periods: Choice<SupportedBillingPeriods>,
        }
    }

    /// What is subscribed to, one item for each plan.
    fn list_subscription_items() -> GetCommerceSubscriptionItemList: "GetCommerceSubscriptionItemList" GET "/billing/subscription_items" => Page<SubscriptionItem>, streams SubscriptionItem {
        query {
            paginated: Flag,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
            status: Choice<SubscriptionItemFilter>,
            payer_type: Choice<PayerType>,
            plan_id: Text,
            /// `false` unless set.
            include_free: Flag,
            query: Text,
        }
    }

    /// Cancels an item of a subscription, at the end of its period unless told otherwise.
    fn cancel_subscription_item(subscription_item_id) -> CancelCommerceSubscriptionItem: "CancelCommerceSubscriptionItem" DELETE "/billing/subscription_items/{subscription_item_id}" => SubscriptionItem {
        query {
            /// `false` unless set.
            end_now: Flag,
        }
    }

    /// Lets the free trial of an item end later.
    fn extend_subscription_item_free_trial(subscription_item_id; body extend_to: Text) -> ExtendBillingSubscriptionItemFreeTrial: "ExtendBillingSubscriptionItemFreeTrial" POST "/billing/subscription_items/{subscription_item_id}/extend_free_trial" => SubscriptionItem {
        with body {}
    }

    /// Moves an item to another price.
    fn create_price_transition(subscription_item_id; body from_price_id: Text, body to_price_id: Text) -> CreateBillingPriceTransition: "CreateBillingPriceTransition" POST "/billing/subscription_items/{subscription_item_id}/price_transition" => PriceTransition {
        with body {}
    }

    /// Gives an item a discount.
    fn apply_subscription_item_discount(subscription_item_id; body discount_id: Text) -> ApplyBillingSubscriptionItemDiscount: "ApplyBillingSubscriptionItemDiscount" POST "/billing/subscription_items/{subscription_item_id}/discounts" => DiscountRedemption {
        with body {}
    }

    /// Takes a discount from an item.
    fn remove_subscription_item_discount(subscription_item_id, discount_id) -> RemoveBillingSubscriptionItemDiscount: "RemoveBillingSubscriptionItemDiscount" DELETE "/billing/subscription_items/{subscription_item_id}/discounts/{discount_id}" => DiscountRedemption {}

    /// The statements.
    fn list_statements() -> GetBillingStatementList: "GetBillingStatementList" GET "/billing/statements" => Page<Statement>, streams Statement {
        query {
            paginated: Flag,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }

    /// One statement.
    fn statement(statement_id) -> GetBillingStatement: "GetBillingStatement" GET "/billing/statements/{statementID}" => Statement {}

    /// The attempts to pay a statement.
    fn statement_payment_attempts(statement_id) -> GetBillingStatementPaymentAttempts: "GetBillingStatementPaymentAttempts" GET "/billing/statements/{statementID}/payment_attempts" => Page<PaymentAttempt>, streams PaymentAttempt {
        query {
            paginated: Flag,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }
}}
