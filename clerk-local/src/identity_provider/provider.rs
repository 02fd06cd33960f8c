//! The [`Provider`] whose address a request names.

use std::collections::BTreeMap;

use axum::{
    extract::{FromRequestParts, Path},
    http::{StatusCode, request::Parts},
    response::Response,
};

use crate::{http::error_response, store::Provider};

impl<S: Send + Sync> FromRequestParts<S> for Provider {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let unknown =
            || error_response(StatusCode::NOT_FOUND, "resource_not_found", "no identity provider can have this name");
        let Path(names) =
            Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        let provider = match names.get("connection") {
            Some(connection) => Self::enterprise(connection),
            None => names.get("provider").and_then(|name| Self::social(name)),
        };
        provider.ok_or_else(unknown)
    }
}
