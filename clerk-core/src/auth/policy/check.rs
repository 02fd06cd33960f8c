//! [`Policy::check`]: whether a session or a machine token satisfies a policy, and if not, what is missing.

use serde_json::Value;

use super::{Policy, Rule, without_prefix};
use crate::{
    auth::{
        Denied,
        actor::{ActorKind, Delegation},
        machine::{ApiKey, M2mToken, MachineData, OAuthToken},
        reverification::Reverification,
        session::Session,
        state::AuthState,
    },
    token::TokenType,
};

/// The verified token that a policy is checked against.
#[derive(Clone, Copy)]
pub(crate) enum PolicySubject<'a> {
    Session(&'a Session),
    ApiKey(&'a ApiKey),
    M2mToken(&'a M2mToken),
    OAuthToken(&'a OAuthToken),
}

/// Why a policy is not satisfied.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PolicyFailure {
    /// No token of this type can satisfy the policy.
    TokenType,
    /// The user cannot provide what is missing, such as a role or a plan.
    NotAllowed,
    /// The token lacks these scopes, which the caller can request from its user.
    Scopes(Vec<Box<str>>),
    /// The user must prove their identity again.
    Reverification(Reverification),
}

impl Policy {
    pub(crate) fn check(&self, subject: PolicySubject<'_>) -> Result<(), PolicyFailure> {
        match &self.0 {
            Rule::All(policies) => check_all(policies, subject),
            Rule::Any(policies) => check_any(policies, subject),
            Rule::Token(kind) => (*kind == subject.kind()).then_some(()).ok_or(PolicyFailure::TokenType),
            Rule::NotImpersonated => require(subject.delegation().is_none()),
            Rule::NotAnAgent => {
                require(subject.delegation().is_none_or(|delegation| delegation.by == ActorKind::Person))
            }
            Rule::Custom(custom) => require((custom.check)(&subject.to_state())),
            Rule::Scope(scope) => match subject.machine() {
                None => Err(PolicyFailure::TokenType),
                Some(machine) if machine.scopes.contains(scope) => Ok(()),
                Some(_) => Err(PolicyFailure::Scopes(vec![scope.clone()])),
            },
            rule => match subject {
                PolicySubject::Session(session) => check_session(rule, session),
                _ => Err(PolicyFailure::TokenType),
            },
        }
    }
}

impl Policy {
    /// Checks a session or a machine token; a refusal says what was wanted, and what there is.
    pub(crate) fn require(&self, subject: PolicySubject<'_>) -> Result<(), Denied> {
        self.check(subject).map_err(|failure| {
            let detail = format!("the policy wants {}; {}", self.describe(), subject.describe());
            tracing::debug!(target: "clerk", detail, "a policy refuses a request");
            Denied::from(failure).with_detail(detail)
        })
    }

    /// The policy in words, without values of claims.
    fn describe(&self) -> String {
        let list = |policies: &[Self], word: &str| {
            let parts: Vec<String> = policies.iter().map(Self::describe).collect();
            format!("({})", parts.join(word))
        };
        match &self.0 {
            Rule::SignedIn => "a signed-in user".to_owned(),
            Rule::Organization => "an active organization".to_owned(),
            Rule::Role(role) => format!("the role org:{role}"),
            Rule::Permission(permission) => format!("the permission {permission}"),
            Rule::Feature(feature) => format!("the feature {}", feature.name),
            Rule::Plan(plan) => format!("the plan {}", plan.name),
            Rule::Reverification(_) => "a recent reverification".to_owned(),
            Rule::NotImpersonated => "a session without impersonation".to_owned(),
            Rule::NotAnAgent => "no agent".to_owned(),
            Rule::Scope(scope) => format!("a machine token with the scope {scope}"),
            Rule::Token(kind) => format!("a token of the type {}", kind.as_str()),
            Rule::Claim { pointer, .. } => format!("another value of the claim {pointer}"),
            Rule::Custom(_) => "what its function checks".to_owned(),
            Rule::All(policies) => list(policies, " and "),
            Rule::Any(policies) => list(policies, " or "),
        }
    }
}

impl PolicySubject<'_> {
    /// What there is, in words.
    fn describe(&self) -> String {
        let Self::Session(session) = self else { return format!("the token is of the type {}", self.kind().as_str()) };
        match session.organization() {
            Some(organization) => {
                let role = organization.role().unwrap_or("no role");
                format!("the session has {role} in {}", organization.id())
            }
            None => "the session has no active organization".to_owned(),
        }
    }

    const fn kind(&self) -> TokenType {
        match self {
            Self::Session(_) => TokenType::SessionToken,
            Self::ApiKey(_) => TokenType::ApiKey,
            Self::M2mToken(_) => TokenType::M2mToken,
            Self::OAuthToken(_) => TokenType::OAuthToken,
        }
    }

    fn machine(&self) -> Option<&MachineData> {
        match self {
            Self::Session(_) => None,
            Self::ApiKey(key) => Some(key.data()),
            Self::M2mToken(token) => Some(token.data()),
            Self::OAuthToken(token) => Some(token.data()),
        }
    }

    fn to_state(self) -> AuthState {
        match self {
            Self::Session(session) => AuthState::SignedIn(session.clone()),
            Self::ApiKey(key) => AuthState::ApiKey(key.clone()),
            Self::M2mToken(token) => AuthState::M2mToken(token.clone()),
            Self::OAuthToken(token) => AuthState::OAuthToken(token.clone()),
        }
    }

    fn delegation(&self) -> Option<&Delegation> {
        match self {
            Self::Session(session) => session.delegation(),
            Self::OAuthToken(token) => token.data().delegation.as_ref(),
            // Their claims are those that their creator chose.
            Self::ApiKey(_) | Self::M2mToken(_) => None,
        }
    }
}

fn require(condition: bool) -> Result<(), PolicyFailure> {
    condition.then_some(()).ok_or(PolicyFailure::NotAllowed)
}

fn check_session(rule: &Rule, session: &Session) -> Result<(), PolicyFailure> {
    let organization = session.organization();
    match rule {
        Rule::SignedIn => Ok(()),
        Rule::Organization => require(organization.is_some()),
        Rule::Role(role) => {
            let assigned = organization.and_then(|organization| organization.role());
            require(assigned.is_some_and(|assigned| without_prefix(assigned) == &**role))
        }
        Rule::Permission(permission) => {
            require(organization.is_some_and(|organization| organization.permissions().any(|one| one == &**permission)))
        }
        Rule::Feature(feature) => require(session.has_feature_in(feature.scope, &feature.name)),
        Rule::Plan(plan) => require(session.has_plan_in(plan.scope, &plan.name)),
        Rule::Claim { pointer, value } => {
            let claims: Value = session.claims().unwrap_or_default();
            require(claims.pointer(pointer) == Some(value))
        }
        Rule::Reverification(wanted) => {
            let satisfied = session.factor_ages().is_some_and(|ages| wanted.is_satisfied_by(ages));
            satisfied.then_some(()).ok_or(PolicyFailure::Reverification(*wanted))
        }
        // `Policy::check` has handled these.
        Rule::NotImpersonated
        | Rule::NotAnAgent
        | Rule::Custom(_)
        | Rule::Scope(_)
        | Rule::Token(_)
        | Rule::All(_)
        | Rule::Any(_) => Err(PolicyFailure::NotAllowed),
    }
}

/// Every policy must be satisfied. Asks for scopes or a reverification only if these alone would satisfy them all.
fn check_all(policies: &[Policy], subject: PolicySubject<'_>) -> Result<(), PolicyFailure> {
    let mut missing: Option<PolicyFailure> = None;
    for policy in policies {
        let Err(more) = policy.check(subject) else { continue };
        missing = Some(match (missing, more) {
            (None, more) => more,
            (Some(PolicyFailure::TokenType), _) | (_, PolicyFailure::TokenType) => PolicyFailure::TokenType,
            (Some(PolicyFailure::Scopes(mut scopes)), PolicyFailure::Scopes(more)) => {
                scopes.extend(more);
                PolicyFailure::Scopes(scopes)
            }
            // The front end can ask for one reverification at a time: the first.
            (Some(PolicyFailure::Reverification(first)), PolicyFailure::Reverification(_)) => {
                PolicyFailure::Reverification(first)
            }
            _ => PolicyFailure::NotAllowed,
        });
    }
    missing.map_or(Ok(()), Err)
}

/// One policy must be satisfied. Asks for what is missing in the only policy that this type of token can satisfy.
fn check_any(policies: &[Policy], subject: PolicySubject<'_>) -> Result<(), PolicyFailure> {
    let mut missing = None;
    for policy in policies {
        let Err(more) = policy.check(subject) else { return Ok(()) };
        missing = match (missing, more) {
            (None | Some(PolicyFailure::TokenType), more) => Some(more),
            (missing, PolicyFailure::TokenType) => missing,
            // Either scope is enough: ask for the first.
            (Some(PolicyFailure::Scopes(scopes)), PolicyFailure::Scopes(_)) => Some(PolicyFailure::Scopes(scopes)),
            _ => Some(PolicyFailure::NotAllowed),
        };
    }
    Err(missing.unwrap_or(PolicyFailure::NotAllowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(scopes: &[&str]) -> ApiKey {
        let scopes = scopes.iter().map(|scope| (*scope).into()).collect();
        ApiKey::new(MachineData { scopes, ..MachineData::default() })
    }

    fn scope(name: &str) -> Policy {
        Policy::scope(name)
    }

    #[test]
    fn a_failure_names_the_scopes_that_would_satisfy_the_policy() {
        let key = key(&["a"]);
        let check = |policy: &Policy| policy.check(PolicySubject::ApiKey(&key));
        let missing =
            |scopes: &[&str]| Err(PolicyFailure::Scopes(scopes.iter().map(|scope| (*scope).into()).collect()));
        assert_eq!(check(&scope("a")), Ok(()));
        assert_eq!(check(&scope("A")), missing(&["A"]), "scopes are case-sensitive");
        assert_eq!(check(&scope("a").and(scope("b")).and(scope("c"))), missing(&["b", "c"]));
        assert_eq!(check(&scope("b").or(scope("c"))), missing(&["b"]));
        assert_eq!(check(&scope("b").or(scope("a"))), Ok(()));
        let oauth = Policy::token(TokenType::OAuthToken);
        assert_eq!(check(&oauth.clone().and(scope("b"))), Err(PolicyFailure::TokenType), "no scope would satisfy it");
        assert_eq!(check(&Policy::permission("org:x:read").or(scope("b"))), missing(&["b"]));
        assert_eq!(check(&Policy::signed_in().or(oauth)), Err(PolicyFailure::TokenType));
        assert_eq!(check(&Policy::not_impersonated().and(scope("a"))), Ok(()), "keys are never impersonated");
    }
}
