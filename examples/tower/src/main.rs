//! A protected app on plain hyper and tower: `cargo run -p example-tower`.

use std::{convert::Infallible, error::Error, io::Write, process::ExitCode, sync::Arc};

use bytes::Bytes;
use clerk_tower::{
    ClerkLayer, auth_state,
    core::{Denied, FromAuth, Organization, Policy, Session},
    refusal,
};
use example_site::{Page, Site};
use http::{Request, Response, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use serde_json::json;

type Answer = Response<Full<Bytes>>;

/// The whole app: what a router would choose by type, a match chooses by hand.
fn answer(site: &Site, admins: &Policy, request: &Request<Incoming>) -> Answer {
    let path = request.uri().path();
    route(site, admins, path, request)
        .unwrap_or_else(|denied| if path.starts_with("/api/") { refusal(&denied) } else { show(site.refused(&denied)) })
}

fn route(site: &Site, admins: &Policy, path: &str, request: &Request<Incoming>) -> Result<Answer, Denied> {
    let state = auth_state(request.extensions())?;
    Ok(match path {
        "/" => show(site.home(state.session().ok())),
        "/members" => show(site.members(&Organization::from_auth(state)?)),
        "/admin" => {
            state.session()?.require(admins)?;
            show(site.admins())
        }
        "/api/me" => {
            let session = Session::from_auth(state)?;
            let body = json!({
                "user": session.user_id(),
                "organization": session.org_id(),
                "role": session.organization().and_then(Organization::role),
            });
            typed("application/json", body.to_string())
        }
        "/api/admin" => {
            state.session()?.require(admins)?;
            typed("text/plain", "only admins see this\n".to_owned())
        }
        _ => {
            let mut response = typed("text/plain", "not found\n".to_owned());
            *response.status_mut() = http::StatusCode::NOT_FOUND;
            response
        }
    })
}

fn typed(content_type: &'static str, body: String) -> Answer {
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
    response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}

fn show(page: Page) -> Answer {
    let mut response = typed("text/html; charset=utf-8", page.html);
    *response.status_mut() = http::StatusCode::from_u16(page.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let site = Arc::new(Site::start(port).await?);
    write!(std::io::stdout(), "{}", site.instructions()?)?;
    let admins = Arc::new(Policy::role("org:admin")?);
    // Browsers whose session is unsettled go through Clerk's handshake; callers that are no browsers never do.
    let clerk = ClerkLayer::pages(site.clerk().clone())?;
    let service = tower::ServiceBuilder::new().layer(clerk).service_fn(move |request: Request<Incoming>| {
        let answer = answer(&site, &admins, &request);
        async move { Ok::<_, Infallible>(answer) }
    });
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            // A connection that breaks is the client's affair.
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
