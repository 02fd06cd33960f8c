//! Payments and subscriptions in webhooks, which Clerk describes otherwise than those of the Backend API.
//!
//! Amounts, credits, payers and statuses are the same: see [`money`](crate::money), [`payment`](crate::payment) and
//! [`subscription`](crate::subscription).

use crate::{
    model::{choice, model},
    objects::money::{Credits, Money, Payer, ProrationCredit},
    objects::payment::PaymentAttemptStatus,
    objects::subscription::{PlanPeriod, SubscriptionItemSeats, SubscriptionItemStatus, SubscriptionStatus},
    timestamp::Timestamp,
};

model! {
    /// The subscription of a user or an organization.
    BillingSubscription {
        /// Its id.
        id: String,
        /// Always `commerce_subscription`.
        object?: String,
        /// The status.
        status: SubscriptionStatus,
        /// When it became active.
        active_at?: Timestamp,
        /// When it was canceled.
        canceled_at?: Timestamp,
        /// When it was created.
        created_at?: Timestamp,
        /// When it ended.
        ended_at?: Timestamp,
        /// Since when a payment is overdue.
        past_due_at?: Timestamp,
        /// When it was last changed.
        updated_at?: Timestamp,
        /// The id of the latest payment for it.
        latest_payment_id?: String,
        /// The payer's id.
        payer_id?: String,
        /// The payer.
        payer?: Payer,
        /// The id of the payment method.
        payment_source_id?: String,
        /// The items, each for one plan and one period.
        items: Vec<BillingSubscriptionItem>,
    }

    /// An item of a subscription: one plan for one period.
    BillingSubscriptionItem {
        /// Its id.
        id: String,
        /// Always `commerce_subscription_item`.
        object?: String,
        /// The status.
        status: SubscriptionItemStatus,
        /// Whether it is in a free trial.
        is_free_trial?: bool,
        /// When it was created.
        created_at?: Timestamp,
        /// When it was last changed.
        updated_at?: Timestamp,
        /// When its period begins.
        period_start?: Timestamp,
        /// When its period ends; `None` if it has no end.
        period_end?: Timestamp,
        /// How often it is paid.
        interval?: PlanPeriod,
        /// The plan's id.
        plan_id?: String,
        /// The plan.
        plan?: BillingPlan,
        /// The payer, if the item is the payload of an event.
        payer?: Payer,
        /// The subscription's id, if the item is the payload of an event.
        subscription_id?: String,
        /// The number of seats.
        seats?: SubscriptionItemSeats,
        /// Credit for another plan. Deprecated by Clerk for [`credits`](Self::credits).
        credit?: ProrationCredit,
        /// The credits.
        credits?: Credits,
    }

    /// A plan.
    BillingPlan {
        /// Its id, `cplan_...`.
        id: String,
        /// The slug, such as `pro`.
        slug?: String,
        /// The name.
        name?: String,
        /// Whether it is paid for each period.
        is_recurring: bool,
        /// The price, in the smallest unit of the currency.
        amount?: i64,
        /// The ISO 4217 currency code.
        currency?: String,
        /// The prices per unit, if it has any.
        unit_prices?: Vec<BillingUnitPrice>,
    }

    /// The price of one kind of unit.
    BillingUnitPrice {
        /// The kind of unit, such as `seats`.
        name?: String,
        /// The number of units in a block. Only whole blocks are sold.
        block_size?: i64,
        /// The price of a block, by number of blocks.
        tiers: Vec<BillingUnitPriceTier>,
    }

    /// The price of a block for a range of block numbers.
    BillingUnitPriceTier {
        /// The first block of this price.
        starts_at_block?: i64,
        /// The last block of this price; `None` means no limit.
        ends_after_block?: i64,
        /// The price of each block, in the smallest unit of the currency.
        amount_per_block?: i64,
        /// The ISO 4217 currency code.
        currency?: String,
    }

    /// An attempt to make a payment.
    BillingPaymentAttempt {
        /// Its id.
        id: String,
        /// The instance's id, `ins_...`.
        instance_id?: String,
        /// The id of the payment.
        payment_id?: String,
        /// The id of the invoice. Deprecated by Clerk.
        invoice_id?: String,
        /// The id of the statement.
        statement_id?: String,
        /// The id at the payment provider.
        gateway_external_id?: String,
        /// The status.
        status: PaymentAttemptStatus,
        /// When it was created.
        created_at?: Timestamp,
        /// When it was last changed.
        updated_at?: Timestamp,
        /// When it was paid.
        paid_at?: Timestamp,
        /// When it failed.
        failed_at?: Timestamp,
        /// Why it failed.
        failed_reason?: BillingFailedReason,
        /// The billing date.
        billing_date?: Timestamp,
        /// The reason for the payment.
        charge_type?: BillingChargeType,
        /// The payee.
        payee?: BillingPayee,
        /// The payer.
        payer?: Payer,
        /// The totals.
        totals?: BillingTotals,
        /// The payment method.
        payment_source?: BillingPaymentSource,
        /// The subscription items that are paid.
        subscription_items: Vec<BillingSubscriptionItem>,
    }

    /// Why a payment failed.
    BillingFailedReason {
        /// The error code, such as `card_declined`.
        code?: String,
        /// The decline code of the payment provider.
        decline_code?: String,
    }

    /// Your account at the payment provider.
    BillingPayee {
        /// Its id.
        id?: String,
        /// The provider.
        gateway_type?: String,
        /// The id at the provider.
        gateway_external_id?: String,
        /// The status at the provider.
        gateway_status?: String,
    }

    /// A payment method.
    BillingPaymentSource {
        /// Its id.
        id?: String,
        /// The payment provider, such as `stripe`.
        gateway?: String,
        /// The id at the provider.
        gateway_external_id?: String,
        /// The id of the account at the provider that it belongs to.
        gateway_external_account_id?: String,
        /// The type, such as `card` or `link`.
        payment_method?: String,
        /// The status: `active` or `disconnected`.
        status?: String,
        /// The brand, if it is a card.
        card_type?: String,
        /// The last four digits, if it is a card.
        last4?: String,
    }

    /// The total to be paid.
    BillingTotals {
        /// Before taxes and fees.
        subtotal?: Money,
        /// The taxes.
        tax_total?: Money,
        /// With taxes and fees.
        grand_total?: Money,
        /// The cost of the units, for plans with a price per unit.
        per_unit_totals?: Vec<BillingUnitTotal>,
    }

    /// The total cost of one kind of unit.
    BillingUnitTotal {
        /// The kind of unit, such as `seats`.
        name?: String,
        /// The price of one unit, in the smallest unit of the currency.
        amount?: i64,
        /// The number of units at this price; `None` means no limit.
        quantity?: i64,
        /// The price of all these units, in the smallest unit of the currency.
        total?: i64,
        /// The ISO 4217 currency code.
        currency?: String,
    }
}

choice! {
    /// The reason for a payment.
    BillingChargeType {
        /// A new subscription item.
        Checkout = "checkout",
        /// The next period of a subscription item.
        Recurring = "recurring",
    }
}
