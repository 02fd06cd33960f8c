//! `GET /organizations/{id}`: one organization, its members and its invitations.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use maud::html;

use super::page::page as layout;
use crate::{http::PageError, shared::Shared};

pub(super) async fn page(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Result<Response, PageError> {
    let store = shared.store();
    let organization =
        store.organization(&id).ok_or(PageError(StatusCode::NOT_FOUND, "the instance has no such organization"))?;
    let invitations =
        store.organization_invitations.iter().filter(|invitation| invitation.organization_id == organization.id);
    let content = html! {
        dl {
            dt { "Id" } dd { code { (organization.id) } }
            dt { "Slug" } dd { (organization.slug) }
            @if let Some(plan) = &organization.plan { dt { "Plan" } dd { (plan) } }
            @if !organization.features.is_empty() { dt { "Features" } dd { (organization.features.join(", ")) } }
        }
        h2 { "Members" }
        div.wide {
            table {
                thead { tr { th { "User" } th { "Role" } th { "Permissions" } } }
                tbody {
                    @for membership in store.members_of(&organization.id) {
                        @if let Some(user) = store.users.get(&membership.user_id) {
                            tr {
                                td { a href={ "/users/" (user.id) } { (user.name()) } br; small { (user.identifier()) } }
                                td { (membership.role) }
                                td { small { (store.permissions(membership).join(", ")) } }
                            }
                        }
                    }
                }
            }
        }
        h2 { "Invitations" }
        ul { @for one in invitations { li { (one.email_address) " as " (one.role) " " span.mark { (one.status) } } } }
    };
    Ok(layout(StatusCode::OK, "/", &organization.name, &content))
}
