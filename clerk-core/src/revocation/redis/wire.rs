//! How revocations look in Redis: members of one sorted set, by when they are over, and the same texts on a channel.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    base::time::Timestamp,
    revocation::{Revocation, Revoked},
};

/// How far clocks of several machines may be apart before one removes what another still needs.
const MARGIN: Duration = Duration::from_secs(60);

/// How long the set lives after the last write, in milliseconds: longer than any token (24 h) by an hour.
const SET_LIFE: i64 = 25 * 60 * 60 * 1000;

/// What things are called.
pub(super) struct Names {
    /// The sorted set, and the channel.
    pub(super) revocations: String,
    /// The channel of this process's own heartbeat.
    pub(super) heartbeat: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "revoked")]
enum Text<'t> {
    Membership {
        #[serde(flatten)]
        life: Life,
        #[serde(borrow)]
        user: std::borrow::Cow<'t, str>,
        #[serde(borrow)]
        organization: std::borrow::Cow<'t, str>,
    },
    Session {
        #[serde(flatten)]
        life: Life,
        #[serde(borrow)]
        id: std::borrow::Cow<'t, str>,
    },
    User {
        #[serde(flatten)]
        life: Life,
        #[serde(borrow)]
        id: std::borrow::Cow<'t, str>,
    },
}

/// Both in milliseconds since the Unix epoch.
#[derive(Serialize, Deserialize)]
struct Life {
    at: i64,
    until: i64,
}

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        let process: u64 = crate::base::retry::random().to_bits();
        Self {
            revocations: format!("{prefix}:revocations"),
            heartbeat: format!("{prefix}:revocations:heartbeat:{process:x}"),
        }
    }
}

pub(super) fn text(revocation: &Revocation) -> String {
    let life = Life { at: revocation.at().unix_millis(), until: revocation.until().unix_millis() };
    let text = match revocation.revoked() {
        Revoked::Membership { user_id, org_id } => {
            Text::Membership { life, user: (&**user_id).into(), organization: (&**org_id).into() }
        }
        Revoked::Session(id) => Text::Session { life, id: (&**id).into() },
        Revoked::User(id) => Text::User { life, id: (&**id).into() },
    };
    // Strings and numbers cannot fail.
    serde_json::to_string(&text).unwrap_or_default()
}

pub(super) fn revocation(text: &str) -> Option<Revocation> {
    let (revoked, Life { at, until }) = match serde_json::from_str(text).ok()? {
        Text::Membership { life, user, organization } => (Revoked::membership(user, organization), life),
        Text::Session { life, id } => (Revoked::session(id), life),
        Text::User { life, id } => (Revoked::user(id), life),
    };
    Some(Revocation::new(revoked, Timestamp::from_unix_millis(at), Timestamp::from_unix_millis(until)))
}

/// Writes and tells in one transaction, and removes what is over.
pub(super) fn write(names: &Names, revocations: &[Revocation], now: Timestamp) -> redis::Pipeline {
    let set = &names.revocations;
    let mut pipeline = trim(names, now);
    for revocation in revocations {
        let text = text(revocation);
        pipeline.cmd("ZADD").arg(set).arg(revocation.until().unix_millis()).arg(&text).ignore();
        pipeline.cmd("PUBLISH").arg(set).arg(text).ignore();
    }
    pipeline.cmd("PEXPIRE").arg(set).arg(SET_LIFE).ignore();
    pipeline
}

/// Removes what is over.
pub(super) fn trim(names: &Names, now: Timestamp) -> redis::Pipeline {
    let mut pipeline = redis::pipe();
    pipeline.atomic();
    pipeline.cmd("ZREMRANGEBYSCORE").arg(&names.revocations).arg("-inf").arg((now - MARGIN).unix_millis()).ignore();
    pipeline
}

/// All that is not over.
pub(super) fn load(names: &Names, now: Timestamp) -> redis::Cmd {
    let mut command = redis::cmd("ZRANGEBYSCORE");
    command.arg(&names.revocations).arg(now.unix_millis()).arg("+inf");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let (at, until) =
            (Timestamp::from_unix_millis(1_768_478_400_123), Timestamp::from_unix_millis(1_768_478_470_123));
        for revoked in
            [Revoked::session("sess_1"), Revoked::user("a \"quoted\"\nid"), Revoked::membership("user_1", "org_1")]
        {
            let one = Revocation::new(revoked, at, until);
            assert_eq!(revocation(&text(&one)), Some(one));
        }
        for nonsense in
            ["", "{}", "[]", r#"{"revoked":"planet","id":"1","at":1,"until":2}"#, r#"{"revoked":"session"}"#]
        {
            assert_eq!(revocation(nonsense), None, "{nonsense}");
        }
    }
}
