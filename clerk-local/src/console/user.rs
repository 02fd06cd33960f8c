//! `/users/{id}`: one user, their sessions, and buttons to change both.

use std::sync::Arc;

use axum::{
    extract::{Form, Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use maud::html;
use serde::Deserialize;

use super::{
    home::status_marks,
    page::{ago, page as layout},
};
use crate::{
    changes::AccountChange,
    http::{PageError, check_same_site, see_other},
    shared::Shared,
    store::SessionEnd,
};

/// How many sessions the page shows, the latest first.
const MAX_ROWS: usize = 50;

pub(super) async fn page(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Result<Response, PageError> {
    let now = shared.clock.now();
    let store = shared.store();
    let user = store.user(&id).ok_or(PageError(StatusCode::NOT_FOUND, "the instance has no such user"))?;
    let sessions = store.sessions.iter().rev().filter(|session| session.user_id == user.id).take(MAX_ROWS);
    let content = html! {
        p { (status_marks(user, now)) }
        dl {
            dt { "Id" } dd { code { (user.id) } }
            @if let Some(username) = &user.username { dt { "Username" } dd { (username) } }
            @for address in &user.email_addresses {
                dt { "E-mail" } dd { (address.email_address) @if address.verified_by.is_none() { " " span.mark { "not verified" } } }
            }
            @for number in &user.phone_numbers {
                dt { "Phone" } dd { (number.phone_number) @if number.verified_by.is_none() { " " span.mark { "not verified" } } }
            }
            @for account in &user.external_accounts { dt { "Account" } dd { (account.provider) " " (account.email_address) } }
            dt { "Second factor" } dd { @if user.has_second_factor() { "on" } @else { "off" } }
            @if let Some(plan) = &user.plan { dt { "Plan" } dd { (plan) } }
            @for (name, metadata) in [("Public metadata", &user.public_metadata), ("Private metadata", &user.private_metadata), ("Unsafe metadata", &user.unsafe_metadata)] {
                @if !metadata.is_empty() { dt { (name) } dd { code { (serde_json::to_string(metadata).unwrap_or_default()) } } }
            }
        }
        p {
            form method="post" action="/sign-in" { button name="user_id" value=(user.id) { "Sign in as" } } " "
            form method="get" action="/mint" { button name="user" value=(user.id) { "Mint a token" } } " "
            form method="post" {
                @let (value, name) = if user.banned { ("unban", "Unban") } else { ("ban", "Ban") };
                button name="act" value=(value) { (name) } " "
                @let (value, name) = if user.is_locked(now) { ("unlock", "Unlock") } else { ("lock", "Lock") };
                button name="act" value=(value) { (name) }
            }
        }
        h2 { "Organizations" }
        ul {
            @for membership in store.memberships_of(&user.id) {
                @if let Some(organization) = store.organizations.get(&membership.organization_id) {
                    li { (membership.role) " in " a href={ "/organizations/" (organization.id) } { (organization.name) } }
                }
            }
        }
        h2 { "Sessions" }
        div.wide {
            table {
                thead { tr { th { "Session" } th { "Status" } th { "Last active" } th { } } }
                tbody {
                    @for session in sessions {
                        tr {
                            td { code { (session.id) } }
                            td { (store.status(session, now)) }
                            td { (ago(session.last_active_at, now)) }
                            td {
                                @if session.is_live(now) {
                                    form method="post" { button name="revoke" value=(session.id) { "Revoke" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(layout(StatusCode::OK, "/", &user.name(), &content))
}

/// The button that was clicked.
#[derive(Debug, Deserialize)]
pub(super) struct UserAction {
    act: Option<String>,
    revoke: Option<String>,
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(action): Form<UserAction>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared.allowed_origins)?;
    if let Some(session) = &action.revoke {
        shared.end_session(session, SessionEnd::Revoked);
    }
    let change = match action.act.as_deref() {
        Some("ban") => Some(AccountChange::Ban),
        Some("lock") => Some(AccountChange::Lock),
        Some("unban") => Some(AccountChange::Unban),
        Some("unlock") => Some(AccountChange::Unlock),
        _ => None,
    };
    let unknown = |_| PageError(StatusCode::NOT_FOUND, "the instance has no such user");
    if let Some(change) = change {
        shared.change_user(&id, change).map_err(unknown)?;
    }
    let user = shared.store().user(&id).map(|user| user.id.clone());
    let user = user.ok_or(PageError(StatusCode::NOT_FOUND, "the instance has no such user"))?;
    Ok(see_other(&format!("/users/{user}"), &[]))
}
