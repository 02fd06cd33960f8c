//! Roles, permissions, and sets of roles.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn roles_and_permissions() {
    let api = Api::start().await;
    let roles = api.get("/v1/organization_roles?order_by=key").await;
    assert_eq!((&roles["data"][0]["key"], &roles["data"][1]["key"]), (&json!("org:admin"), &json!("org:member")));
    let params = json!({"name": "Read reports", "key": "org:reports:read", "description": "All of them"});
    let permission = api.post("/v1/organization_permissions", params.clone()).await;
    assert_eq!((&permission["type"], &permission["key"]), (&json!("user"), &json!("org:reports:read")));
    assert_eq!(api.refused(Method::POST, "/v1/organization_permissions", params).await.1, "form_identifier_exists");
    let permission_path = format!("/v1/organization_permissions/{}", permission["id"].as_str().unwrap());
    assert_eq!(api.get(&permission_path).await, permission);
    assert_eq!(api.get("/v1/organization_permissions?query=reports").await["total_count"], 1);

    let params = json!({
        "name": "Auditor", "key": "org:auditor", "permissions": [permission["id"]], "include_in_initial_role_set": true,
    });
    let role = api.post("/v1/organization_roles", params).await;
    assert_eq!(
        (&role["permissions"][0]["key"], &role["is_creator_eligible"]),
        (&json!("org:reports:read"), &json!(false))
    );
    let path = format!("/v1/organization_roles/{}", role["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await, role);
    assert_eq!(api.patch(&path, json!({"name": "Reviewer"})).await["name"], "Reviewer");

    // A role's permissions are in the tokens.
    let acme = api.get("/v1/organizations/acme").await["id"].as_str().unwrap().to_owned();
    let carol = api.local.user("carol").unwrap().id;
    api.post(&format!("/v1/organizations/{acme}/memberships"), json!({"user_id": carol, "role": "org:auditor"})).await;
    let clerk = api.local.clerk_builder().unwrap().build().unwrap();
    let permits = async || {
        let token = api.local.token("carol").unwrap().mint();
        let session = clerk.verify_session_token(&token).await.unwrap();
        session.organization().unwrap().permissions().any(|own| own == "org:reports:read")
    };
    assert!(permits().await);
    let assigned = format!("{path}/permissions/{}", permission["id"].as_str().unwrap());
    assert_eq!(api.refused(Method::POST, &assigned, Value::Null).await.0, 409);
    assert_eq!(api.delete(&assigned).await["permissions"], json!([]));
    assert!(!permits().await);
    api.post(&assigned, Value::Null).await;
    assert!(permits().await);
    let renamed = json!({"key": "org:reports:see"});
    assert_eq!(api.patch(&permission_path, renamed).await["key"], "org:reports:see");
    assert_eq!(api.get(&path).await["permissions"][0]["key"], "org:reports:see");
    assert_eq!(api.refused(Method::DELETE, &path, Value::Null).await.0, 403, "carol has it");
    api.delete(&format!("/v1/organizations/{acme}/memberships/{carol}")).await;
    assert_eq!(api.delete(&path).await["deleted"], true);
    assert_eq!(api.delete(&permission_path).await["deleted"], true);
    let system = api.get("/v1/organization_permissions?query=sys_profile").await["data"][0]["id"].clone();
    let system = format!("/v1/organization_permissions/{}", system.as_str().unwrap());
    assert_eq!(api.refused(Method::DELETE, &system, Value::Null).await.0, 403);
    for key in ["auditor", "org:", "org:Big"] {
        let refusal = api.refused(Method::POST, "/v1/organization_roles", json!({"name": "x", "key": key})).await;
        assert_eq!(refusal.2.as_deref(), Some("key"), "{key}");
    }
    api.finish();
}

#[tokio::test]
async fn role_sets() {
    let api = Api::start().await;
    assert_eq!(api.get("/v1/role_sets").await["data"][0]["type"], "initial");
    api.post("/v1/organization_roles", json!({"name": "Auditor", "key": "org:auditor"})).await;
    let params = json!({
        "name": "Small firms", "roles": ["org:admin", "org:member"], "default_role_key": "org:member",
        "creator_role_key": "org:admin",
    });
    let set = api.post("/v1/role_sets", params).await;
    assert_eq!((&set["key"], &set["creator_role"]["key"]), (&json!("role_set:small_firms"), &json!("org:admin")));
    let path = format!("/v1/role_sets/{}", set["id"].as_str().unwrap());
    assert_eq!(api.get("/v1/role_sets/role_set:small_firms").await, set, "by key, too");
    assert_eq!(api.patch(&path, json!({"description": "Up to ten"})).await["description"], "Up to ten");
    let added = api.post(&format!("{path}/roles"), json!({"role_keys": ["org:auditor"]})).await;
    assert_eq!(added["roles"].as_array().unwrap().len(), 3);
    let swapped = json!({"role_key": "org:member", "to_role_key": "org:auditor"});
    let replaced = api.post(&format!("{path}/roles/replace"), swapped).await;
    assert_eq!(replaced["default_role"]["key"], "org:auditor");
    assert_eq!(api.local.memberships("bob")[0].role, "org:auditor", "its members now have the replacement");
    let initial =
        json!({"dest_role_set_key": "role_set:default", "reassignment_mappings": {"org:auditor": "org:member"}});
    assert_eq!(api.post(&format!("{path}/replace"), initial.clone()).await["deleted"], true);
    assert_eq!(api.local.memberships("bob")[0].role, "org:member");
    assert_eq!(api.refused(Method::POST, "/v1/role_sets/role_set:default/replace", initial).await.0, 403);
    let unknown = json!({"name": "x", "roles": ["org:no"], "default_role_key": "org:no", "creator_role_key": "org:no"});
    assert_eq!(api.refused(Method::POST, "/v1/role_sets", unknown).await.2.as_deref(), Some("roles"));
    api.finish();
}
