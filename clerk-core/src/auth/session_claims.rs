//! Converts claims of version 1 and version 2 to a [`Session`].

use serde_json::{Value, value::RawValue};

use super::{
    ActIn, Delegation, FactorAges, OrgId, Organization, Session, SessionData, SessionId, SessionStatus, UserId,
    permissions::Permissions,
};
use crate::{
    base::time::{self, Timestamp},
    config::PublishableKey,
    token::{
        SignedToken, TokenError, TokenErrorKind,
        claims::{
            Claims, OrganizationV2,
            lenient::{Date, Object},
        },
    },
};

/// Converts claims that this instance verified to a session.
///
/// # Errors
/// When `sub` or `sid` is missing or empty: a token without a session id is not a session token.
pub(crate) fn session(
    claims: &Claims<'_>,
    signed: &SignedToken<'_>,
    instance: Option<&PublishableKey>,
) -> Result<Session, TokenError> {
    let missing = TokenError::new(TokenErrorKind::Claims);
    let user_id = UserId::new(nonempty(claims.sub.as_deref()).ok_or(missing.clone())?);
    let session_id = SessionId::new(nonempty(claims.sid.as_deref()).ok_or(missing)?);
    let as_of = signed.claims_as_of(claims);
    let version_2 = claims.v == Some(2.0);
    Ok(Session::new(SessionData {
        user_id,
        session_id,
        organization: if version_2 {
            claims.o.as_ref().and_then(|Object(o)| organization_v2(o, claims.fea.as_deref()))
        } else {
            organization_v1(claims)
        },
        delegation: claims.act.and_then(delegation),
        factor_ages: claims
            .fva
            .and_then(FactorAges::from_claim)
            .zip(as_of.older_than_token)
            .map(|(ages, by)| ages.older_by(by)),
        status: match claims.sts.as_deref() {
            Some("pending") => SessionStatus::Pending,
            _ => SessionStatus::Active,
        },
        features: list(claims.fea.as_deref()),
        plans: list(claims.pla.as_deref()),
        issued_at: match claims.iat {
            Date::At(seconds) => time::from_numeric_date(seconds),
            Date::Absent | Date::Invalid => None,
        },
        claims_as_of: as_of.at,
        expires_at: expiration(claims.exp),
        token: signed.text().into(),
        claims: None,
        instance: instance.cloned(),
    }))
}

/// A missing `exp` counts as expired. The verification already requires it.
fn expiration(exp: Date) -> Timestamp {
    match exp {
        Date::At(seconds) => time::from_numeric_date(seconds),
        Date::Absent | Date::Invalid => None,
    }
    .unwrap_or(Timestamp::from_unix_millis(i64::MIN))
}

/// Any `act` claim but `null`, even a malformed one, counts as impersonation.
fn delegation(act: &RawValue) -> Option<Delegation> {
    // JSON that is nested too deeply is malformed.
    let act = serde_json::from_str(act.get()).unwrap_or(Value::Bool(true));
    Delegation::read(&act, ActIn::SessionToken)
}

fn organization_v1(claims: &Claims<'_>) -> Option<Organization> {
    Some(Organization {
        id: OrgId::new(nonempty(claims.org_id.as_deref())?),
        slug: claims.org_slug.as_deref().map(Into::into),
        role: nonempty(claims.org_role.as_deref()).map(Into::into),
        permissions: Permissions::from_list(
            claims.org_permissions.0.iter().map(|permission| permission.as_ref().into()).collect(),
        ),
    })
}

fn organization_v2(o: &OrganizationV2<'_>, fea: Option<&str>) -> Option<Organization> {
    Some(Organization {
        id: OrgId::new(nonempty(o.id.as_deref())?),
        slug: o.slg.as_deref().map(Into::into),
        role: nonempty(o.rol.as_deref()).map(|role| ["org:", role].concat().into()),
        permissions: Permissions::from_claims(fea, o.per.as_deref(), o.fpm.as_deref()),
    })
}

/// A list of features or plans; `None` if an entry lacks its scope.
fn list(claim: Option<&str>) -> Option<Box<str>> {
    // One pass over the bytes: `,` and `:` are ASCII.
    let all_scoped = |list: &str| {
        let mut scoped = false;
        list.bytes().all(|byte| {
            let good = byte != b',' || scoped;
            scoped = byte == b':' || (scoped && byte != b',');
            good
        }) && scoped
    };
    claim.filter(|list| all_scoped(list)).map(Into::into)
}

