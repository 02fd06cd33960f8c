//! `GET /outbox`: the messages that the instance "sent", with the codes and links in them.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use maud::html;

use super::page::{ago, page as layout};
use crate::shared::Shared;

/// How many messages the page shows, the latest first.
const MAX_ROWS: usize = 50;

pub(super) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let messages = shared.store().outbox.all();
    let now = shared.clock.now();
    layout(
        StatusCode::OK,
        "/outbox",
        "Outbox",
        &html! {
            p.note { "E-mails and text messages are shown here only. Reload the page to see new ones." }
            div.wide {
                table {
                    thead { tr { th { "To" } th { "Message" } th { "Code or link" } th { "Sent" } } }
                    tbody {
                        @for message in messages.iter().rev().take(MAX_ROWS) {
                            tr {
                                td { (message.to) }
                                td { (message.subject.as_deref().unwrap_or("Text message")) br; small { (message.body) } }
                                td {
                                    @if let Some(code) = &message.code { code { strong { (code) } } }
                                    @if let Some(link) = &message.link { a href=(link) { "Open the link" } }
                                }
                                td { (ago(message.sent_at, now)) }
                            }
                        }
                        @if messages.is_empty() { tr { td colspan="4" { "Nothing was sent yet." } } }
                    }
                }
            }
        },
    )
}
