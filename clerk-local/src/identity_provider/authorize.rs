//! `/authorize`: the page where somebody chooses who to be at a provider.

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

/// The longest state or nonce that is given back, in bytes.
const MAX_LENGTH: usize = 2_000;

/// The request of [OpenID Connect Core, section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest),
/// with PKCE.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
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
pub(super) struct Choice {
    /// The place of one of the people, `typed` or `deny`.
    choice: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    /// Sent when the box is ticked.
    email_verified: Option<String>,
    #[serde(flatten)]
    asked: Asked,
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    provider: Provider,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let target = asked.target(&shared, &provider)?;
    match asked.check() {
        Ok(()) => Ok(choices(&provider, &asked)),
        Err(code) => Ok(asked.back(target, ("error", code))),
    }
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    provider: Provider,
    headers: HeaderMap,
    Form(chosen): Form<Choice>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared)?;
    let asked = &chosen.asked;
    let target = asked.target(&shared, &provider)?;
    if let Err(code) = asked.check() {
        return Ok(asked.back(target, ("error", code)));
    }
    if chosen.choice == "deny" {
        return Ok(asked.back(target, ("error", "access_denied")));
    }
    let person = chosen.person().ok_or(PageError(StatusCode::BAD_REQUEST, "this is no e-mail address"))?;
    tracing::info!(target: "clerk_local", %provider, subject = person.subject(&provider), "signed in at a provider");
    let code = CodeGrant {
        grant: Grant { provider, person, scope: asked.scope.clone() },
        redirect_uri: asked.redirect_uri.clone(),
        code_challenge: asked.code_challenge.clone(),
        nonce: asked.nonce.clone(),
    };
    let code = shared.identity_provider.grants().code(code, shared.clock.now());
    Ok(asked.back(target, ("code", &code)))
}

impl Asked {
    /// The address to go back to, if this is the client, and a browser may be sent there: nothing is sent to any other.
    fn target(&self, shared: &Shared, provider: &Provider) -> Result<Url, PageError> {
        if self.client_id != provider.client_id() {
            return Err(PageError(StatusCode::BAD_REQUEST, "this provider has no client with this client_id"));
        }
        loopback::checked(&self.redirect_uri, &shared.allowed_origins).filter(|url| url.fragment().is_none()).ok_or(
            PageError(
                StatusCode::BAD_REQUEST,
                "redirect_uri must be a loopback address, or of an origin that was allowed with allow_redirect_origin",
            ),
        )
    }

    /// Whether the rest of the request is in order.
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

    fn back(&self, mut target: Url, (name, value): (&str, &str)) -> Response {
        target.query_pairs_mut().append_pair(name, value);
        if !self.state.is_empty() && self.state.len() <= MAX_LENGTH {
            target.query_pairs_mut().append_pair("state", &self.state);
        }
        see_other(target.as_str(), &[])
    }
}

impl Choice {
    fn person(&self) -> Option<Person> {
        if self.choice == "typed" {
            return Person::typed(&self.email, &self.first_name, &self.last_name, self.email_verified.is_some());
        }
        let index: usize = self.choice.parse().ok()?;
        Person::known().into_iter().nth(index)
    }
}

fn choices(provider: &Provider, asked: &Asked) -> Response {
    let hidden = html! {
        @for (name, value) in [
            ("client_id", &asked.client_id), ("redirect_uri", &asked.redirect_uri),
            ("response_type", &asked.response_type), ("scope", &asked.scope), ("state", &asked.state),
            ("nonce", &asked.nonce), ("code_challenge", &asked.code_challenge),
            ("code_challenge_method", &asked.code_challenge_method),
        ] { input type="hidden" name=(name) value=(value); }
    };
    render_page(
        StatusCode::OK,
        &format!("Sign in with {}", provider.title()),
        &html! {
            p { "This page stands for the provider " code { (provider) } ". Choose who you are there." }
            form method="post" action="authorize" {
                (hidden)
                ul {
                    @for (index, person) in Person::known().iter().enumerate() {
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
            h2 { "Or be somebody else" }
            form method="post" action="authorize" {
                (hidden)
                p { label { "E-mail address " input type="email" name="email" required value=(asked.login_hint); } }
                p { label { "First name " input name="first_name"; } }
                p { label { "Last name " input name="last_name"; } }
                p { label { input type="checkbox" name="email_verified" checked; " The provider has verified the address" } }
                button name="choice" value="typed" { "Continue" }
            }
            form method="post" action="authorize" {
                (hidden)
                p { button name="choice" value="deny" { "Deny: go back without signing in" } }
            }
            p.note { "You will return to " code { (asked.redirect_uri) } }
        },
    )
}
