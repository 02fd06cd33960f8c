//! Pages that a browser opens. A browser whose session has expired is redirected to Clerk and back.

use bytes::Bytes;
use clerk_tower::{AuthState, Denied, FromAuth, Organization};
use example_site::{Page, Site};
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

use crate::{ADMIN, HttpResponse};

/// The page of this path, or the refusal as a page.
pub(super) fn respond(site: &Site, path: &str, auth: &AuthState) -> HttpResponse {
    find_page(site, path, auth).unwrap_or_else(|denied| refuse(site, &denied))
}

fn find_page(site: &Site, path: &str, auth: &AuthState) -> Result<HttpResponse, Denied> {
    Ok(to_response(match path {
        "/" => site.home(auth.session().ok()),
        "/members" => site.members(&Organization::from_auth(auth)?),
        "/admin" => {
            auth.session()?.require(&ADMIN)?;
            site.admins()
        }
        _ => Page { status: 404, html: "not found".to_owned() },
    }))
}

/// The response keeps the `Denied`, so that the layer can redirect a browser to the sign-in page instead.
fn refuse(site: &Site, denied: &Denied) -> HttpResponse {
    let mut response = to_response(site.error_page(denied));
    response.extensions_mut().insert(denied.clone());
    response
}

fn to_response(page: Page) -> HttpResponse {
    let mut response = Response::new(Full::from(Bytes::from(page.html)));
    *response.status_mut() = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
