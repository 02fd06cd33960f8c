//! [`Permissions`]: which actions a member may do on which features of the organization (claims version 2).
//!
//! `fea` lists features with their scope (`o:invoices,u:beta`), `o.per` the action names, `o.fpm` one decimal mask
//! per feature, whose bit *i* grants the *i*-th action. [Clerk's docs](https://clerk.com/docs/guides/sessions/session-tokens)
//! and four of its SDKs count the positions over **all** of `fea`, its JavaScript SDK over the organization's features only.
//! Both are the same unless a feature of the user comes first: then a permission must be granted by both readings.

use std::sync::OnceLock;

use super::scope::Scope;

/// The permissions of an organization's member. Decoded on first use, because most requests never read them.
#[derive(Debug, Clone)]
pub(crate) struct Permissions {
    /// Features, actions and masks; `None` if the token lists the permissions in full, or has none.
    encoded: Option<Box<str>>,
    granted: OnceLock<Vec<Box<str>>>,
}

/// Separates the encoded claims, none of which contains it.
const SEPARATOR: char = '\0';

impl Permissions {
    /// From the list in a version 1 token.
    pub(crate) fn from_list(permissions: Vec<Box<str>>) -> Self {
        Self { encoded: None, granted: permissions.into() }
    }

    /// From the three claims of a version 2 token.
    pub(crate) fn from_claims(fea: Option<&str>, per: Option<&str>, fpm: Option<&str>) -> Self {
        let (Some(fea), Some(per), Some(fpm)) = (fea, per, fpm) else { return Self::from_list(Vec::new()) };
        if [fea, per, fpm].iter().any(|claim| memchr::memchr(b'\0', claim.as_bytes()).is_some()) {
            return Self::from_list(Vec::new());
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
            let granted = decode(claims.next(), claims.next(), claims.next());
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

/// Decodes the three claims to `org:<feature>:<action>`; empty if one is missing or malformed.
fn decode(fea: Option<&str>, per: Option<&str>, fpm: Option<&str>) -> Vec<String> {
    let (Some(fea), Some(per), Some(fpm)) = (fea, per, fpm) else { return Vec::new() };
    let actions: Vec<&str> = per.split(',').map(str::trim).collect();
    let masks: Vec<Option<Vec<bool>>> = fpm.split(',').map(|mask| bits(mask.trim(), actions.len())).collect();
    let mask_at = |position: usize| masks.get(position).and_then(Option::as_deref);
    let of_organization =
        fea.split(',').enumerate().filter_map(|(at, feature)| Some((at, Scope::Organization.name_in(feature)?)));
    let mut granted = Vec::new();
    for (among_own, (among_all, feature)) in of_organization.enumerate() {
        let (Some(one), Some(other)) = (mask_at(among_all), mask_at(among_own)) else { continue };
        for (action, _) in actions.iter().zip(one.iter().zip(other)).filter(|(_, (one, other))| **one && **other) {
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
    fn both_readings_of_positions_must_grant_a_permission() {
        let decode = |fea, fpm| decode(Some(fea), Some("read,manage"), Some(fpm));
        assert_eq!(decode("o:a,u:z", "1,3"), ["org:a:read"], "both readings agree");
        assert_eq!(decode("o:a,ou:b", "1,2"), ["org:a:read", "org:b:manage"]);
        assert_eq!(decode("u:z,o:a,o:b", "1,3,3"), ["org:a:read", "org:b:read", "org:b:manage"]);
        assert_eq!(decode("u:z,o:a", "0,3"), [""; 0], "the JavaScript SDK grants nothing");
        assert_eq!(decode("u:z,o:a", "3,0"), [""; 0], "Clerk's docs grant nothing");
        assert_eq!(decode("u:z,o:a", "3"), [""; 0], "there is no mask at the feature's position");
    }

    #[test]
    fn decoded_permissions_equal_listed_ones() {
        let listed = Permissions::from_list(["org:a:read".into(), "org:a:manage".into()].into());
        assert_eq!(Permissions::from_claims(Some("o:a"), Some("read,manage"), Some("3")), listed);
        for missing in [(None, Some("x"), Some("1")), (Some("o:a"), Some("re\0ad"), Some("1"))] {
            assert!(Permissions::from_claims(missing.0, missing.1, missing.2).granted().is_empty());
        }
    }

    #[test]
    fn malformed_masks_grant_nothing() {
        for mask in ["", "x", "-1", "1.5", "0x3", "1e3", "\u{0661}"] {
            assert!(decode(Some("o:a"), Some("read"), Some(mask)).is_empty(), "{mask:?}");
        }
        assert!(decode(Some("o:a"), Some("read"), None).is_empty());
        assert!(decode(None, Some("read"), Some("1")).is_empty());
        assert!(decode(Some("u:a,a"), Some("read"), Some("1,1")).is_empty());
    }

    #[test]
    fn masks_may_be_longer_than_any_integer() {
        let actions: Vec<String> = (0..200).map(|i| format!("a{i}")).collect();
        // 2^199
        let mask = "803469022129495137770981046170581301261101496891396417650688";
        assert_eq!(decode(Some("o:x"), Some(&actions.join(",")), Some(mask)), ["org:x:a199"]);
    }
}
