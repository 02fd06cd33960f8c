//! [`Session`]: a verified session.

use std::{fmt, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    Denied,
    actor::{Actor, Delegation},
    ids::{OrgId, SessionId, UserId},
    organization::Organization,
    policy::{Policy, PolicySubject},
    scope::Scope,
};
use crate::{base::time::Timestamp, config::PublishableKey, token::deserialize_claims};

/// A verified session: the signed-in user, the active organization and the token's other claims.
///
/// Cheap to clone. Both versions of Clerk's claims give the same session. See
/// [Clerk's page on session tokens](https://clerk.com/docs/guides/sessions/session-tokens).
#[derive(Clone)]
pub struct Session(Arc<Replica>);

/// One thread's copy of a session. Its ids, which handlers clone, have their own reference counts, so that two threads
/// that serve the same token do not write to the same cache line.
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
    pub(crate) delegation: Option<Delegation>,
    pub(crate) factor_ages: Option<FactorAges>,
    pub(crate) status: SessionStatus,
    /// The `fea` claim; `None` if it is malformed.
    pub(crate) features: Option<Box<str>>,
    /// The `pla` claim; `None` if it is malformed.
    pub(crate) plans: Option<Box<str>>,
    /// `None` if the claim is missing or malformed.
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) claims_as_of: Option<Timestamp>,
    pub(crate) expires_at: Timestamp,
    pub(crate) token: Arc<str>,
    /// The claims as JSON, if they differ from those of the token.
    pub(crate) claims: Option<Arc<str>>,
    /// The instance that verified it; `None` if no publishable key names it.
    pub(crate) instance: Option<PublishableKey>,
}

/// The claims about the active organization, of both versions.
const ORGANIZATION_CLAIMS: [&str; 5] = ["o", "org_id", "org_permissions", "org_role", "org_slug"];

/// Status of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionStatus {
    /// The user is signed in.
    Active,
    /// The user must complete a task, such as choosing an organization; counts as signed out.
    Pending,
}

