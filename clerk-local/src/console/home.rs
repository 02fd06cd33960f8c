//! `GET /`: the users, the organizations and what an app needs to know.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use clerk_core::time::Timestamp;
use maud::{Markup, html};

use super::page::{ago, page as layout};
use crate::{
    shared::Shared,
    store::{Store, User},
};

/// How many users and organizations the page shows.
const MAX_ROWS: usize = 200;

pub(super) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let now = shared.clock.now();
    let store = shared.store();
    let signed_in = store.sessions.iter().filter(|session| session.is_live(now)).count();
    layout(
        StatusCode::OK,
        "/",
        "Users",
        &html! {
            div.wide {
                table {
                    thead { tr { th { "User" } th { "Organizations" } th { "Last sign-in" } th { } } }
                    tbody {
                        @for user in store.users.iter().take(MAX_ROWS) {
                            tr {
                                td {
                                    a href={ "/users/" (user.id) } { (user.name()) } " " (status_marks(user, now)) br;
                                    small { (user.identifier()) }
                                }
                                td { (organization_links(&store, user)) }
                                td { (user.last_sign_in_at.map_or_else(|| "never".to_owned(), |at| ago(at, now))) }
                                td {
                                    form method="post" action="/sign-in" {
                                        button name="user_id" value=(user.id) title={ "Sign this browser in as " (user.name()) } { "Sign in as" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if store.users.len() > MAX_ROWS { p.note { "The first " (MAX_ROWS) " of " (store.users.len()) " users." } }
            p.note { (signed_in) " signed-in sessions · " a href="/sign-in" { "Sign in" } " · " a href="/sign-out" { "Sign out of this browser" } }
            h2 { "Organizations" }
            div.wide {
                table {
                    thead { tr { th { "Organization" } th { "Members" } th { "Plan" } } }
                    tbody {
                        @for organization in store.organizations.iter().take(MAX_ROWS) {
                            tr {
                                td { a href={ "/organizations/" (organization.id) } { (organization.name) } " " small { (organization.slug) } }
                                td { (store.members_of(&organization.id).count()) }
                                td { (organization.plan.as_deref().unwrap_or("none")) }
                            }
                        }
                    }
                }
            }
            h2 { "For your app" }
            dl { dt { "Publishable key" } dd { code { (shared.publishable_key) } } }
        },
    )
}

/// Marks of a user: banned, locked, pending.
pub(super) fn status_marks(user: &User, now: Timestamp) -> Markup {
    html! {
        @if user.banned { span.mark { "banned" } }
        @if user.is_locked(now) { span.mark { "locked" } }
        @if user.pending { span.mark title="counts as signed out" { "has a task left to do" } }
    }
}

fn organization_links(store: &Store, user: &User) -> Markup {
    let places = store.memberships_of(&user.id).filter_map(|membership| {
        let role = membership.role.strip_prefix("org:").unwrap_or(&membership.role).to_owned();
        Some((role, store.organizations.get(&membership.organization_id)?))
    });
    html! {
        @for (index, (role, organization)) in places.enumerate() {
            @if index > 0 { ", " }
            (role) " in " a href={ "/organizations/" (organization.id) } { (organization.name) }
        }
    }
}
