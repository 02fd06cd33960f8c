//! Response types of emails.

use serde_json::{Map, Value};

use crate::model::model;

model! {
    /// An email, as Clerk has stored it.
    Email {
        object: String,
        id: String,
        slug: Option<String>,
        from_email_name: String,
        reply_to_email_name: Option<String>,
        to_email_address: Option<String>,
        email_address_id: Option<String>,
        user_id: Option<String>,
        subject: Option<String>,
        body: Option<String>,
        body_plain: Option<String>,
        /// `accepted`: the provider has accepted the email, which does not prove that it was delivered.
        status: Option<String>,
        data: Option<Map<String, Value>>,
        delivered_by_clerk: bool,
        /// Why Clerk did not send it.
        suppression_reason: Option<String>,
    }

    /// What became of one email of a batch: it has an `email` or `errors`.
    EmailResult {
        /// Its place in the batch, from 0.
        index: i64,
        status_code: i64,
        email: Option<Email>,
        errors: Option<Vec<EmailError>>,
        retry_after_seconds: Option<i64>,
    }

    /// Why an email of a batch was refused.
    EmailError {
        code: String,
        message: String,
        long_message: Option<String>,
        meta: Option<Map<String, Value>>,
    }
}
