//! The pages' HTML.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use super::oauth::AuthorizeRequest;
use crate::{
    http::render_page,
    shared::Shared,
    store::{OAuthClient, Store, User},
};

pub(super) fn sign_in(shared: &Shared, target: &str) -> Response {
    let store = shared.store();
    render_page(
        StatusCode::OK,
        "Sign in as",
        &html! {
            form method="post" action="sign-in" {
                input type="hidden" name="redirect_url" value=(form_target(target));
                ul {
                    @for user in store.users.iter() {
                        li { button name="user_id" value=(user.id) { (user.name()) (user_summary(&store, user)) } }
                    }
                }
            }
            @if target != "/" { p.note { "You will return to " code { (target) } } }
        },
    )
}

pub(super) fn sign_out(target: &str) -> Response {
    render_page(
        StatusCode::OK,
        "Sign out",
        &html! {
            form method="post" action="sign-out" {
                input type="hidden" name="redirect_url" value=(form_target(target));
                button { "Sign out of this browser" }
            }
        },
    )
}

pub(super) fn authorize(shared: &Shared, client: &OAuthClient, request: &AuthorizeRequest) -> Response {
    let store = shared.store();
    let name = if client.name.is_empty() { &client.id } else { &client.name };
    render_page(
        StatusCode::OK,
        "Authorize an application",
        &html! {
            p {
                code { (name) } " wants to act as one of the instance's users"
                @if !request.resource.is_empty() { " at " code { (request.resource) } }
                @if !request.scope.is_empty() { ", with " code { (request.scope) } }
                ". Choose whose access it gets, or close this page."
            }
            form method="post" action="authorize" {
                @for (name, value) in [
                    ("client_id", &request.client_id), ("redirect_uri", &request.redirect_uri),
                    ("response_type", &request.response_type), ("scope", &request.scope), ("state", &request.state),
                    ("code_challenge", &request.code_challenge),
                    ("code_challenge_method", &request.code_challenge_method), ("resource", &request.resource),
                ] { input type="hidden" name=(name) value=(value); }
                ul {
                    @for user in store.users.iter().filter(|user| store.tasks_after_sign_in(user).is_empty()) {
                        li { button name="user_id" value=(user.id) { (user.name()) (user_summary(&store, user)) } }
                    }
                }
            }
            p.note { "You will return to " code { (request.redirect_uri) } }
        },
    )
}

/// The form's value for a target; empty for the home page.
fn form_target(target: &str) -> &str {
    if target == "/" { "" } else { target }
}

fn user_summary(store: &Store, user: &User) -> Markup {
    let places: Vec<String> = store
        .memberships_of(&user.id)
        .filter_map(|membership| {
            let organization = store.organizations.get(&membership.organization_id)?;
            Some(format!(
                "{} in {}",
                membership.role.strip_prefix("org:").unwrap_or(&membership.role),
                organization.name
            ))
        })
        .collect();
    html! {
        small {
            @if !store.tasks_after_sign_in(user).is_empty() { "has a task left to do, so counts as signed out" }
            @else if places.is_empty() { "no organization" }
            @else { (places.join(", ")) }
        }
    }
}
