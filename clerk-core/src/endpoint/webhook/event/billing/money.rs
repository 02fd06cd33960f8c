//! [`Amount`] and what is made of several: [`Totals`], [`Credits`].

use crate::endpoint::webhook::event::payload::payload;

payload! {
    /// An amount of money.
    pub struct Amount {
        /// How much, in the smallest unit of the currency, such as cents.
        pub amount: Option<i64>,
        /// The same for people, such as `10.99`.
        pub amount_formatted: Option<String>,
        /// The currency's code in ISO 4217, such as `USD`.
        pub currency: Option<String>,
        /// The currency's sign, such as `$`.
        pub currency_symbol: Option<String>,
    }

    /// What is to be paid in all.
    pub struct Totals {
        /// Before taxes and fees.
        pub subtotal: Option<Amount>,
        /// The taxes.
        pub tax_total: Option<Amount>,
        /// With taxes and fees.
        pub grand_total: Option<Amount>,
        /// What the units cost, for plans that are paid by unit.
        pub per_unit_totals: Option<Vec<UnitTotal>>,
    }

    /// What units of one kind cost.
    pub struct UnitTotal {
        /// The kind, such as `seats`.
        pub name: Option<String>,
        /// What one costs, in the smallest unit of the currency.
        pub amount: Option<i64>,
        /// How many there are at this price; `None` means any number.
        pub quantity: Option<i64>,
        /// What all of them cost, in the smallest unit of the currency.
        pub total: Option<i64>,
        /// The currency's code in ISO 4217.
        pub currency: Option<String>,
    }

    /// What is taken off.
    pub struct Credits {
        /// For the rest of a period that another plan was paid for.
        pub proration: Option<ProrationCredit>,
        /// From the payer's balance.
        pub payer: Option<PayerCredit>,
        /// All of it.
        pub total: Option<Amount>,
    }

    /// What is taken off for the rest of a period that another plan was paid for.
    pub struct ProrationCredit {
        /// How much.
        pub amount: Option<Amount>,
        /// How many days of the period were left.
        pub cycle_days_remaining: Option<i64>,
        /// How many days the period has.
        pub cycle_days_total: Option<i64>,
        /// How much of the period was left, in percent.
        pub cycle_remaining_percent: Option<f64>,
    }

    /// What is taken off from the payer's balance.
    pub struct PayerCredit {
        /// How much.
        pub applied_amount: Option<Amount>,
        /// What the balance is after it.
        pub remaining_balance: Option<Amount>,
    }
}
