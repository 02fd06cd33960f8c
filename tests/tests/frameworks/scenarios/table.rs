//! A row of the table, and the configurations that rows need.

use std::sync::Arc;

use clerk_core::{Authenticator, Clerk, browser::OrganizationSync, time::ManualClock};
use clerk_local::{LocalClerk, TokenBuilder};

pub(super) const SITE: &str = "http://localhost:3000";

/// The configuration that a scenario needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Config {
    /// A secret key: the keys come from the Backend API.
    Jwks,
    /// The same, for pages.
    Pages,
    /// Pages with authorized parties.
    Parties,
    /// The same; tokens may also name no party.
    PartiesOrNone,
    /// The PEM key: no network.
    Pem,
    /// Only a publishable key: the keys come from the Frontend API.
    Public,
    /// Cookies count only in requests of the same origin.
    SameOrigin,
    /// Pages whose path names the organization.
    Sync,
    /// The same; sessions of another organization are refused.
    SyncOrRefuse,
}

pub(super) const CONFIGS: [Config; 9] = [
    Config::Jwks,
    Config::Pages,
    Config::Parties,
    Config::PartiesOrNone,
    Config::Pem,
    Config::Public,
    Config::SameOrigin,
    Config::Sync,
    Config::SyncOrRefuse,
];

impl Config {
    pub(super) fn authenticator(self, local: &LocalClerk, clock: &Arc<ManualClock>) -> Authenticator {
        let with_secret = || local.clerk_builder().unwrap();
        let with_key = || Clerk::builder().clock(clock.clone()).publishable_key(local.publishable_key().clone());
        let clerk = match self {
            Self::Parties => with_secret().authorized_parties([SITE]).unwrap(),
            Self::PartiesOrNone => with_secret().authorized_parties_or_none([SITE]).unwrap(),
            Self::Pem => with_key().jwt_key(local.jwt_key_pem().parse().unwrap()),
            Self::Public => with_key().proxy_url(local.frontend_api_url()).unwrap(),
            Self::Jwks | Self::Pages | Self::SameOrigin | Self::Sync | Self::SyncOrRefuse => with_secret(),
        };
        let authenticator = Authenticator::new(clerk.build().unwrap());
        let sync = || OrganizationSync::new().organization_patterns(["/:slug", "/policy/:slug"]).unwrap();
        match self {
            Self::Jwks | Self::Pem | Self::Public => authenticator,
            Self::SameOrigin => authenticator.same_origin_only(),
            Self::Pages | Self::Parties | Self::PartiesOrNone => authenticator.pages().unwrap(),
            Self::Sync => authenticator.pages().unwrap().organization_sync(sync()),
            Self::SyncOrRefuse => authenticator.pages().unwrap().organization_sync(sync().refuse_others()),
        }
    }
}

pub(super) type Headers = Vec<(&'static str, Vec<u8>)>;

pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) config: Config,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) headers: Headers,
    pub(super) status: u16,
    /// Headers of the response: a part of the value, or `None` if there must be no such header.
    pub(super) answers: Vec<(&'static str, Option<&'static str>)>,
    /// A part of the response's body; empty for the JSON of a refusal, and for any body of a success.
    pub(super) body: &'static str,
}

impl Scenario {
    pub(super) fn answer(&mut self, name: &'static str, part: impl Into<Option<&'static str>>) -> &mut Self {
        self.answers.push((name, part.into()));
        self
    }
}

pub(super) struct Table {
    pub(super) local: LocalClerk,
    pub(super) rows: Vec<Scenario>,
}

impl Table {
    pub(super) fn token(&self) -> TokenBuilder {
        self.local.token("alice").unwrap()
    }

    pub(super) fn row(
        &mut self,
        status: u16,
        name: &'static str,
        path: &'static str,
        headers: Headers,
    ) -> &mut Scenario {
        let (config, method) = (Config::Jwks, "GET");
        self.rows.push(Scenario { name, config, method, path, headers, status, answers: Vec::new(), body: "" });
        self.rows.last_mut().unwrap()
    }

    /// `Authorization: Bearer <token>` on `/me`.
    pub(super) fn bearer(&mut self, status: u16, name: &'static str, token: &str) -> &mut Scenario {
        self.header(status, name, format!("Bearer {token}"))
    }

    pub(super) fn header(&mut self, status: u16, name: &'static str, value: impl Into<Vec<u8>>) -> &mut Scenario {
        self.row(status, name, "/me", vec![("authorization", value.into())])
    }
}
