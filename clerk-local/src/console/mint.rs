//! `GET /mint`: a token with chosen claims, also as a curl command.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use maud::html;
use serde::Deserialize;
use url::Url;

use super::{
    api::{MintRequest, mint},
    page::page as layout,
};
use crate::shared::Shared;

/// The form of the page; nothing is minted until a user is chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MintForm {
    user: String,
    organization: String,
    claims: String,
    lifetime: String,
    url: String,
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, Query(form): Query<MintForm>) -> Response {
    let token = if form.user.is_empty() { None } else { Some(form.mint(&shared)) };
    let url = if form.url.is_empty() { "http://localhost:3000/" } else { &form.url };
    let store = shared.store();
    let content = html! {
        @match &token {
            Some(Ok(token)) => {
                p { label { "Token" textarea readonly { (token) } } }
                p { label { "As a command" textarea readonly { "curl -i -H 'Authorization: Bearer " (token) "' '" (url.replace('\'', "%27")) "'" } } }
            }
            Some(Err(problem)) => p role="alert" { (problem) },
            None => {}
        }
        form.fields method="get" action="/mint" {
            label { "User" select name="user" autofocus required {
                @for user in store.users.iter() {
                    option value=(user.id) selected[user.id == form.user] { (user.name()) " · " (user.identifier()) }
                }
            } }
            label { "Organization" select name="organization" {
                option value="" { "The user's first" }
                option value="none" selected[form.organization == "none"] { "None: the personal account" }
                @for organization in store.organizations.iter() {
                    option value=(organization.slug) selected[form.organization == organization.slug] { (organization.name) }
                }
            } }
            label { "Lifetime in seconds" input name="lifetime" type="number" placeholder="60" value=(form.lifetime); }
            label { "More claims, in JSON" textarea name="claims" placeholder="{\"department\": \"sales\"}" { (form.claims) } }
            label { "Address in the command" input name="url" type="url" placeholder="http://localhost:3000/" value=(form.url); }
            button { "Mint" }
        }
    };
    layout(StatusCode::OK, "/mint", "Mint a token", &content)
}

impl MintForm {
    fn mint(&self, shared: &Shared) -> Result<String, String> {
        let claims = match self.claims.trim() {
            "" => serde_json::Map::new(),
            text => serde_json::from_str(text).map_err(|error| format!("The claims are not a JSON object: {error}"))?,
        };
        let lifetime = match self.lifetime.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| format!("{text} is not a number of seconds"))?),
        };
        let organization = Some(self.organization.clone()).filter(|name| !name.is_empty());
        // The token is for the app at the address in the command.
        let origin = Url::parse(&self.url).ok().map(|url| url.origin().ascii_serialization());
        mint(shared, MintRequest { user: self.user.clone(), organization, claims, lifetime, origin })
    }
}