/// Minutes since the user proved each factor, at the time the token was issued.
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

    /// The same session with separate reference counts.
    pub(crate) fn replica(&self) -> Self {
        let Replica { user_id, session_id, org_id, data } = &*self.0;
        Self(Arc::new(Replica {
            user_id: UserId::new(user_id.as_str()),
            session_id: SessionId::new(session_id.as_str()),
            org_id: org_id.as_ref().map(|id| OrgId::new(id.as_str())),
            data: Arc::clone(data),
        }))
    }

    /// The same session without an active organization, and without the organization's features and plans: also not in
    /// its claims.
    pub(crate) fn without_organization(&self) -> Self {
        let data = &*self.0.data;
        let own = |list: Option<&str>| {
            let own: Vec<String> = Scope::User.names_in(list).map(|name| format!("u:{name}")).collect();
            (!own.is_empty()).then(|| Box::<str>::from(own.join(",")))
        };
        let (features, plans) = (own(data.features.as_deref()), own(data.plans.as_deref()));
        let mut claims: Map<String, Value> = self.claims().unwrap_or_default();
        claims.retain(|name, _| !ORGANIZATION_CLAIMS.contains(&&**name));
        for (name, own) in [("fea", &features), ("pla", &plans)] {
            match own {
                Some(own) if claims.contains_key(name) => claims.insert(name.to_owned(), (&**own).into()),
                _ => claims.remove(name),
            };
        }
        Self::new(SessionData {
            organization: None,
            features,
            plans,
            claims: Some(Value::Object(claims).to_string().into()),
            ..data.clone()
        })
    }

    /// The user.
    #[must_use]
    pub fn user_id(&self) -> &UserId {
        &self.0.user_id
    }

    /// The session's id.
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

    /// The impersonator, if the session is impersonated.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.0.data.delegation.as_ref()?.actor.as_ref()
    }

    pub(super) fn delegation(&self) -> Option<&Delegation> {
        self.0.data.delegation.as_ref()
    }

    /// The ages of the factors, if the token has them.
    #[must_use]
    pub fn factor_ages(&self) -> Option<FactorAges> {
        self.0.data.factor_ages
    }

    /// The session's status.
    #[must_use]
    pub fn status(&self) -> SessionStatus {
        self.0.data.status
    }

    /// When the token was issued (`iat`); `None` if the claim is missing or malformed.
    #[must_use]
    pub fn issued_at(&self) -> Option<Timestamp> {
        self.0.data.issued_at
    }

    /// When Clerk read the claims from its database; `None` if the token does not say it in a valid form.
    ///
    /// This is the earlier of `iat` and of `oiat` in the token's header. Clerk's edge renews tokens without reading the
    /// user, the organization or the role again, so the claims can be older than the token.
    #[must_use]
    pub fn claims_as_of(&self) -> Option<Timestamp> {
        self.0.data.claims_as_of
    }

    /// When the token expires (`exp`): by default 60 seconds after it was issued. The session continues with newer
    /// tokens.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.0.data.expires_at
    }

    /// The features of the active organization, without their scope.
    pub fn organization_features(&self) -> impl Iterator<Item = &str> {
        Scope::Organization.names_in(self.0.data.features.as_deref())
    }

    /// The features of the user, without their scope.
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

    pub(super) fn has_feature_in(&self, scope: Option<Scope>, name: &str) -> bool {
        Scope::one_or_both(scope).any(|scope| scope.names_in(self.0.data.features.as_deref()).any(|one| one == name))
    }

    pub(super) fn has_plan_in(&self, scope: Option<Scope>, name: &str) -> bool {
        Scope::one_or_both(scope).any(|scope| scope.names_in(self.0.data.plans.as_deref()).any(|one| one == name))
    }

    /// Whether the user has exactly this role in the active organization, `org:admin` for example; see [`Policy::role`].
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        Policy::try_role(role).is_ok_and(|policy| self.has(&policy))
    }

    /// Whether the user has this permission in the active organization, `org:invoices:read` for example; see
    /// [`Policy::permission`].
    #[must_use]
    pub fn has_permission(&self, permission: &str) -> bool {
        Policy::try_permission(permission).is_ok_and(|policy| self.has(&policy))
    }

    /// Whether the active organization (`org:invoices`), the user (`user:invoices`) or either (`invoices`) has this
    /// feature; see [`Policy::feature`].
    #[must_use]
    pub fn has_feature(&self, feature: &str) -> bool {
        Policy::try_feature(feature).is_ok_and(|policy| self.has(&policy))
    }

    /// Whether the active organization (`org:pro`), the user (`user:pro`) or either (`pro`) has this plan; see
    /// [`Policy::plan`].
    #[must_use]
    pub fn has_plan(&self, plan: &str) -> bool {
        Policy::try_plan(plan).is_ok_and(|policy| self.has(&policy))
    }

    /// The instance that verified the session, for a service with several: the publishable key of its
    /// [`Clerk`](crate::Clerk), or `None` if that has none.
    ///
    /// ```
    /// # use clerk_core::{Clerk, Session};
    /// fn is_of(session: &Session, tenant: &Clerk) -> bool {
    ///     session.instance().is_some() && session.instance() == tenant.publishable_key()
    /// }
    /// ```
    #[must_use]
    pub fn instance(&self) -> Option<&PublishableKey> {
        self.0.data.instance.as_ref()
    }

    /// Whether the session satisfies a policy.
    #[must_use]
    pub fn has(&self, policy: &Policy) -> bool {
        policy.allows(self)
    }

    /// Requires a policy.
    ///
    /// # Errors
    /// 403 when the session does not satisfy it. If only a reverification is missing, the body asks Clerk's front end
    /// for it. 401 when only machine tokens can satisfy the policy.
    pub fn require(&self, policy: &Policy) -> Result<(), Denied> {
        policy.require(PolicySubject::Session(self))
    }

    /// The claims as your type; other claims are ignored.
    ///
    /// If the user's membership was [revoked](crate::revocation), Clerk's claims about the organization are left out.
    /// Claims of your own that repeat them, such as `{{org.slug}}`, are not.
    ///
    /// # Errors
    /// When the token's claims do not match that type.
    pub fn claims<C: DeserializeOwned>(&self) -> Result<C, serde_json::Error> {
        match &self.0.data.claims {
            Some(claims) => serde_json::from_str(claims),
            None => deserialize_claims(self.token()),
        }
    }

    /// The token itself, to pass it on to a service that trusts the same instance. That service must know the same
    /// [revocations](crate::revocation): the token still names an organization that the user has left.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.data.token
    }

    /// The token, shared.
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

impl FactorAges {
    /// From the `fva` claim: two numbers; -1 means that the factor was never proved.
    pub(crate) fn from_claim([first, second]: [f64; 2]) -> Option<Self> {
        let age = |minutes: f64| {
            if minutes == -1.0 { Some(None) } else { (minutes.is_finite() && minutes >= 0.0).then_some(Some(minutes)) }
        };
        Some(Self { first: age(first)?, second: age(second)? })
    }

    /// The ages of factors in claims that were copied: Clerk read them this long before it issued the token.
    pub(crate) fn older_by(self, time: Duration) -> Self {
        let minutes = time.as_secs_f64() / 60.0;
        Self { first: self.first.map(|age| age + minutes), second: self.second.map(|age| age + minutes) }
    }

    pub(super) const fn minutes(self) -> (Option<f64>, Option<f64>) {
        (self.first, self.second)
    }

    /// Minutes since the first factor was proved, rounded up; `None` if it never was.
    #[must_use]
    pub fn first(self) -> Option<u32> {
        self.first.map(round_up)
    }

    /// Minutes since the second factor was proved, rounded up; `None` if it never was or the user has none.
    #[must_use]
    pub fn second(self) -> Option<u32> {
        self.second.map(round_up)
    }
}

/// Rounds up, which is stricter; the cast saturates.
fn round_up(minutes: f64) -> u32 {
    minutes.ceil() as u32
}
