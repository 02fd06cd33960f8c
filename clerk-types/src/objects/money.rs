//! Amounts, totals and credits of billing, and who pays.

use crate::{
    model::{choice, model},
    timestamp::Timestamp,
};

model! {
    /// `CommerceSubscriptionCreditResponse` in Clerk's description of the API.
    SubscriptionCredit {
        amount?: Money,
        cycle_remaining_percent?: f64,
    }

    /// `CommerceMoneyResponse` in Clerk's description of the API.
    Money {
        /// The amount in the smallest unit of the currency, such as cents.
        amount: i64,
        /// The formatted amount, such as `10.99`.
        amount_formatted: String,
        /// The ISO 4217 currency code, such as `USD`.
        currency: String,
        /// The currency symbol, such as `$`.
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

    /// `CommercePerUnitTotal` and `CommercePerUnitTotal-2` in Clerk's description of the API.
    PerUnitTotal {
        name: String,
        block_size: i64,
        tiers: Vec<PerUnitTotalTier>,
    }

    /// `CommercePerUnitTotalTier` and `CommercePerUnitTotalTier-2` in Clerk's description of the API.
    PerUnitTotalTier {
        quantity?: i64,
        fee_per_block: Money,
        total: Money,
    }

    /// `CommerceTotalsResponse` and `CommerceTotalsResponse-2` in Clerk's description of the API.
    Totals {
        subtotal: Money,
        base_fee: Money,
        tax_total: Money,
        grand_total: Money,
        per_unit_totals?: Vec<PerUnitTotal>,
        credits?: Credits,
        discounts?: Discounts,
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

    /// A user or an organization that pays.
    Payer {
        /// Always `commerce_payer`.
        object?: String,
        /// Its id.
        id: String,
        instance_id?: String,
        /// The user's id, if the payer is a user.
        user_id?: String,
        /// The user's first name.
        first_name?: String,
        /// The user's last name.
        last_name?: String,
        /// The email address.
        email?: String,
        /// The organization's id, if the payer is an organization.
        organization_id?: String,
        /// The name of the organization.
        organization_name?: String,
        /// The user's picture, or the organization's logo.
        image_url?: String,
        credits_balance?: Money,
        /// When it was created.
        created_at?: Timestamp,
        /// When it was last changed.
        updated_at?: Timestamp,
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
        note?: String,
        created_at: String,
    }
}

choice! {
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
}
