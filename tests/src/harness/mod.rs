//! The same routes in three frameworks, each on a real server.
//!
//! | path | the handler requires |
//! |---|---|
//! | `/me` | a signed-in user |
//! | `/maybe` | nothing; it says who is signed in |
//! | `/machine` | an API key |
//! | `/organization` | an active organization |
//! | `/admin` | the role `org:admin` |
//! | `/custom` | custom claims of the type [`Custom`] |
//! | `/caller` | a token of any accepted type |
//! | `/policy/<name>` | the [policy](policies) of that name |
//! | `/unlayered/me`, `/unlayered/maybe`, `/unlayered/admin` | the same; the layer is missing, which is a mistake |

mod actix;
mod axum;
mod tower;

use std::net::SocketAddr;

use clerk_core::{
    Authenticator, Policy, TokenType,
    adapter::Requirement,
    auth::{FactorLevel, Reverification},
};
use serde::Deserialize;

/// Custom claims; most tokens do not have them.
#[derive(Debug, Clone, Deserialize)]
pub struct Custom {
    pub favourite_number: u32,
}

/// One policy of each kind, by the name of the route that it guards.
pub fn policies() -> Vec<(&'static str, Requirement)> {
    let permission = || Policy::permission("org:invoices:read");
    let scope = |scope| Policy::scope(scope);
    let minutes = |minutes: u64| std::time::Duration::from_secs(60 * minutes);
    let first = Reverification::custom(FactorLevel::FirstFactor, minutes(30)).unwrap();
    let policies = [
        ("signed-in", Policy::signed_in()),
        ("organization", Policy::organization()),
        ("role", Policy::role("org:admin")),
        ("permission", permission()),
        ("feature", Policy::feature("invoices")),
        ("organization-feature", Policy::feature("org:invoices")),
        ("user-feature", Policy::feature("user:invoices")),
        ("plan", Policy::plan("pro")),
        ("organization-plan", Policy::plan("org:pro")),
        ("user-plan", Policy::plan("user:pro")),
        ("strict-mfa", Policy::reverification(Reverification::StrictMfa)),
        ("strict", Policy::reverification(Reverification::Strict)),
        ("moderate", Policy::reverification(Reverification::Moderate)),
        ("lax", Policy::reverification(Reverification::Lax)),
        ("first-factor", Policy::reverification(first)),
        ("not-impersonated", Policy::not_impersonated()),
        ("not-an-agent", Policy::not_an_agent()),
        ("claim", Policy::claim("/metadata/role", "staff")),
        (
            "custom",
            Policy::custom("has an organization", |auth| auth.caller().is_ok_and(|caller| caller.org_id().is_some())),
        ),
        ("scope", scope("read")),
        ("two-scopes", scope("read").and(scope("write"))),
        ("api-key", Policy::token(TokenType::ApiKey)),
        ("permission-or-scope", permission().or(scope("read"))),
        ("all", Policy::all([permission(), Policy::organization(), Policy::not_impersonated()]).unwrap()),
        ("strict-admin", Policy::role("org:admin").and(Policy::reverification(Reverification::Strict))),
    ];
    let preflights = ("preflights", Requirement::new(Policy::signed_in()).allow_preflights());
    policies.into_iter().map(|(name, policy)| (name, policy.into())).chain([preflights]).collect()
}

/// A framework under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framework {
    Actix,
    Axum,
    Tower,
}

pub const FRAMEWORKS: [Framework; 3] = [Framework::Actix, Framework::Axum, Framework::Tower];

impl Framework {
    /// Starts a server with this authenticator; it runs until the caller's runtime ends.
    pub async fn serve(self, authenticator: impl Into<Authenticator>) -> SocketAddr {
        self.serve_on(std::net::TcpListener::bind("127.0.0.1:0").unwrap(), authenticator).await
    }

    /// Like [`Framework::serve`], with a listener whose port the caller already knows.
    pub async fn serve_on(
        self,
        listener: std::net::TcpListener,
        authenticator: impl Into<Authenticator>,
    ) -> SocketAddr {
        let authenticator = authenticator.into();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        match self {
            Self::Actix => actix::serve(listener, authenticator),
            Self::Axum => axum::serve(listener, authenticator),
            Self::Tower => tower::serve(listener, authenticator),
        }
        address
    }
}
