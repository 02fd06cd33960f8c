//! [`Plan`]: a plan that users and organizations can subscribe to.

use crate::event::payload::payload;

payload! {
    /// A plan.
    pub struct Plan {
        /// Its id, `cplan_...`.
        pub id: String,
        /// The slug, such as `pro`.
        pub slug: Option<String>,
        /// The name.
        pub name: Option<String>,
        /// Whether it is paid for each period.
        pub is_recurring: bool,
        /// The price, in the smallest unit of the currency.
        pub amount: Option<i64>,
        /// The ISO 4217 currency code.
        pub currency: Option<String>,
        /// The prices per unit, if it has any.
        pub unit_prices: Option<Vec<UnitPrice>>,
    }

    /// The price of one kind of unit.
    pub struct UnitPrice {
        /// The kind of unit, such as `seats`.
        pub name: Option<String>,
        /// The number of units in a block. Only whole blocks are sold.
        pub block_size: Option<i64>,
        /// The price of a block, by number of blocks.
        pub tiers: Vec<UnitPriceTier>,
    }

    /// The price of a block for a range of block numbers.
    pub struct UnitPriceTier {
        /// The first block of this price.
        pub starts_at_block: Option<i64>,
        /// The last block of this price; `None` means no limit.
        pub ends_after_block: Option<i64>,
        /// The price of each block, in the smallest unit of the currency.
        pub amount_per_block: Option<i64>,
        /// The ISO 4217 currency code.
        pub currency: Option<String>,
    }
}
