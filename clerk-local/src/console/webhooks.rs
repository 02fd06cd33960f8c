//! The page of the webhooks: messages, the answers to them, and a button to send them again.

use std::sync::Arc;

use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use maud::html;
use serde::Deserialize;

use super::page::page as layout;
use crate::{
    http::{PageError, check_same_site, see_other},
    shared::Shared,
    webhooks::WebhookAttempt,
};

/// How many messages the page shows.
const MAX_ROWS: usize = 50;

pub(super) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let (endpoints, messages) = (shared.webhooks.endpoints(), shared.webhooks.messages());
    layout(
        StatusCode::OK,
        "/webhooks",
        "Webhooks",
        &html! {
            @if endpoints.is_empty() { p { "No endpoint is set, so nothing is sent: " code { "--webhook-endpoint http://localhost:3000/webhooks" } } }
            ul { @for endpoint in &endpoints { li { code { (endpoint) } } } }
            form method="post" action="/webhooks" {
                div.wide {
                    table {
                        thead { tr { th { "Message" } th { "Answers" } th { } } }
                        tbody {
                            @for message in messages.iter().rev().take(MAX_ROWS) {
                                tr {
                                    td { (message.event_type()) br; small { code { (message.id()) } } }
                                    td { (attempt_summary(message.attempts())) }
                                    td { button name="id" value=(message.id()) { "Send again" } }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn attempt_summary(attempts: &[WebhookAttempt]) -> String {
    let answers: Vec<String> = attempts
        .iter()
        .map(|attempt| attempt.status().map_or("no answer".to_owned(), |status| status.to_string()))
        .collect();
    if answers.is_empty() { "no answer yet".to_owned() } else { answers.join(", ") }
}

#[derive(Debug, Deserialize)]
pub(super) struct RedeliverForm {
    id: String,
}

pub(super) async fn redeliver(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<RedeliverForm>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared.allowed_origins)?;
    if !shared.webhooks.redeliver(&form.id) {
        return Err(PageError(StatusCode::NOT_FOUND, "this message is no longer stored"));
    }
    Ok(see_other("webhooks", &[]))
}
