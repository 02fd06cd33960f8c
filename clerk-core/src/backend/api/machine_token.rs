//! [`MachineTokenRecord`]: what the Backend API knows about a machine token.

use serde_json::Value;

use crate::{
    auth::{ActIn, Actor, Delegation},
    base::time::Timestamp,
    token::claims::audiences,
};

/// What the Backend API knows about a machine token.
#[derive(Debug, Default)]
pub(crate) struct MachineTokenRecord {
    pub(crate) id: Box<str>,
    pub(crate) subject: Box<str>,
    pub(crate) scopes: Vec<Box<str>>,
    /// `None` when they cannot be read.
    pub(crate) audiences: Option<Vec<Box<str>>>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) client_id: Option<Box<str>>,
    pub(crate) delegation: Option<Delegation>,
    pub(crate) claims: Box<str>,
    pub(crate) revoked: bool,
    pub(crate) expired: bool,
    pub(crate) expiration: Option<Timestamp>,
}

impl MachineTokenRecord {
    pub(super) fn from_json(json: &Value) -> Option<Self> {
        let object = json.as_object()?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(Box::<str>::from);
        let texts = |name: &str| match object.get(name) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(Into::into).collect(),
            Some(Value::String(text)) => vec![text.as_str().into()],
            _ => Vec::new(),
        };
        // Any value but null and false counts as true.
        let flag = |name: &str| !matches!(object.get(name), None | Some(Value::Null | Value::Bool(false)));
        Some(Self {
            id: text("id").unwrap_or_default(),
            subject: text("subject").unwrap_or_default(),
            scopes: texts("scopes"),
            audiences: audiences(object.get("aud")),
            name: text("name"),
            client_id: text("client_id"),
            delegation: object.get("act").and_then(|act| Delegation::read(act, ActIn::OAuthToken)),
            claims: object.get("claims").unwrap_or(&Value::Null).to_string().into(),
            revoked: flag("revoked"),
            expired: flag("expired"),
            expiration: object.get("expiration").and_then(Value::as_f64).map(parse_timestamp),
        })
    }

    /// The size of its texts, in bytes.
    pub(crate) fn size(&self) -> usize {
        let lists =
            self.scopes.iter().chain(self.audiences.iter().flatten()).map(|one| one.len() + size_of::<Box<str>>());
        let texts = [&self.id, &self.subject, &self.claims].into_iter().chain(&self.name).chain(&self.client_id);
        let actors = self.delegation.iter().flat_map(|delegation| &delegation.actor).flat_map(Actor::chain);
        lists.sum::<usize>() + texts.map(|text| text.len()).sum::<usize>() + actors.map(Actor::size).sum::<usize>()
    }
}

/// Reads milliseconds since the Unix epoch, or seconds: for OAuth access tokens the examples in Clerk's API description are
/// in seconds, which as milliseconds would lie in January 1970.
fn parse_timestamp(number: f64) -> Timestamp {
    const LARGEST_IN_SECONDS: f64 = 1e11;
    let millis = if number.abs() < LARGEST_IN_SECONDS { number * 1000.0 } else { number };
    // The cast saturates, far in the future or the past.
    Timestamp::from_unix_millis(millis as i64)
}
