//! Version 2 permissions: which action is granted on which feature of the organization.
//!
//! `fea` lists features with their scope (`o:invoices,u:beta`), `o.per` the action names, `o.fpm` one decimal mask
//! per feature, whose bit *i* grants the *i*-th action. Positions are counted over **all** of `fea`, as
//! [Clerk's docs](https://clerk.com/docs/guides/sessions/session-tokens) and four of its SDKs do; the JavaScript
//! SDK counts organization features only and so grants less when a user feature comes first.

use std::sync::OnceLock;

use super::scope::Scope;

/// The permissions of an organization's member, spelled out when somebody asks for them: most requests never do.
#[derive(Debug, Clone)]
pub(crate) struct Permissions {
    /// Features, actions and masks; `None` when they were spelled out in the token, or there are none.
    encoded: Option<Box<str>>,
    granted: OnceLock<Vec<Box<str>>>,
}

/// Between the encoded claims; in none of them.
const SEPARATOR: char = '\0';

impl Permissions {
    /// Those that a version 1 token lists.
    pub(crate) fn listed(permissions: Vec<Box<str>>) -> Self {
        Self { encoded: None, granted: permissions.into() }
    }

    /// Those that the three claims of a version 2 token grant.
    pub(crate) fn encoded(fea: Option<&str>, per: Option<&str>, fpm: Option<&str>) -> Self {
        let (Some(fea), Some(per), Some(fpm)) = (fea, per, fpm) else { return Self::listed(Vec::new()) };
        if [fea, per, fpm].iter().any(|claim| memchr::memchr(b'\0', claim.as_bytes()).is_some()) {
            return Self::listed(Vec::new());
        }
        let mut encoded = String::with_capacity(fea.len() + per.len() + fpm.len() + 2);
        for part in [fea, "\0", per, "\0", fpm] {
            encoded.push_str(part);
        }
        Self { encoded: Some(encoded.into()), granted: OnceLock::new() }
    }

    pub(crate) fn granted(&self) -> &[Box<str>] {
        self.granted.get_or_init(|| {
            let mut claims = self.encoded.as_deref().unwrap_or_default().split(SEPARATOR);
            let granted = granted(claims.next(), claims.next(), claims.next());
            granted.into_iter().map(Into::into).collect()
        })
    }
}

impl PartialEq for Permissions {
    fn eq(&self, other: &Self) -> bool {
        self.granted() == other.granted()
    }
}

impl Eq for Permissions {}

/// The permissions that the three claims grant, as `org:<feature>:<action>`; none when they do not fit together.
pub(crate) fn granted(fea: Option<&str>, per: Option<&str>, fpm: Option<&str>) -> Vec<String> {
    let (Some(fea), Some(per), Some(fpm)) = (fea, per, fpm) else { return Vec::new() };
    let actions: Vec<&str> = per.split(',').map(str::trim).collect();
    let mut granted = Vec::new();
    for (feature, mask) in fea.split(',').zip(fpm.split(',')) {
        let (Some(feature), Some(bits)) = (Scope::Organization.name_in(feature), bits(mask.trim(), actions.len()))
        else {
            continue;
        };
        for (action, _) in actions.iter().zip(bits).filter(|(_, set)| *set) {
            granted.push(format!("org:{feature}:{action}"));
        }
    }
    granted
}

/// The lowest `count` bits of a decimal number of any length, lowest first; `None` for anything else.
fn bits(decimal: &str, count: usize) -> Option<Vec<bool>> {
    if decimal.is_empty() || !decimal.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut digits: Vec<u8> = decimal.bytes().map(|b| b - b'0').collect();
    let bits = (0..count).map(|_| {
        let mut remainder = 0;
        for digit in &mut digits {
            let value = remainder * 10 + *digit;
            *digit = value / 2;
            remainder = value % 2;
        }
        remainder == 1
    });
    Some(bits.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_over_all_features() {
        let permissions = granted(Some("u:z,o:a,o:b"), Some("read,manage"), Some("0,1,3"));
        assert_eq!(permissions, ["org:a:read", "org:b:read", "org:b:manage"]);
    }

    #[test]
    fn spelled_out_on_demand_they_are_the_same() {
        let listed = Permissions::listed(["org:a:read".into(), "org:a:manage".into()].into());
        assert_eq!(Permissions::encoded(Some("o:a"), Some("read,manage"), Some("3")), listed);
        for missing in [(None, Some("x"), Some("1")), (Some("o:a"), Some("re\0ad"), Some("1"))] {
            assert!(Permissions::encoded(missing.0, missing.1, missing.2).granted().is_empty());
        }
    }

    #[test]
    fn malformed_masks_grant_nothing() {
        for mask in ["", "x", "-1", "1.5", "0x3", "1e3", "\u{0661}"] {
            assert!(granted(Some("o:a"), Some("read"), Some(mask)).is_empty(), "{mask:?}");
        }
        assert!(granted(Some("o:a"), Some("read"), None).is_empty());
        assert!(granted(None, Some("read"), Some("1")).is_empty());
        assert!(granted(Some("u:a,a"), Some("read"), Some("1,1")).is_empty());
    }

    #[test]
    fn masks_may_be_longer_than_any_integer() {
        let actions: Vec<String> = (0..200).map(|i| format!("a{i}")).collect();
        // 2^199
        let mask = "803469022129495137770981046170581301261101496891396417650688";
        assert_eq!(granted(Some("o:x"), Some(&actions.join(",")), Some(mask)), ["org:x:a199"]);
    }
}