fn nonempty(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;

    fn parse(claims: &Value) -> Result<Session, TokenError> {
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        let token = format!("e30.{payload}.AA");
        let signed = SignedToken::parse(&token)?;
        let payload = claims.to_string();
        session(&Claims::parse(&payload).ok_or(TokenErrorKind::Claims)?, &signed, None)
    }

    #[test]
    fn both_versions_give_the_same_session() {
        let v1 = parse(&json!({"sub": "user_1", "sid": "sess_1", "org_id": "org_1", "org_slug": "acme",
            "org_role": "org:admin", "org_permissions": ["org:invoices:read", "org:invoices:create"]}))
        .unwrap();
        let v2 = parse(&json!({"v": 2, "sub": "user_1", "sid": "sess_1", "fea": "o:invoices",
            "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,create", "fpm": "3"}}))
        .unwrap();
        assert_eq!(v1.organization(), v2.organization());
        assert_eq!(v1.organization().unwrap().role(), Some("org:admin"));
    }

    #[test]
    fn wrong_types_count_as_absent() {
        let other =
            [json!(null), json!(true), json!(5), json!(["x"]), json!([1, "x"]), json!({"id": 5}), json!([[[]]])];
        for value in &other {
            for claim in ["o", "org_id", "org_role", "fea", "pla", "act"] {
                let session = parse(&json!({"v": 2, "sub": "u", "sid": "s", claim: value})).unwrap();
                assert!(session.organization().is_none() && session.actor().is_none(), "{claim} {value}");
            }
            for claim in ["sub", "sid"] {
                let mut claims = json!({"sub": "u", "sid": "s"});
                claims[claim] = value.clone();
                assert_eq!(parse(&claims).unwrap_err().kind(), TokenErrorKind::Claims, "{claim} {value}");
            }
        }
        assert!(parse(&json!({"sub": "", "sid": "s"})).is_err());
        assert!(parse(&json!(["sub"])).is_err());
    }

    #[test]
    fn factor_ages_are_two_numbers() {
        let ages = |fva| parse(&json!({"sub": "u", "sid": "s", "fva": fva})).unwrap().factor_ages();
        assert_eq!(ages(json!([3, -1])).map(|ages| (ages.first(), ages.second())), Some((Some(3), None)));
        for none in [json!([]), json!([3]), json!([3, -1, 0]), json!(["3", -1]), json!([3, null]), json!([[3], -1])] {
            assert_eq!(ages(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn a_list_with_an_entry_without_scope_is_ignored() {
        for good in ["o:a", "u:a,o:b", "ou:a, o:b", ":"] {
            assert_eq!(list(Some(good)).as_deref(), Some(good));
        }
        for bad in ["", "a", "o:a,", ",o:a", "o:a,b", "a,o:b", "o:a,,o:b"] {
            assert_eq!(list(Some(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn any_act_claim_counts_as_impersonation() {
        let (not_impersonated, person, agent, unknown) = (None, Some("person"), Some("agent"), Some("unknown"));
        for (act, expected, named) in [
            (json!({"sub": "user_2"}), person, true),
            (json!({"sub": "user_2", "type": "agent"}), agent, true),
            (json!({"sub": "user_2", "type": "robot"}), unknown, true),
            (json!({"sub": "user_2", "type": 5}), unknown, true),
            (json!({}), person, false),
            (json!("user_2"), unknown, false),
            (json!(["user_2"]), unknown, false),
            (json!(false), unknown, false),
            (json!(null), not_impersonated, false),
        ] {
            let session = parse(&json!({"sub": "u", "sid": "s", "act": act})).unwrap();
            let policies = [crate::Policy::not_impersonated(), crate::Policy::not_an_agent()];
            let allowed = policies.map(|policy| session.has(&policy));
            assert_eq!(
                allowed,
                [expected == not_impersonated, expected == not_impersonated || expected == person],
                "{act}"
            );
            assert_eq!(session.actor().is_some(), named, "{act}");
        }
    }

    #[test]
    fn a_session_with_a_pending_task_is_pending() {
        for (sts, status) in [("active", SessionStatus::Active), ("pending", SessionStatus::Pending)] {
            assert_eq!(parse(&json!({"sub": "u", "sid": "s", "sts": sts})).unwrap().status(), status, "{sts}");
        }
    }
}
