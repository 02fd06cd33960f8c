//! `GET /requests`: requests to the Backend API, the latest first.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use maud::html;

use super::page::page as layout;
use crate::shared::Shared;

/// How many requests the page shows.
const MAX_ROWS: usize = 200;

pub(super) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let requests = shared.requests.all();
    layout(
        StatusCode::OK,
        "/requests",
        "Requests to the Backend API",
        &html! {
            div.wide {
                table {
                    thead { tr { th { "Request" } th { "Status" } th { "Took" } } }
                    tbody {
                        @for request in requests.iter().rev().take(MAX_ROWS) {
                            tr {
                                td { (request.method) " " code { (request.path) } }
                                td { (request.status) }
                                td { (request.duration.as_millis()) " ms" }
                            }
                        }
                        @if requests.is_empty() { tr { td colspan="3" { "No requests yet." } } }
                    }
                }
            }
        },
    )
}
