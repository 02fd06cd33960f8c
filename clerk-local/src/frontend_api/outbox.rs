//! The outbox page: what the instance "sent", so that whoever signs up by hand finds the code.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use maud::html;

use super::pages;
use crate::{outbox::OutboxMessage, shared::Shared};

/// As many as one looks through.
const SHOWN: usize = 50;

pub(super) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let messages = shared.outbox().all();
    pages::page(
        StatusCode::OK,
        "Outbox",
        &html! {
            p { "E-mails and text messages go no further than here. Load the page again to see new ones." }
            @if messages.is_empty() { p { "Nothing was sent yet." } }
            ul { @for message in messages.iter().rev().take(SHOWN) { li { (shown(message)) } } }
        },
    )
}

fn shown(message: &OutboxMessage) -> maud::Markup {
    html! {
        strong { (message.subject.as_deref().unwrap_or("Text message")) }
        small { "to " (message.to) ", at " (message.sent_at.unix_millis()) " ms" }
        p { (message.body) }
        @if let Some(link) = &message.link { p { a href=(link) { "Open the link" } } }
    }
}
