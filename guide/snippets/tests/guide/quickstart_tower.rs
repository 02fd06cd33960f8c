//! Page "tower and hyper".

#![allow(dead_code, reason = "the tests run the service; `main` would need a free port 3000")]

use clerk_local::LocalClerk;
use tower::ServiceExt as _;

// ANCHOR: service
use std::convert::Infallible;

use clerk_tower::{Clerk, ClerkLayer, Denied, FromAuth, UserId, auth_state, refusal};
use http::{Request, Response};

fn me<B>(request: &Request<B>) -> Result<Response<String>, Denied> {
    let user = UserId::from_auth(auth_state(request.extensions())?)?;
    Ok(Response::new(format!("you are {user}\n")))
}

async fn respond<B>(request: Request<B>) -> Result<Response<String>, Infallible> {
    Ok(me(&request).unwrap_or_else(|denied| refusal(&denied)))
}
// ANCHOR_END: service

// ANCHOR: serve
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clerk = Clerk::from_env()?; // CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY
    let service = tower::ServiceBuilder::new().layer(ClerkLayer::new(clerk)).service_fn(respond::<Incoming>);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await });
    }
}
// ANCHOR_END: serve

#[tokio::test]
async fn a_token_gets_200_and_none_gets_401() -> crate::running::Outcome {
    let local = LocalClerk::start().await?;
    let layer = ClerkLayer::new(local.clerk_builder()?.build()?);
    let service = tower::ServiceBuilder::new().layer(layer).service_fn(respond::<String>);
    let token = local.token("alice")?.mint();
    let request = Request::get("/me").header("authorization", format!("Bearer {token}")).body(String::new())?;
    assert_eq!(service.clone().oneshot(request).await?.status(), 200);
    assert_eq!(service.oneshot(Request::get("/me").body(String::new())?).await?.status(), 401);
    Ok(())
}
