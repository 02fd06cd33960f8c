//! [`Actor`]: who acts in a user's place, by impersonation or delegation
//! ([RFC 8693, section 4.1](https://www.rfc-editor.org/rfc/rfc8693#section-4.1)).

use serde_json::Value;

use super::ids::SessionId;

/// Who acts in a user's place: the impersonator of a session, or the delegate of an OAuth access token.
///
/// See [Clerk's page on impersonation](https://clerk.com/docs/guides/users/impersonation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    subject: Box<str>,
    issuer: Option<Box<str>>,
    session_id: Option<SessionId>,
    kind: Option<Box<str>>,
    previous: Option<Box<Actor>>,
}

/// What an `act` claim says, even if it is too incomplete for an [`Actor`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delegation {
    pub(crate) actor: Option<Actor>,
    pub(crate) by: ActorKind,
}

/// The kind of all actors in a chain: of several kinds the last in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ActorKind {
    Person,
    Agent,
    /// The claim is malformed, or does not say.
    Unknown,
}

/// The token that an `act` claim is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActIn {
    /// An actor without a type is a person.
    SessionToken,
    /// Actors have no type: only the id of a user says that it is a person.
    OAuthToken,
}

impl Delegation {
    /// Reads an `act` claim; `None` if there is none. A malformed claim also says that another one acts.
    pub(crate) fn read(act: &Value, within: ActIn) -> Option<Self> {
        if act.is_null() {
            return None;
        }
        // The depth is limited by the parser of JSON.
        let previous = act.get("act").and_then(|act| Self::read(act, within));
        let by = previous.as_ref().map_or(ActorKind::Person, |previous| previous.by).max(kind_of(act, within));
        let text = |name: &str| act.get(name).and_then(Value::as_str).map(Box::<str>::from);
        let actor = text("sub").map(|subject| Actor {
            subject,
            issuer: text("iss"),
            session_id: text("sid").map(|id| SessionId::new(&id)),
            kind: text("type"),
            previous: previous.and_then(|previous| previous.actor).map(Box::new),
        });
        Some(Self { actor, by })
    }
}

/// The kind of the outermost actor.
fn kind_of(act: &Value, within: ActIn) -> ActorKind {
    let Some(actor) = act.as_object() else { return ActorKind::Unknown };
    match actor.get("type") {
        Some(Value::String(kind)) if kind == "agent" => ActorKind::Agent,
        None | Some(Value::Null | Value::Bool(false)) => match within {
            ActIn::SessionToken => ActorKind::Person,
            ActIn::OAuthToken => {
                let is_user = actor.get("sub").and_then(Value::as_str).is_some_and(|sub| sub.starts_with("user_"));
                if is_user { ActorKind::Person } else { ActorKind::Unknown }
            }
        },
        Some(_) => ActorKind::Unknown,
    }
}

impl Actor {
    /// The acting user's or agent's id.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The issuer of the subject.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The acting user's own session.
    #[must_use]
    pub const fn session_id(&self) -> Option<&SessionId> {
        self.session_id.as_ref()
    }

    /// The kind of actor, `agent` for example.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// The actor that has delegated to this one. Only for logs: the RFC forbids access decisions by earlier actors.
    #[must_use]
    pub fn previous(&self) -> Option<&Self> {
        self.previous.as_deref()
    }

    /// Its size in memory, in bytes, without those before it.
    pub(crate) fn size(&self) -> usize {
        let texts = [Some(&*self.subject), self.issuer(), self.kind(), self.session_id().map(SessionId::as_str)];
        size_of::<Self>() + texts.into_iter().flatten().map(str::len).sum::<usize>()
    }

    /// This actor, then those that have delegated to it, the latest first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |actor| actor.previous())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(act: &Value, within: ActIn) -> Option<(Vec<String>, ActorKind)> {
        let delegation = Delegation::read(act, within)?;
        let chain = delegation.actor.iter().flat_map(Actor::chain).map(|actor| actor.subject().to_owned()).collect();
        Some((chain, delegation.by))
    }

    #[test]
    fn every_actor_of_a_chain_counts() {
        use ActIn::{OAuthToken, SessionToken};
        use ActorKind::{Agent, Person, Unknown};
        let (user, agent) = (json!({"sub": "user_2"}), json!({"sub": "agent_1", "type": "agent"}));
        let nest = |mut outer: Value, inner: &Value| {
            outer["act"] = inner.clone();
            outer
        };
        for (act, within, expected) in [
            (json!(null), SessionToken, None),
            (user.clone(), SessionToken, Some((vec!["user_2"], Person))),
            (user.clone(), OAuthToken, Some((vec!["user_2"], Person))),
            (json!({"sub": "mcp_client"}), SessionToken, Some((vec!["mcp_client"], Person))),
            (json!({"sub": "mcp_client"}), OAuthToken, Some((vec!["mcp_client"], Unknown))),
            (agent.clone(), OAuthToken, Some((vec!["agent_1"], Agent))),
            (nest(user.clone(), &agent), SessionToken, Some((vec!["user_2", "agent_1"], Agent))),
            (nest(agent.clone(), &user), SessionToken, Some((vec!["agent_1", "user_2"], Agent))),
            (nest(user.clone(), &json!("agent_1")), SessionToken, Some((vec!["user_2"], Unknown))),
            (nest(user.clone(), &json!(null)), SessionToken, Some((vec!["user_2"], Person))),
            (nest(nest(user.clone(), &user), &agent), OAuthToken, Some((vec!["user_2", "agent_1"], Agent))),
            (json!({}), OAuthToken, Some((vec![], Unknown))),
            (json!([]), SessionToken, Some((vec![], Unknown))),
            (json!(false), OAuthToken, Some((vec![], Unknown))),
        ] {
            let expected = expected.map(|(chain, kind)| (chain.into_iter().map(str::to_owned).collect(), kind));
            assert_eq!(read(&act, within), expected, "{act} {within:?}");
        }
    }
}
