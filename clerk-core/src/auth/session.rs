//! A verified session.

use std::{fmt, sync::Arc};

use serde::de::DeserializeOwned;

use super::{
    Denied,
    ids::{OrgId, SessionId, UserId},
    organization::Organization,
    policy::{Policy, PolicySubject},
    scope::Scope,
};
use crate::{base::time::Timestamp, token::deserialize_claims};

/// A verified session: who is signed in, in which organization, and what the token says besides.
///
/// Cheap to clone. Both versions of Clerk's claims come out alike. See
/// [Clerk's page on session tokens](https://clerk.com/docs/guides/sessions/session-tokens).
#[derive(Clone)]
pub struct Session(Arc<Replica>);

/// What one of several owners holds of a session: the ids that handlers clone, each with a count of references of its
/// own, so that two threads that serve one hot token do not fight over one cache line.
struct Replica {
    user_id: UserId,
    session_id: SessionId,
    org_id: Option<OrgId>,
    data: Arc<SessionData>,
}

#[derive(Clone)]
pub(crate) struct SessionData {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) organization: Option<Organization>,
    pub(crate) actor: Option<Actor>,
    pub(crate) impersonation: Option<Impersonation>,
    pub(crate) factor_ages: Option<FactorAges>,
    pub(crate) status: SessionStatus,
    /// The `fea` and `pla` claims as they are; none when they are malformed.
    pub(crate) features: Option<Box<str>>,
    pub(crate) plans: Option<Box<str>>,
    /// `None` where the claim cannot be read.
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Timestamp,
    pub(crate) token: Arc<str>,
}

/// Whether a session is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionStatus {
    /// The user is signed in.
    Active,
    /// A task is left to do, such as choosing an organization; counts as signed out.
    Pending,
}

/// Who acts as the user of an impersonated session.
///
/// See [Clerk's page on impersonation](https://clerk.com/docs/guides/users/impersonation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub(crate) subject: Box<str>,
    pub(crate) issuer: Option<Box<str>>,
    pub(crate) session_id: Option<SessionId>,
    pub(crate) kind: Option<Box<str>>,
}

/// What kind of somebody acts as the user; told even where the token says too little for an [`Actor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Impersonation {
    Agent,
    Person,
    /// The claim is there, and malformed.
    Unknown,
}

/// How long ago the user proved each factor, in minutes at the time the token was issued.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactorAges {
    first: Option<f64>,
    second: Option<f64>,
}

impl Session {
    pub(crate) fn new(data: SessionData) -> Self {
        Self(Arc::new(Replica {
            user_id: data.user_id.clone(),
            session_id: data.session_id.clone(),
            org_id: data.organization.as_ref().map(|organization| organization.id.clone()),
            data: Arc::new(data),
        }))
    }

    /// The same session, whose clones count their references in another place.
    pub(crate) fn replica(&self) -> Self {
        let Replica { user_id, session_id, org_id, data } = &*self.0;
        Self(Arc::new(Replica {
            user_id: UserId::new(user_id.as_str()),
            session_id: SessionId::new(session_id.as_str()),
            org_id: org_id.as_ref().map(|id| OrgId::new(id.as_str())),
            data: Arc::clone(data),
        }))
    }

    /// The same session without an active organization, and without what that organization has.
    pub(crate) fn without_organization(&self) -> Self {
        let data = &*self.0.data;
        let own = |list: Option<&str>| {
            let own: Vec<String> = Scope::User.names_in(list).map(|name| format!("u:{name}")).collect();
            (!own.is_empty()).then(|| own.join(",").into())
        };
        Self::new(SessionData {
            organization: None,
            features: own(data.features.as_deref()),
            plans: own(data.plans.as_deref()),
            ..data.clone()
        })
    }

    /// The user.
    #[must_use]
    pub fn user_id(&self) -> &UserId {
        &self.0.user_id
    }

    /// The session itself.
    #[must_use]
    pub fn session_id(&self) -> &SessionId {
        &self.0.session_id
    }

