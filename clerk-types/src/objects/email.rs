//! Emails that the application sends through Clerk.

use serde_json::{Map, Value};

use crate::model::model;

model! {
    /// An email, as Clerk has stored it.
    Email {
        object: String,
        id: String,
        slug?: String,
        from_email_name: String,
        reply_to_email_name?: String,
        to_email_address?: String,
        email_address_id?: String,
        user_id?: String,
        subject?: String,
        body?: String,
        body_plain?: String,
        /// `accepted`: the provider has accepted the email, which does not prove that it was delivered.
        status?: String,
        data?: Map<String, Value>,
        delivered_by_clerk: bool,
        /// Why Clerk did not send it.
        suppression_reason?: String,
    }

    /// What became of one email of a batch: it has an `email` or `errors`.
    EmailResult {
        /// Its place in the batch, from 0.
        index: i64,
        status_code: i64,
        email?: Email,
        errors?: Vec<EmailError>,
        retry_after_seconds?: i64,
    }

    /// Why an email of a batch was refused.
    EmailError {
        code: String,
        message: String,
        long_message?: String,
        meta?: Map<String, Value>,
    }
}
