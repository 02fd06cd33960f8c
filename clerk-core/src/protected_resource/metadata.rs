//! [`Document`]: the metadata that tells clients how to get a token, and the response with it.

use std::sync::Arc;

use serde::Serialize;

use crate::base::http_response::HttpResponse;

/// The allowed methods.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// Protected resource metadata, its members named as in
/// [RFC 9728, section 2](https://www.rfc-editor.org/rfc/rfc9728#section-2).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Document {
    pub(crate) resource: Box<str>,
    pub(crate) authorization_servers: Vec<Box<str>>,
    pub(crate) bearer_methods_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes_supported: Vec<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource_name: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource_documentation: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource_policy_uri: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource_tos_uri: Option<Box<str>>,
}

impl Document {
    pub(crate) fn render(&self) -> Arc<str> {
        // Strings and lists of strings always serialize.
        serde_json::to_string(self).unwrap_or_default().into()
    }
}

/// Builds the response to a request for the document. Clients have no credentials yet, so every origin may read it.
pub(crate) fn respond(method: &str, document: &str) -> HttpResponse {
    let response = |status| HttpResponse::new(status).with_header("access-control-allow-origin", "*");
    match method {
        // The server omits the body for HEAD.
        "GET" | "HEAD" => response(200)
            .with_header("content-type", "application/json")
            .with_header("cache-control", "public, max-age=3600")
            .with_body(document.to_owned()),
        "OPTIONS" => response(204)
            .with_header("access-control-allow-methods", METHODS)
            // MCP clients in browsers send custom headers.
            .with_header("access-control-allow-headers", "*")
            .with_header("access-control-max-age", "86400"),
        _ => response(405).with_header("allow", METHODS),
    }
}
