//! [`Amount`], and sums of amounts: [`Totals`], [`Credits`].

use crate::event::payload::payload;

payload! {
    /// An amount of money.
    pub struct Amount {
        /// The amount in the smallest unit of the currency, such as cents.
        pub amount: Option<i64>,
        /// The formatted amount, such as `10.99`.
        pub amount_formatted: Option<String>,
        /// The ISO 4217 currency code, such as `USD`.
        pub currency: Option<String>,
        /// The currency symbol, such as `$`.
        pub currency_symbol: Option<String>,
    }

    /// The total to be paid.
    pub struct Totals {
        /// Before taxes and fees.
        pub subtotal: Option<Amount>,
        /// The taxes.
        pub tax_total: Option<Amount>,
        /// With taxes and fees.
        pub grand_total: Option<Amount>,
        /// The cost of the units, for plans with a price per unit.
        pub per_unit_totals: Option<Vec<UnitTotal>>,
    }

    /// The total cost of one kind of unit.
    pub struct UnitTotal {
        /// The kind of unit, such as `seats`.
        pub name: Option<String>,
        /// The price of one unit, in the smallest unit of the currency.
        pub amount: Option<i64>,
        /// The number of units at this price; `None` means no limit.
        pub quantity: Option<i64>,
        /// The price of all these units, in the smallest unit of the currency.
        pub total: Option<i64>,
        /// The ISO 4217 currency code.
        pub currency: Option<String>,
    }

    /// All credits: amounts that reduce a payment.
    pub struct Credits {
        /// Credit for the paid rest of a period of another plan.
        pub proration: Option<ProrationCredit>,
        /// Credit from the payer's balance.
        pub payer: Option<PayerCredit>,
        /// The sum.
        pub total: Option<Amount>,
    }

    /// Credit for the paid rest of a period of another plan.
    pub struct ProrationCredit {
        /// The amount.
        pub amount: Option<Amount>,
        /// The number of days left in the period.
        pub cycle_days_remaining: Option<i64>,
        /// The number of days in the period.
        pub cycle_days_total: Option<i64>,
        /// The part of the period that was left, in percent.
        pub cycle_remaining_percent: Option<f64>,
    }

    /// Credit from the payer's balance.
    pub struct PayerCredit {
        /// The amount.
        pub applied_amount: Option<Amount>,
        /// The remaining balance.
        pub remaining_balance: Option<Amount>,
    }
}
