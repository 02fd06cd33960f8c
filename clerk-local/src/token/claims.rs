//! What the two versions of a session token say about the active organization, plans and features
//! ([Clerk's page on session tokens](https://clerk.com/docs/guides/sessions/session-tokens)).

use serde_json::{Map, Value, json};

use crate::store::{Membership, Organization};

/// The active organization, and the plans and features of a session.
pub(super) struct OrganizationClaims {
    pub(super) organization: Option<(Organization, Membership)>,
    /// The user's own plan.
    pub(super) plan: Option<String>,
    pub(super) features: Vec<String>,
}

impl OrganizationClaims {
    /// The claims of version 1, which knows neither plans nor features.
    pub(super) fn version_1(self) -> Map<String, Value> {
        let Some((organization, membership)) = self.organization else { return Map::new() };
        object(json!({
            "org_id": organization.id,
            "org_slug": organization.slug,
            "org_role": membership.role,
            "org_permissions": without_system_permissions(&membership.permissions),
        }))
    }

    /// The claims of version 2. The organization's features come first: readers differ in whether they count the user's
    /// when they look up an organization's permissions.
    pub(super) fn version_2(self) -> Map<String, Value> {
        let mut claims = object(json!({ "v": 2 }));
        let mut features = Vec::new();
        let mut plan = self.plan.map(|plan| format!("u:{plan}"));
        if let Some((organization, membership)) = self.organization {
            let role = membership.role.strip_prefix("org:").unwrap_or(&membership.role);
            let mut o = json!({"id": organization.id, "slg": organization.slug, "rol": role});
            let permissions = Permissions::new(&membership.permissions, &organization.features);
            if !permissions.masks.is_empty() {
                (o["per"], o["fpm"]) = (json!(permissions.actions), json!(permissions.masks));
            }
            claims.insert("o".to_owned(), o);
            features = permissions.features;
            let organizations = organization.plan.map(|plan| format!("o:{plan}"));
            plan = [organizations, plan].into_iter().flatten().reduce(|one, other| format!("{one},{other}"));
        }
        features.extend(self.features.iter().map(|feature| format!("u:{feature}")));
        if !features.is_empty() {
            claims.insert("fea".to_owned(), features.join(",").into());
        }
        if let Some(plan) = plan {
            claims.insert("pla".to_owned(), plan.into());
        }
        claims
    }
}

/// A list of permissions in the form of version 2.
struct Permissions {
    /// `o:invoices`, for example.
    features: Vec<String>,
    /// `read,create`, for example.
    actions: String,
    /// A mask of the actions for each feature, up to the last feature that has any.
    masks: String,
}

impl Permissions {
    fn new(permissions: &[String], more_features: &[String]) -> Self {
        let own = without_system_permissions(permissions);
        let pairs: Vec<_> = own.iter().filter_map(|one| one.strip_prefix("org:")?.split_once(':')).collect();
        let (mut features, mut actions): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for &(feature, action) in &pairs {
            if !features.contains(&feature) {
                features.push(feature);
            }
            if !actions.contains(&action) && actions.len() < 63 {
                actions.push(action);
            }
        }
        let mask = |feature: &&str| {
            let granted = actions.iter().enumerate().filter(|(_, action)| pairs.contains(&(*feature, **action)));
            granted.map(|(bit, _)| 1_u64 << bit).sum::<u64>().to_string()
        };
        let masks: Vec<String> = features.iter().map(mask).collect();
        for feature in more_features {
            if !features.contains(&&**feature) {
                features.push(feature);
            }
        }
        Self {
            features: features.iter().map(|feature| format!("o:{feature}")).collect(),
            actions: actions.join(","),
            masks: masks.join(","),
        }
    }
}

/// The permissions in a token, which never has Clerk's own.
fn without_system_permissions(permissions: &[String]) -> Vec<&str> {
    let all = permissions.iter().map(|permission| &**permission);
    all.filter(|permission| !permission.starts_with("org:sys_")).collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Seed, Store};
    use clerk_core::time::Timestamp;

    use super::*;

    fn alice(store: &mut Store) -> OrganizationClaims {
        let user = store.user("alice").unwrap().clone();
        let membership = store.memberships_of(&user.id).next().unwrap().clone();
        let mut organization = store.organizations.get(&membership.organization_id).unwrap().clone();
        organization.features = vec!["exports".to_owned(), "invoices".to_owned()];
        organization.plan = Some("gold".to_owned());
        let membership = Membership { permissions: store.permissions(&membership), ..membership };
        OrganizationClaims {
            organization: Some((organization, membership)),
            plan: Some("pro".to_owned()),
            features: vec!["beta".to_owned()],
        }
    }

    #[test]
    fn version_2_lists_the_organizations_features_first() {
        let mut store = Seed::demo().into_store(Timestamp::from_unix_seconds(0));
        let claims = alice(&mut store).version_2();
        assert_eq!(claims["fea"], "o:invoices,o:exports,u:beta");
        assert_eq!(claims["pla"], "o:gold,u:pro");
        assert_eq!((&claims["o"]["per"], &claims["o"]["fpm"]), (&json!("read,create"), &json!("3")));
        let alone = OrganizationClaims { organization: None, ..alice(&mut store) }.version_2();
        assert_eq!(Value::Object(alone), json!({"v": 2, "fea": "u:beta", "pla": "u:pro"}));
    }

    #[test]
    fn clerks_own_permissions_are_left_out() {
        let mut store = Seed::demo().into_store(Timestamp::from_unix_seconds(0));
        let claims = alice(&mut store).version_1();
        assert_eq!(claims["org_permissions"], json!(["org:invoices:read", "org:invoices:create"]));
    }
}
