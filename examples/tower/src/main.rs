//! A protected app on hyper and tower alone: `cargo run -p example-tower`.
//!
//! This file is what an app needs. `pages.rs` adds pages; the package `site` starts a Clerk instance on this machine,
//! and prints commands to try.

mod pages;

use std::{convert::Infallible, error::Error, sync::LazyLock};

use bytes::Bytes;
use clerk_tower::{Clerk, ClerkLayer, Denied, Policy, auth_state, refusal};
use example_site::Site;
use http::{Request, Response};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};

type HttpResponse = Response<Full<Bytes>>;

static ADMIN: LazyLock<Policy> = LazyLock::new(|| Policy::role("org:admin"));

/// The routes: a `match` in place of a router. The layer has put its result, `auth`, into the request.
fn respond(site: &Site, request: &Request<Incoming>) -> Result<HttpResponse, Denied> {
    let auth = auth_state(request.extensions())?;
    let text = match request.uri().path() {
        "/api/hello" => match auth.session() {
            Ok(session) => format!("hello {}\n", session.user_id()),
            Err(_) => "hello stranger\n".to_owned(),
        },
        "/api/me" => format!("you are {}\n", auth.session()?.user_id()),
        "/api/admin" => {
            auth.session()?.require(&ADMIN)?;
            "only admins see this\n".to_owned()
        }
        path => return Ok(pages::respond(site, path, auth)),
    };
    Ok(Response::new(Full::from(text)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::start().await?;
    let clerk: Clerk = site.clerk().clone(); // in your app: `Clerk::from_env()?`
    let layer = ClerkLayer::pages(clerk)?; // `ClerkLayer::new(clerk)` for an API without pages
    let listener = tokio::net::TcpListener::from_std(site.listener()?)?;
    site.print_instructions()?;
    let service = tower::ServiceBuilder::new().layer(layer).service_fn(move |request: Request<Incoming>| {
        let response = respond(&site, &request).unwrap_or_else(|denied| refusal(&denied));
        async move { Ok::<_, Infallible>(response) }
    });
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        // A broken connection is not an error of the server.
        tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await });
    }
}
