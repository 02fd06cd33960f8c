//! A protected app on plain hyper and tower: `cargo run -p example-tower`.

use std::{convert::Infallible, error::Error, io::Write, process::ExitCode, sync::Arc};

use bytes::Bytes;
use clerk_tower::{
    ClerkLayer, auth_state,
    clerk_core::{Denied, FromAuth, Organization, Policy, Session},
    refusal,
};
use example_site::{Page, Site};
use http::{Request, Response, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use serde_json::json;

type HttpResponse = Response<Full<Bytes>>;

/// The whole app: a `match` in place of a router.
fn respond(site: &Site, admins: &Policy, request: &Request<Incoming>) -> HttpResponse {
    let path = request.uri().path();
    route(site, admins, path, request).unwrap_or_else(|denied| {
        if path.starts_with("/api/") { refusal(&denied) } else { page_response(site.error_page(&denied)) }
    })
}

fn route(site: &Site, admins: &Policy, path: &str, request: &Request<Incoming>) -> Result<HttpResponse, Denied> {
    let state = auth_state(request.extensions())?;
    Ok(match path {
        "/" => page_response(site.home(state.session().ok())),
        "/members" => page_response(site.members(&Organization::from_auth(state)?)),
        "/admin" => {
            state.session()?.require(admins)?;
            page_response(site.admins())
        }
        "/api/me" => {
            let session = Session::from_auth(state)?;
            let body = json!({
                "user": session.user_id(),
                "organization": session.org_id(),
                "role": session.organization().and_then(Organization::role),
            });
            text_response("application/json", body.to_string())
        }
        "/api/admin" => {
            state.session()?.require(admins)?;
            text_response("text/plain", "only admins see this\n".to_owned())
        }
        _ => {
            let mut response = text_response("text/plain", "not found\n".to_owned());
            *response.status_mut() = http::StatusCode::NOT_FOUND;
            response
        }
    })
}

fn text_response(content_type: &'static str, body: String) -> HttpResponse {
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
    response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}

fn page_response(page: Page) -> HttpResponse {
    let mut response = text_response("text/html; charset=utf-8", page.html);
    *response.status_mut() = http::StatusCode::from_u16(page.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let site = Arc::new(Site::start(port).await?);
    write!(std::io::stdout(), "{}", site.instructions()?)?;
    let admins = Arc::new(Policy::role("org:admin"));
    // A browser with an unknown session state is redirected to Clerk's handshake; other clients never are.
    let clerk = ClerkLayer::pages(site.clerk().clone())?;
    let service = tower::ServiceBuilder::new().layer(clerk).service_fn(move |request: Request<Incoming>| {
        let response = respond(&site, &admins, &request);
        async move { Ok::<_, Infallible>(response) }
    });
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            // A broken connection is not an error of the server.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
