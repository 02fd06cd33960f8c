//! [`Plan`]: what can be subscribed to.

use crate::endpoint::webhook::event::payload::payload;

payload! {
    /// A plan.
    pub struct Plan {
        /// Its id, `cplan_...`.
        pub id: String,
        /// What it is called in code, such as `pro`.
        pub slug: Option<String>,
        /// What it is called.
        pub name: Option<String>,
        /// Whether it is paid again for each period.
        pub is_recurring: bool,
        /// What it costs, in the smallest unit of the currency.
        pub amount: Option<i64>,
        /// The currency's code in ISO 4217.
        pub currency: Option<String>,
        /// What units cost, if it is paid by unit.
        pub unit_prices: Option<Vec<UnitPrice>>,
    }

    /// What units of one kind cost.
    pub struct UnitPrice {
        /// The kind, such as `seats`.
        pub name: Option<String>,
        /// How many units are sold at a time, as a block.
        pub block_size: Option<i64>,
        /// What a block costs, which depends on how many there are.
        pub tiers: Vec<UnitPriceTier>,
    }

    /// What a block costs from one number of them to another.
    pub struct UnitPriceTier {
        /// The first block of this price.
        pub starts_at_block: Option<i64>,
        /// The last block of this price; `None` when it holds for all that follow.
        pub ends_after_block: Option<i64>,
        /// What each costs, in the smallest unit of the currency.
        pub amount_per_block: Option<i64>,
        /// The currency's code in ISO 4217.
        pub currency: Option<String>,
    }
}