    /// The active organization, if the user has chosen one.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.0.data.organization.as_ref()
    }

    /// The id of the active organization.
    #[must_use]
    pub fn org_id(&self) -> Option<&OrgId> {
        self.0.org_id.as_ref()
    }

    /// Who acts as the user, when the session is impersonated.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.0.data.actor.as_ref()
    }

    pub(super) fn impersonation(&self) -> Option<Impersonation> {
        self.0.data.impersonation
    }

    /// How long ago the factors were proved, when the token says so.
    #[must_use]
    pub fn factor_ages(&self) -> Option<FactorAges> {
        self.0.data.factor_ages
    }

    /// Whether the session is complete.
    #[must_use]
    pub fn status(&self) -> SessionStatus {
        self.0.data.status
    }

    /// When the token was issued, its `iat` claim; `None` where it cannot be read.
    #[must_use]
    pub fn issued_at(&self) -> Option<Timestamp> {
        self.0.data.issued_at
    }

    /// When the token ends, its `exp` claim: 60 seconds after it was issued, unless the instance has it otherwise. The
    /// session itself goes on with newer tokens.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.0.data.expires_at
    }

    /// The features that the active organization has, without their scope.
    pub fn organization_features(&self) -> impl Iterator<Item = &str> {
        Scope::Organization.names_in(self.0.data.features.as_deref())
    }

    /// The features that the user has, without their scope.
    pub fn user_features(&self) -> impl Iterator<Item = &str> {
        Scope::User.names_in(self.0.data.features.as_deref())
    }

    /// The plans of the active organization, without their scope.
    pub fn organization_plans(&self) -> impl Iterator<Item = &str> {
        Scope::Organization.names_in(self.0.data.plans.as_deref())
    }

    /// The plans of the user, without their scope.
    pub fn user_plans(&self) -> impl Iterator<Item = &str> {
        Scope::User.names_in(self.0.data.plans.as_deref())
    }

    pub(super) fn has_feature(&self, scope: Option<Scope>, name: &str) -> bool {
        Scope::one_or_both(scope).any(|scope| scope.names_in(self.0.data.features.as_deref()).any(|one| one == name))
    }

    pub(super) fn has_plan(&self, scope: Option<Scope>, name: &str) -> bool {
        Scope::one_or_both(scope).any(|scope| scope.names_in(self.0.data.plans.as_deref()).any(|one| one == name))
    }

    /// Whether the session satisfies a policy.
    #[must_use]
    pub fn has(&self, policy: &Policy) -> bool {
        policy.allows(self)
    }

    /// Asks for a policy.
    ///
    /// # Errors
    /// A 403 refusal when the session does not satisfy it, or one that Clerk's front end understands where a
    /// reverification alone is missing; 401 when the policy is about machines' tokens alone.
    pub fn require(&self, policy: &Policy) -> Result<(), Denied> {
        Ok(policy.check(PolicySubject::Session(self))?)
    }

    /// The claims in a type of yours; claims that it does not name are ignored.
    ///
    /// # Errors
    /// When the token's claims do not have that shape.
    pub fn claims<C: DeserializeOwned>(&self) -> Result<C, serde_json::Error> {
        deserialize_claims(self.token())
    }

    /// The token itself, to pass it on to a service that trusts the same instance.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.data.token
    }

    /// The same, for whoever keeps it.
    pub(crate) fn shared_token(&self) -> Arc<str> {
        Arc::clone(&self.0.data.token)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("user_id", self.user_id())
            .field("session_id", self.session_id())
            .field("organization", &self.organization())
            .field("actor", &self.actor())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl Actor {
    /// The acting user's id.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Where the acting user signed in.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The acting user's own session.
    #[must_use]
    pub const fn session_id(&self) -> Option<&SessionId> {
        self.session_id.as_ref()
    }

    /// What kind of actor it is, `agent` for example.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }
}

impl FactorAges {
    /// From the `fva` claim: two numbers, of which -1 says that the factor was never proved.
    pub(crate) fn from_claim([first, second]: [f64; 2]) -> Option<Self> {
        let age = |minutes: f64| {
            if minutes == -1.0 { Some(None) } else { (minutes.is_finite() && minutes >= 0.0).then_some(Some(minutes)) }
        };
        Some(Self { first: age(first)?, second: age(second)? })
    }

    pub(super) const fn minutes(self) -> (Option<f64>, Option<f64>) {
        (self.first, self.second)
    }

    /// Minutes since the first factor was proved, rounded up; `None` when it never was.
    #[must_use]
    pub fn first(self) -> Option<u32> {
        self.first.map(whole)
    }

    /// Minutes since the second factor was proved, rounded up; `None` when it never was or the user has none.
    #[must_use]
    pub fn second(self) -> Option<u32> {
        self.second.map(whole)
    }
}

/// Rounded up, which is the strict side; the cast saturates.
fn whole(minutes: f64) -> u32 {
    minutes.ceil() as u32
}
