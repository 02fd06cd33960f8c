//! The page of the webhooks: what was sent, what became of it, and a button to send it again.

use std::sync::Arc;

use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use maud::html;
use serde::Deserialize;

use super::{
    pages::{self, Refusal},
    same_site, see_other,
};
use crate::{shared::Shared, webhooks::WebhookAttempt};

/// How many messages the page shows.
const SHOWN: usize = 50;

pub(super) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let (endpoints, messages) = (shared.webhooks.endpoints(), shared.webhooks.messages());
    pages::page(
        StatusCode::OK,
        "Webhooks",
        &html! {
            @if endpoints.is_empty() { p { "No endpoint is set, so nothing is sent." } }
            ul { @for endpoint in &endpoints { li { code { (endpoint) } } } }
            h2 { "The latest messages" }
            form method="post" action="webhooks" {
                ul {
                    @for message in messages.iter().rev().take(SHOWN) {
                        li {
                            (message.event_type()) small { code { (message.id()) } " " (described(message.attempts())) }
                            button name="id" value=(message.id()) { "Send again" }
                        }
                    }
                }
            }
        },
    )
}

fn described(attempts: &[WebhookAttempt]) -> String {
    let answers: Vec<String> = attempts
        .iter()
        .map(|attempt| attempt.status().map_or("no answer".to_owned(), |status| status.to_string()))
        .collect();
    if answers.is_empty() { "no attempt is over yet".to_owned() } else { answers.join(", ") }
}

#[derive(Debug, Deserialize)]
pub(super) struct Again {
    id: String,
}

pub(super) async fn redeliver(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(again): Form<Again>,
) -> Result<Response, Refusal> {
    same_site(&headers, &shared)?;
    if !shared.webhooks.redeliver(&again.id) {
        return Err(Refusal(StatusCode::NOT_FOUND, "this message is not remembered any more"));
    }
    Ok(see_other("webhooks", &[]))
}
