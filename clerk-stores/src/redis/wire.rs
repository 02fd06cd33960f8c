//! The form of revocations in Redis: JSON members of one sorted set, scored by expiry, and the same JSON on a channel.

use std::time::Duration;

use clerk_core::{
    internal::random,
    revocation::{Revocation, Revoked},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// How long expired members are kept in Redis, for machines whose clocks are behind.
const CLOCK_MARGIN: Duration = Duration::from_secs(60);

/// TTL of the set after the last write, in milliseconds: one hour more than revocations are kept (24 h).
const SET_TTL: i64 = 25 * 60 * 60 * 1000;

/// The names of keys and channels.
pub(super) struct Names {
    /// The sorted set, and the channel with the same name.
    pub(super) revocations: String,
    /// The channel of this process's own heartbeat.
    pub(super) heartbeat: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "revoked")]
enum WireRevocation<'t> {
    Membership {
        #[serde(flatten)]
        times: Times,
        #[serde(borrow)]
        user: std::borrow::Cow<'t, str>,
        #[serde(borrow)]
        organization: std::borrow::Cow<'t, str>,
    },
    Session {
        #[serde(flatten)]
        times: Times,
        #[serde(borrow)]
        id: std::borrow::Cow<'t, str>,
    },
    User {
        #[serde(flatten)]
        times: Times,
        #[serde(borrow)]
        id: std::borrow::Cow<'t, str>,
    },
}

/// Claims from up to when are revoked, and when the revocation expires, in milliseconds since the Unix epoch.
#[derive(Serialize, Deserialize)]
struct Times {
    cutoff: i64,
    until: i64,
}

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        let process: u64 = random().to_bits();
        Self {
            revocations: format!("{prefix}:revocations"),
            heartbeat: format!("{prefix}:revocations:heartbeat:{process:x}"),
        }
    }
}

pub(super) fn to_json(revocation: &Revocation) -> String {
    let times = Times { cutoff: revocation.cutoff().unix_millis(), until: revocation.until().unix_millis() };
    let wire = match revocation.revoked() {
        Revoked::Membership { user_id, org_id } => {
            WireRevocation::Membership { times, user: (&**user_id).into(), organization: (&**org_id).into() }
        }
        Revoked::Session(id) => WireRevocation::Session { times, id: (&**id).into() },
        Revoked::User(id) => WireRevocation::User { times, id: (&**id).into() },
    };
    // Strings and numbers always serialize.
    serde_json::to_string(&wire).unwrap_or_default()
}

pub(super) fn parse(json: &str) -> Option<Revocation> {
    let (revoked, Times { cutoff, until }) = match serde_json::from_str(json).ok()? {
        WireRevocation::Membership { times, user, organization } => (Revoked::membership(user, organization), times),
        WireRevocation::Session { times, id } => (Revoked::session(id), times),
        WireRevocation::User { times, id } => (Revoked::user(id), times),
    };
    Some(Revocation::new(revoked, Timestamp::from_unix_millis(cutoff), Timestamp::from_unix_millis(until)))
}

/// The transaction that removes expired revocations, writes these, and publishes them.
pub(super) fn write(names: &Names, revocations: &[Revocation], now: Timestamp) -> redis::Pipeline {
    let set = &names.revocations;
    let mut pipeline = redis::pipe();
    pipeline.atomic().add_command(trim(names, now)).ignore();
    for revocation in revocations {
        let json = to_json(revocation);
        pipeline.cmd("ZADD").arg(set).arg(revocation.until().unix_millis()).arg(&json).ignore();
        pipeline.cmd("PUBLISH").arg(set).arg(json).ignore();
    }
    pipeline.cmd("PEXPIRE").arg(set).arg(SET_TTL).ignore();
    pipeline
}

/// The transaction of a heartbeat. It writes, so that a server that is not the master any more refuses it.
pub(super) fn beat(names: &Names, now: Timestamp) -> redis::Pipeline {
    let mut pipeline = redis::pipe();
    pipeline.atomic().add_command(trim(names, now)).ignore();
    pipeline.cmd("PUBLISH").arg(&names.heartbeat).arg("").ignore();
    pipeline
}

/// The command that removes expired revocations.
pub(super) fn trim(names: &Names, now: Timestamp) -> redis::Cmd {
    let mut command = redis::cmd("ZREMRANGEBYSCORE");
    command.arg(&names.revocations).arg("-inf").arg((now - CLOCK_MARGIN).unix_millis());
    command
}

/// The command that loads all current revocations.
pub(super) fn load(names: &Names, now: Timestamp) -> redis::Cmd {
    let mut command = redis::cmd("ZRANGEBYSCORE");
    command.arg(&names.revocations).arg(now.unix_millis()).arg("+inf");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revocations_survive_a_round_trip() {
        let (at, until) =
            (Timestamp::from_unix_millis(1_768_478_400_123), Timestamp::from_unix_millis(1_768_478_470_123));
        for revoked in
            [Revoked::session("sess_1"), Revoked::user("a \"quoted\"\nid"), Revoked::membership("user_1", "org_1")]
        {
            let one = Revocation::new(revoked, at, until);
            assert_eq!(parse(&to_json(&one)), Some(one));
        }
        for nonsense in
            ["", "{}", "[]", r#"{"revoked":"planet","id":"1","cutoff":1,"until":2}"#, r#"{"revoked":"session"}"#]
        {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
