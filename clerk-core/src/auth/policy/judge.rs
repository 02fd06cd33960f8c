//! Whether a policy lets somebody in, and what is missing where it does not.

use super::{Policy, Rule, without_prefix};
use crate::{
    auth::{
        machine::MachineData,
        reverification::Reverification,
        session::{Impersonation, Session},
    },
    token::TokenType,
};

/// Whoever sent a request, as a policy sees them.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    Session(&'a Session),
    Machine(TokenType, &'a MachineData),
}

/// What keeps somebody from satisfying a policy.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Missing {
    /// The policy asks for what no token of this kind has.
    Kind,
    /// What nobody can do anything about at once: a role, a plan, another person.
    Authority,
    /// These scopes, which the caller may ask its user for.
    Scopes(Vec<Box<str>>),
    /// A proof of who they are.
    Reverification(Reverification),
}

impl Policy {
    pub(crate) fn judge(&self, subject: Subject<'_>) -> Result<(), Missing> {
        match &self.0 {
            Rule::All(policies) => all(policies, subject),
            Rule::Any(policies) => any(policies, subject),
            Rule::Token(kind) => (*kind == subject.kind()).then_some(()).ok_or(Missing::Kind),
            Rule::NotImpersonated => allowed(subject.impersonation().is_none()),
            Rule::NotAnAgent => {
                allowed(!matches!(subject.impersonation(), Some(Impersonation::Agent | Impersonation::Unknown)))
            }
            Rule::Scope(scope) => match subject {
                Subject::Session(_) => Err(Missing::Kind),
                Subject::Machine(_, machine) if machine.scopes.contains(scope) => Ok(()),
                Subject::Machine(..) => Err(Missing::Scopes(vec![scope.clone()])),
            },
            rule => match subject {
                Subject::Session(session) => of_session(rule, session),
                Subject::Machine(..) => Err(Missing::Kind),
            },
        }
    }
}

impl Subject<'_> {
    const fn kind(&self) -> TokenType {
        match self {
            Self::Session(_) => TokenType::SessionToken,
            Self::Machine(kind, _) => *kind,
        }
    }

    fn impersonation(&self) -> Option<Impersonation> {
        match self {
            Self::Session(session) => session.impersonation(),
            Self::Machine(..) => None,
        }
    }
}

fn allowed(is: bool) -> Result<(), Missing> {
    is.then_some(()).ok_or(Missing::Authority)
}

fn of_session(rule: &Rule, session: &Session) -> Result<(), Missing> {
    let organization = session.organization();
    match rule {
        Rule::SignedIn => Ok(()),
        Rule::Organization => allowed(organization.is_some()),
        Rule::Role(role) => {
            let assigned = organization.and_then(|organization| organization.role());
            allowed(assigned.is_some_and(|assigned| without_prefix(assigned) == &**role))
        }
        Rule::Permission(permission) => {
            allowed(organization.is_some_and(|organization| organization.permissions().any(|one| one == &**permission)))
        }
        Rule::Feature(feature) => allowed(session.has_feature(feature.scope, &feature.name)),
        Rule::Plan(plan) => allowed(session.has_plan(plan.scope, &plan.name)),
        Rule::Reverification(wanted) => {
            let satisfied = session.factor_ages().is_some_and(|ages| wanted.is_satisfied_by(ages));
            satisfied.then_some(()).ok_or(Missing::Reverification(*wanted))
        }
        // Judged before.
        Rule::NotImpersonated | Rule::NotAnAgent | Rule::Scope(_) | Rule::Token(_) | Rule::All(_) | Rule::Any(_) => {
            Err(Missing::Authority)
        }
    }
}

/// Nobody is asked for a scope or a proof that would not get them in.
fn all(policies: &[Policy], subject: Subject<'_>) -> Result<(), Missing> {
    let mut missing: Option<Missing> = None;
    for policy in policies {
        let Err(more) = policy.judge(subject) else { continue };
        missing = Some(match (missing, more) {
            (None, more) => more,
            (Some(Missing::Kind), _) | (_, Missing::Kind) => Missing::Kind,
            (Some(Missing::Scopes(mut scopes)), Missing::Scopes(more)) => {
                scopes.extend(more);
                Missing::Scopes(scopes)
            }
            // One at a time, the first one first.
            (Some(Missing::Reverification(first)), Missing::Reverification(_)) => Missing::Reverification(first),
            _ => Missing::Authority,
        });
    }
    missing.map_or(Ok(()), Err)
}

/// What is missing of the only way in that there is for a token of this kind.
fn any(policies: &[Policy], subject: Subject<'_>) -> Result<(), Missing> {
    let mut missing = None;
    for policy in policies {
        let Err(more) = policy.judge(subject) else { return Ok(()) };
        missing = match (missing, more) {
            (None | Some(Missing::Kind), more) => Some(more),
            (missing, Missing::Kind) => missing,
            // Either scope will do, so the first one is asked for.
            (Some(Missing::Scopes(scopes)), Missing::Scopes(_)) => Some(Missing::Scopes(scopes)),
            _ => Some(Missing::Authority),
        };
    }
    Err(missing.unwrap_or(Missing::Authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(scopes: &[&str]) -> MachineData {
        MachineData { scopes: scopes.iter().map(|scope| (*scope).into()).collect(), ..MachineData::default() }
    }

    fn scope(name: &str) -> Policy {
        Policy::scope(name).unwrap()
    }

    #[test]
    fn scopes_that_would_help_are_asked_for() {
        let key = machine(&["a"]);
        let judge = |policy: &Policy| policy.judge(Subject::Machine(TokenType::ApiKey, &key));
        let missing = |scopes: &[&str]| Err(Missing::Scopes(scopes.iter().map(|scope| (*scope).into()).collect()));
        assert_eq!(judge(&scope("a")), Ok(()));
        assert_eq!(judge(&scope("A")), missing(&["A"]), "scopes are case-sensitive");
        assert_eq!(judge(&scope("a").and(scope("b")).and(scope("c"))), missing(&["b", "c"]));
        assert_eq!(judge(&scope("b").or(scope("c"))), missing(&["b"]));
        assert_eq!(judge(&scope("b").or(scope("a"))), Ok(()));
        let oauth = Policy::token(TokenType::OAuthToken);
        assert_eq!(judge(&oauth.clone().and(scope("b"))), Err(Missing::Kind), "no scope would help");
        assert_eq!(judge(&Policy::permission("org:x:read").unwrap().or(scope("b"))), missing(&["b"]));
        assert_eq!(judge(&Policy::signed_in().or(oauth)), Err(Missing::Kind));
        assert_eq!(judge(&Policy::not_impersonated().and(scope("a"))), Ok(()), "a key is nobody else's");
    }
}
