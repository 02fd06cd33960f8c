//! Billing: plans, prices, subscriptions and statements.

mod operations;

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
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Billing: plans, prices, subscriptions and statements.
    Billing, billing
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
