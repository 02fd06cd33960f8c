//! A page of HTML, with the headers that keep it from doing harm.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Where the forms of a page may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forms {
    /// To the instance itself.
    Here,
    /// On to an app: browsers hold `form-action` against every redirect on the way.
    Apps,
}

/// A page with this style and body. No script runs in it, and no frame holds it: a click here signs somebody in.
pub(crate) fn document(status: StatusCode, title: &str, style: &str, forms: Forms, body: &Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · clerk-local" }
                style { (PreEscaped(style)) }
            }
            body { (body) }
        }
    };
    let policy = match forms {
        Forms::Here => {
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        }
        Forms::Apps => "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, markup.into_string()).into_response()
}
