//! Payment methods, payments and statements.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    objects::money::{Money, Payer, Totals},
    timestamp::Timestamp,
};

model! {
    /// `CommercePaymentMethodResponse` in Clerk's description of the API.
    PaymentMethod {
        object: String,
        id: String,
        payer_id: String,
        payment_type: PaymentType,
        is_default?: bool,
        gateway: String,
        gateway_external_id: String,
        gateway_external_account_id: Option<String>,
        last4: Option<String>,
        status: PaymentMethodStatus,
        wallet_type?: String,
        card_type: Option<String>,
        expiry_year?: i64,
        expiry_month?: i64,
        created_at?: Timestamp,
        updated_at?: Timestamp,
        is_removable?: bool,
    }

    /// `CommercePaymentSourceResponse` in Clerk's description of the API.
    PaymentSource {
        object: String,
        id: String,
        payer_id: String,
        payment_method: CardBrandMethod,
        is_default?: bool,
        gateway: String,
        gateway_external_id: String,
        gateway_external_account_id?: String,
        last4: String,
        status: PaymentMethodStatus,
        wallet_type: String,
        card_type: String,
        expiry_year?: i64,
        expiry_month?: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
        is_removable?: bool,
    }

    /// `BillingStatement` in Clerk's description of the API.
    Statement {
        object: String,
        id: String,
        instance_id: String,
        timestamp: Timestamp,
        payer: Payer,
        status: StatementStatus,
        totals: StatementTotals,
        groups: Vec<StatementGroup>,
    }

    /// A nested object of a response.
    StatementTotals {
        grand_total: Money,
        subtotal: Money,
        base_fee: Money,
        tax_total: Money,
    }

    /// A nested object of a response.
    StatementGroup {
        object: String,
        timestamp: Timestamp,
        items: Vec<PaymentAttempt>,
    }

    /// `BillingPaymentAttempt` in Clerk's description of the API.
    PaymentAttempt {
        object: String,
        id: String,
        payment_id: String,
        instance_id: String,
        charge_type: String,
        payee_id: String,
        payee: Map<String, Value>,
        payer_id: String,
        payer: Payer,
        subscription_item_id?: String,
        subscription_item?: Map<String, Value>,
        amount: Money,
        totals?: Totals,
        payment_method_id: String,
        payment_method: PaymentMethod,
        statement_id: String,
        gateway_external_id: Option<String>,
        gateway_external_url: Option<String>,
        status: PaymentAttemptStatus,
        paid_at: Option<Timestamp>,
        failed_at: Option<Timestamp>,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

choice! {
    /// Values of [`PaymentMethod`](crate::payment::PaymentMethod)'s `payment_type`.
    PaymentType {
        Card = "card",
        Link = "link",
        PayerCredits = "payer-credits",
    }

    /// Values of [`PaymentMethod`](crate::payment::PaymentMethod)'s `status` and [`PaymentSource`](crate::payment::PaymentSource)'s `status`.
    PaymentMethodStatus {
        Active = "active",
        Disconnected = "disconnected",
    }

    /// Values of [`PaymentSource`](crate::payment::PaymentSource)'s `payment_method`.
    CardBrandMethod {
        Card = "card",
        ApplePay = "apple_pay",
        GooglePay = "google_pay",
    }

    /// Values of [`Statement`](crate::payment::Statement)'s `status`.
    StatementStatus {
        Open = "open",
        Closed = "closed",
    }

    /// Values of [`PaymentAttempt`](crate::payment::PaymentAttempt)'s `status`.
    PaymentAttemptStatus {
        Pending = "pending",
        Paid = "paid",
        Failed = "failed",
    }
}
