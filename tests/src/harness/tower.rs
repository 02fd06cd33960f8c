//! The routes in plain hyper and tower.

use std::convert::Infallible;

use bytes::Bytes;
use clerk_tower::{
    ClerkLayer, RequireAuthLayer, auth_state,
    clerk_core::{ApiKey, Authenticator, Caller, CustomClaims, Denied, FromAuth, OrgId, Policy, UserId},
    refusal,
};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tower::{Layer, ServiceExt};

use super::{Custom, policies};

fn handle(path: &str, request: &Request<Incoming>) -> Result<String, Denied> {
    let state = auth_state(request.extensions())?;
    Ok(match path {
        "/me" => UserId::from_auth(state)?.to_string(),
        "/maybe" => UserId::from_auth_if_signed_in(state)?.map_or("signed out".to_owned(), String::from),
        "/caller" => Caller::from_auth(state)?.token_type().as_str().to_owned(),
        "/machine" => ApiKey::from_auth(state)?.subject().to_owned(),
        "/organization" => <(UserId, OrgId)>::from_auth(state)?.1.to_string(),
        "/custom" => CustomClaims::<Custom>::from_auth(state)?.0.favourite_number.to_string(),
        _ => "admin".to_owned(),
    })
}

async fn respond(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().trim_start_matches("/unlayered").to_owned();
    let guarded = match path.strip_prefix("/policy/") {
        Some(name) => {
            policies().into_iter().find(|(known, _)| *known == name).map(|(_, requirement)| (requirement, "allowed"))
        }
        None => (path == "/admin").then(|| (Policy::role("org:admin").into(), "admin")),
    };
    if let Some((requirement, text)) = guarded {
        let inner =
            tower::service_fn(async |_: Request<Incoming>| Ok::<_, Infallible>(Response::new(Full::from(text))));
        let (parts, body) = RequireAuthLayer::new(requirement).layer(inner).oneshot(request).await?.into_parts();
        return Ok(Response::from_parts(parts, Full::from(body.collect().await?.to_bytes())));
    }
    Ok(handle(&path, &request).map_or_else(|denied| refusal(&denied), |text| Response::new(Full::from(text))))
}

pub fn serve(listener: std::net::TcpListener, authenticator: Authenticator) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let layered = ClerkLayer::new(authenticator).layer(tower::service_fn(respond));
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let layered = layered.clone();
        async move {
            if request.uri().path().starts_with("/unlayered") {
                Ok(respond(request).await?.map(http_body_util::Either::Left))
            } else {
                Ok::<_, Infallible>(layered.oneshot(request).await?.map(http_body_util::Either::Right))
            }
        }
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
}
