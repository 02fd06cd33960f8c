//! [`InstanceSettings`]: settings of the instance itself, in the Backend API.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::table::record;

/// Settings of the instance itself, each group in the form of the Backend API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct InstanceSettings {
    /// There is only one record.
    pub(crate) id: String,
    pub(crate) allowed_origins: Vec<String>,
    /// Settings that no operation reads.
    pub(crate) others: Map<String, Value>,
    pub(crate) restrictions: Map<String, Value>,
    pub(crate) protect: Map<String, Value>,
    pub(crate) communication: Map<String, Value>,
    pub(crate) oauth_applications: Map<String, Value>,
    pub(crate) organizations: Map<String, Value>,
}

impl Default for InstanceSettings {
    fn default() -> Self {
        Self {
            id: "instance".to_owned(),
            allowed_origins: Vec::new(),
            others: Map::new(),
            restrictions: map(json!({
                "object": "instance_restrictions", "allowlist": false, "blocklist": false,
                "allowlist_blocklist_disabled_on_sign_in": false, "block_email_subaddresses": false,
                "block_disposable_email_domains": false,
            })),
            protect: map(json!({
                "object": "instance_protect", "rules_enabled": false, "specter_enabled": false, "checks_bypassed": true,
            })),
            communication: map(json!({"object": "instance_communication", "blocked_country_codes": []})),
            oauth_applications: map(json!({
                "object": "oauth_application_settings", "dynamic_oauth_client_registration": true,
                "default_scopes": ["email", "profile"], "oauth_jwt_access_tokens": false,
                "client_id_metadata_documents_advertised": false,
                "client_id_metadata_documents_only_allow_pre_registered_clients": false,
                "client_id_metadata_documents_block_implicitly_allowed_clients": false,
            })),
            organizations: map(json!({
                "object": "organization_settings", "enabled": true, "max_allowed_memberships": 5, "max_allowed_roles": 10,
                "max_role_sets_allowed": 10, "max_allowed_domains": 10, "max_allowed_permissions": 50,
                "creator_role": "org:admin", "admin_delete_enabled": true, "domains_enabled": true,
                "slug_disabled": false, "domains_enrollment_modes": ["manual_invitation", "automatic_invitation", "automatic_suggestion"],
                "domains_default_role": "org:member", "initial_role_set_key": "role_set:default",
            })),
        }
    }
}

impl InstanceSettings {
    /// Whether one of the restrictions is on, `allowlist` for example.
    pub(crate) fn has_restriction(&self, name: &str) -> bool {
        self.restrictions.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether a setting of organizations is on, `admin_delete_enabled` for example.
    pub(crate) fn has_organization_setting(&self, name: &str) -> bool {
        self.organizations.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether a setting of OAuth applications is on, `oauth_jwt_access_tokens` for example.
    pub(crate) fn has_oauth_setting(&self, name: &str) -> bool {
        self.oauth_applications.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// How many members a new organization may have; 0: unlimited.
    pub(crate) fn max_allowed_memberships(&self) -> u32 {
        let max = self.organizations.get("max_allowed_memberships").and_then(Value::as_u64);
        max.map_or(5, |max| u32::try_from(max).unwrap_or(u32::MAX))
    }

    /// The role of an organization's creator.
    pub(crate) fn creator_role(&self) -> &str {
        self.organizations.get("creator_role").and_then(Value::as_str).unwrap_or("org:admin")
    }
}

fn map(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

record!(InstanceSettings, "instance_settings");
