//! Version 2 permissions: which action is granted on which feature of the organization.
//!
//! `fea` lists features with their scope (`o:invoices,u:beta`), `o.per` the action names, `o.fpm` one decimal mask
//! per feature, whose bit *i* grants the *i*-th action. Positions are counted over **all** of `fea`, as
//! [Clerk's docs](https://clerk.com/docs/guides/sessions/session-tokens) and four of its SDKs do; the JavaScript
//! SDK counts organization features only and so grants less when a user feature comes first.

/// The permissions that the three claims grant, as `org:<feature>:<action>`; none when they do not fit together.
pub(super) fn granted(fea: Option<&str>, per: Option<&str>, fpm: Option<&str>) -> Vec<String> {
    let (Some(fea), Some(per), Some(fpm)) = (fea, per, fpm) else { return Vec::new() };
    let actions: Vec<&str> = per.split(',').map(str::trim).collect();
    let mut granted = Vec::new();
    for (feature, mask) in fea.split(',').zip(fpm.split(',')) {
        let (Some(feature), Some(bits)) = (organization_feature(feature), bits(mask.trim(), actions.len())) else {
            continue;
        };
        for (action, _) in actions.iter().zip(bits).filter(|(_, set)| *set) {
            granted.push(format!("org:{feature}:{action}"));
        }
    }
    granted
}

fn organization_feature(entry: &str) -> Option<&str> {
    let (scopes, name) = entry.trim().split_once(':')?;
    matches!(scopes, "o" | "ou" | "uo").then_some(name)
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
