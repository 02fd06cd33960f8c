//! `/authorize`: the page where the user chooses an account at a provider.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use maud::html;
use serde::Deserialize;
use url::Url;

use super::{
    grants::{CodeGrant, Grant},
    person::Person,
};
use crate::{
    http::{PageError, check_same_site, render_page, see_other},
    loopback, pkce,
    shared::Shared,
    store::Provider,
};

/// The longest state or nonce that is sent back, in bytes.
const MAX_LENGTH: usize = 2_000;

/// The request of [OpenID Connect Core, section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest),
/// with PKCE.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OidcRequest {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
    login_hint: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct PersonForm {
    /// The index of a suggestion, `typed` or `deny`.
    choice: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    /// Present when the box is ticked.
    email_verified: Option<String>,
    #[serde(flatten)]
    request: OidcRequest,
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    provider: Provider,
    Query(request): Query<OidcRequest>,
) -> Result<Response, PageError> {
    let target = request.target(&shared, &provider)?;
    match request.check() {
        Ok(()) => Ok(choices(&provider, &request)),
        Err(code) => Ok(request.redirect_back(target, ("error", code))),
    }
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    provider: Provider,
    headers: HeaderMap,
    Form(form): Form<PersonForm>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared.allowed_origins)?;
    let request = &form.request;
    let target = request.target(&shared, &provider)?;
    if let Err(code) = request.check() {
        return Ok(request.redirect_back(target, ("error", code)));
    }
    if form.choice == "deny" {
        return Ok(request.redirect_back(target, ("error", "access_denied")));
    }
    let person = form.person().ok_or(PageError(StatusCode::BAD_REQUEST, "this is not an e-mail address"))?;
    tracing::info!(target: "clerk_local", %provider, subject = person.subject(&provider), "signed in at a provider");
    let code = CodeGrant {
        grant: Grant { provider, person, scope: request.scope.clone() },
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
    };
    let code = shared.identity_provider.grants().add_code(code, shared.clock.now());
    Ok(request.redirect_back(target, ("code", &code)))
}

impl OidcRequest {
    /// The `redirect_uri`, if this is the provider's client and the address is allowed: nothing is sent to any other.
    fn target(&self, shared: &Shared, provider: &Provider) -> Result<Url, PageError> {
        if self.client_id != provider.client_id() {
            return Err(PageError(StatusCode::BAD_REQUEST, "this provider has no client with this client_id"));
        }
        loopback::allowed_redirect(&self.redirect_uri, &shared.allowed_origins)
            .filter(|url| url.fragment().is_none())
            .ok_or(PageError(
                StatusCode::BAD_REQUEST,
                "redirect_uri must be a loopback address, or of an origin that was allowed with allow_redirect_origin",
            ))
    }

    /// Checks the rest of the request; the error is an OAuth error code.
    fn check(&self) -> Result<(), &'static str> {
        if self.response_type != "code" {
            return Err("unsupported_response_type");
        }
        if !self.scope.split(' ').any(|scope| scope == "openid") {
            return Err("invalid_scope");
        }
        let short = [&self.state, &self.nonce, &self.scope].iter().all(|text| text.len() <= MAX_LENGTH);
        let proof = pkce::is_challenge(&self.code_challenge, &self.code_challenge_method);
        if short && proof { Ok(()) } else { Err("invalid_request") }
    }

    fn redirect_back(&self, mut target: Url, (name, value): (&str, &str)) -> Response {
        target.query_pairs_mut().append_pair(name, value);
        if !self.state.is_empty() && self.state.len() <= MAX_LENGTH {
            target.query_pairs_mut().append_pair("state", &self.state);
        }
        see_other(target.as_str(), &[])
    }
}

impl PersonForm {
    fn person(&self) -> Option<Person> {
        if self.choice == "typed" {
            return Person::from_form(&self.email, &self.first_name, &self.last_name, self.email_verified.is_some());
        }
        let index: usize = self.choice.parse().ok()?;
        Person::suggestions().into_iter().nth(index)
    }
}

fn choices(provider: &Provider, request: &OidcRequest) -> Response {
    let hidden = html! {
        @for (name, value) in [
            ("client_id", &request.client_id), ("redirect_uri", &request.redirect_uri),
            ("response_type", &request.response_type), ("scope", &request.scope), ("state", &request.state),
            ("nonce", &request.nonce), ("code_challenge", &request.code_challenge),
            ("code_challenge_method", &request.code_challenge_method),
        ] { input type="hidden" name=(name) value=(value); }
    };
    render_page(
        StatusCode::OK,
        &format!("Sign in with {}", provider.title()),
        &html! {
            p { "This page stands for the provider " code { (provider) } ". Choose an account." }
            form method="post" action="authorize" {
                (hidden)
                ul {
                    @for (index, person) in Person::suggestions().iter().enumerate() {
                        li {
                            button name="choice" value=(index) {
                                (person.first_name) " " (person.last_name)
                                small {
                                    (person.email)
                                    @if !person.email_verified { ", an address that the provider has not verified" }
                                }
                            }
                        }
                    }
                }
            }
            h2 { "Or use another account" }
            form method="post" action="authorize" {
                (hidden)
                p { label { "E-mail address " input type="email" name="email" required value=(request.login_hint); } }
                p { label { "First name " input name="first_name"; } }
                p { label { "Last name " input name="last_name"; } }
                p { label { input type="checkbox" name="email_verified" checked; " The provider has verified the address" } }
                button name="choice" value="typed" { "Continue" }
            }
            form method="post" action="authorize" {
                (hidden)
                p { button name="choice" value="deny" { "Deny: go back without signing in" } }
            }
            p.note { "You will return to " code { (request.redirect_uri) } }
        },
    )
}
