//! Emails that the application sends through Clerk.
//!
//! Clerk marks these operations as experimental, and enables them for each instance. Its description of the API does not
//! have them yet; they are as in version 3.25 of `@clerk/backend`.

pub use clerk_types::email::{Email, EmailError, EmailResult};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// Emails that the application sends through Clerk.
Emails, emails {
    /// Sends an email. `to` is `{"address": ..}` or `{"user_id": ..}`, `from` is `{"address": .., "name": ..}` on the
    /// instance's own domain. `subject`: at most 998 characters.
    ///
    /// It needs `html` or `text`, together at most 50,000 bytes.
    #[doc = example!(r#"use serde_json::json;
let email = client.emails().create(json!({ "user_id": "user_1" }), json!({ "address": "shop@example.com" }), "Your receipt");
email.text("Thank you.").idempotency_key("order_7_receipt").idempotent().send().await?;"#)]
    POST "/email" CreateEmail
    create(; to: Value, from: Value, subject: String [..=998 characters]) headers {
        /// With the same key and the same email, Clerk sends no second one, so that the call is `idempotent()`. Only
        /// ASCII letters, digits, `-` and `_`.
        idempotency_key = "Idempotency-Key": String [1..=255 characters],
    } {
        reply_to: Value, html: String, text: String, cc: Vec<String> [..=49 items], bcc: Vec<String> [..=49 items],
        headers: Value,
        /// Each `{"filename": .., "content": ..}`, the content in base64.
        attachments: Value [..=10 items],
    } -> Email;

    /// Sends several emails: each succeeds or fails on its own, and keeps its idempotency key.
    #[doc = example!(r#"use serde_json::json;
let emails = client.emails();
let both = ["user_1", "user_2"].map(|id| {
    let email = emails.create(json!({ "user_id": id }), json!({ "address": "shop@example.com" }), "News");
    email.text("We have moved.").idempotency_key(format!("moved_{id}"))
});
for result in emails.create_batch(both).send().await? {
    println!("{} {:?}", result.index, result.errors);
}"#)]
    POST "/email/batch" CreateEmailBatch
    create_batch() bulk CreateEmail in messages [1..=100 items] -> Vec<EmailResult>;

    /// Gets an email with its status.
    #[doc = example!(r#"let status = client.emails().get("ema_1").send().await?.status;"#)]
    GET "/email/{email_id}" GetEmail
    get(email_id) -> Email;
}}
