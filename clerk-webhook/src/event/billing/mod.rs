//! Billing: payers, plans, subscriptions and payments.

mod money;
mod payer;
mod payment_attempt;
mod plan;
mod subscription;
mod subscription_item;

pub use self::{
    money::{Amount, Credits, PayerCredit, ProrationCredit, Totals, UnitTotal},
    payer::{Payee, Payer, PaymentSource},
    payment_attempt::{FailedReason, PaymentAttempt, PaymentChargeType, PaymentStatus},
    plan::{Plan, UnitPrice, UnitPriceTier},
    subscription::{Subscription, SubscriptionStatus},
    subscription_item::{BillingInterval, Seats, SubscriptionItem, SubscriptionItemStatus},
};
