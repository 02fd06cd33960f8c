//! HTML pages, with restrictive security headers.

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
    /// Also on to an app: browsers check `form-action` at every redirect.
    Apps,
}

/// A page with this style and body. It forbids scripts and frames, because a click here signs a user in.
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

const STYLE: &str = "
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#666, #aaa); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } p.note, small { color: var(--soft); } ul { padding: 0; list-style: none; }
li { margin: .5rem 0; } code { overflow-wrap: anywhere; }
button { font: inherit; width: 100%; text-align: left; padding: .7rem 1rem; border: 1px solid var(--line);
  border-radius: .5rem; background: transparent; color: inherit; cursor: pointer; }
button:hover, button:focus-visible { border-color: #6c47ff; outline: 2px solid #6c47ff; }
small { display: block; }
";

pub(crate) fn render_page(status: StatusCode, title: &str, content: &Markup) -> Response {
    let body = html! {
        h1 { (title) }
        (content)
        p.note { "A local Clerk instance, for development and tests only." }
    };
    document(status, title, STYLE, Forms::Apps, &body)
}

/// An error page.
pub(crate) struct PageError(pub(crate) StatusCode, pub(crate) &'static str);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        render_page(self.0, "This does not work", &html! { p { (self.1) } })
    }
}
