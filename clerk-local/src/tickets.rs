//! Tickets: signed texts in links that name an invitation, a sign-in token or an actor token.

use clerk_core::time::Timestamp;
use serde_json::json;

use crate::shared::Shared;

/// The kind of object that a ticket names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TicketKind {
    ActorToken,
    Invitation,
    OrganizationInvitation,
    SignInToken,
}

impl TicketKind {
    const ALL: [Self; 4] = [Self::ActorToken, Self::Invitation, Self::OrganizationInvitation, Self::SignInToken];

    const fn name(self) -> &'static str {
        match self {
            Self::ActorToken => "actor_token",
            Self::Invitation => "invitation",
            Self::OrganizationInvitation => "organization_invitation",
            Self::SignInToken => "sign_in_token",
        }
    }
}

/// The content of a ticket. The named object itself says whether it can still be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) kind: TicketKind,
    pub(crate) id: String,
    /// Where its link leads in the end.
    pub(crate) redirect_url: Option<String>,
}

impl Shared {
    /// Makes the ticket for an object; it is always the same one, until the signing key changes.
    pub(crate) fn ticket(
        &self,
        kind: TicketKind,
        id: &str,
        expires_at: Timestamp,
        redirect_url: Option<&str>,
    ) -> String {
        let mut claims = json!({"exp": expires_at.unix_seconds(), "sid": id, "st": kind.name()});
        if let Some(url) = redirect_url {
            claims["rurl"] = url.into();
        }
        self.sign(&claims)
    }

    /// The link that opens a ticket at the Frontend API.
    pub(crate) fn ticket_url(&self, ticket: &str) -> String {
        format!("{}/v1/tickets/accept?ticket={ticket}", self.frontend_api_url())
    }

    /// Reads a ticket of this instance that has not expired.
    pub(crate) fn read_ticket(&self, text: &str, now: Timestamp) -> Option<Ticket> {
        let claims = self.claims_of(text).filter(|claims| claims["exp"].as_i64() > Some(now.unix_seconds()))?;
        Some(Ticket {
            kind: TicketKind::ALL.into_iter().find(|kind| claims["st"] == kind.name())?,
            id: claims["sid"].as_str()?.to_owned(),
            redirect_url: claims["rurl"].as_str().map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::LocalClerk;

    #[tokio::test]
    async fn tickets_are_read_where_they_were_made() {
        let (local, other) = (LocalClerk::start().await.unwrap(), LocalClerk::start().await.unwrap());
        let at = Timestamp::from_unix_seconds;
        let ticket = local.shared.ticket(TicketKind::Invitation, "inv_1", at(1000), Some("http://localhost/?a=b"));
        let read = local.shared.read_ticket(&ticket, at(999)).unwrap();
        assert_eq!((read.kind, &*read.id), (TicketKind::Invitation, "inv_1"));
        assert_eq!(read.redirect_url.as_deref(), Some("http://localhost/?a=b"));
        assert_eq!(local.shared.read_ticket(&ticket, at(1000)), None, "it has expired");
        assert_eq!(other.shared.read_ticket(&ticket, at(999)), None, "another instance's");
        let claims = URL_SAFE_NO_PAD.encode(json!({"exp": 1000, "sid": "inv_2", "st": "invitation"}).to_string());
        let parts: Vec<_> = ticket.split('.').collect();
        for forged in
            [format!("{}.{claims}.{}", parts[0], parts[2]), String::new(), "..".to_owned(), ticket[1..].into()]
        {
            assert_eq!(local.shared.read_ticket(&forged, at(999)), None, "{forged}");
        }
        let session = local.token("alice").unwrap().mint();
        assert_eq!(local.shared.read_ticket(&session, at(0)), None, "a token of another kind");
    }
}
