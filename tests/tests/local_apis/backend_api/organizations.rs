//! Organizations and their domains.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn organizations_are_created_changed_and_deleted() {
    let api = Api::start().await;
    let alice = api.local.user("alice").unwrap().id;
    let params = json!({
        "name": "Analytical Engines", "created_by": alice, "public_metadata": {"tier": 1},
        "private_metadata": {"k": 1}, "created_at": "2020-01-01T00:00:00Z",
    });
    let engines = api.post("/v1/organizations", params).await;
    assert_eq!((&engines["slug"], &engines["created_by"]), (&json!("analytical-engines"), &json!(alice)));
    assert_eq!(
        (&engines["max_allowed_memberships"], &engines["created_at"]),
        (&json!(5), &json!(1_577_836_800_000_i64))
    );
    let path = format!("/v1/organizations/{}", engines["id"].as_str().unwrap());
    let counted = api
        .get(&format!("{path}?include_members_count=true&include_missing_member_with_elevated_permissions=true"))
        .await;
    assert_eq!(
        (&counted["members_count"], &counted["missing_member_with_elevated_permissions"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(api.get(&format!("{path}/memberships")).await["data"][0]["role"], "org:admin", "its creator");
    assert_eq!(api.get("/v1/organizations/analytical-engines").await["id"], engines["id"], "by slug, too");
    let again = api.post("/v1/organizations", json!({"name": "Analytical Engines"})).await;
    assert_eq!(again["slug"], "analytical-engines-2");

    let names = async |query: &str| {
        let list = api.get(&format!("/v1/organizations?{query}")).await;
        list["data"].as_array().unwrap().iter().map(|one| one["slug"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("order_by=name&limit=2").await, ["acme", "analytical-engines"]);
    assert_eq!(names("order_by=-members_count&limit=1").await, ["acme"]);
    assert_eq!(names("query=GLOB").await, ["globex"]);
    assert_eq!(names(&format!("user_id={alice}&order_by=name")).await, ["acme", "analytical-engines", "globex"]);

    let updated = api.patch(&path, json!({"name": "Engines", "slug": "engines", "max_allowed_memberships": 1})).await;
    assert_eq!((&updated["name"], &updated["slug"]), (&json!("Engines"), &json!("engines")));
    let metadata = format!("{path}/metadata");
    let merged = api.patch(&metadata, json!({"public_metadata": {"tier": null, "x": 1}})).await;
    assert_eq!((&merged["public_metadata"], &merged["private_metadata"]), (&json!({"x": 1}), &json!({"k": 1})));
    let replaced = api.put(&metadata, json!({"private_metadata": {}})).await;
    assert_eq!((&replaced["public_metadata"], &replaced["private_metadata"]), (&json!({"x": 1}), &json!({})));
    for (body, code, parameter) in [
        (json!({}), "form_param_missing", "name"),
        (json!({"name": " "}), "form_param_nil", "name"),
        (json!({"name": "x", "slug": "acme"}), "form_identifier_exists", "slug"),
        (json!({"name": "x", "slug": "No Spaces"}), "form_param_format_invalid", "slug"),
        (json!({"name": "x", "created_by": "user_no"}), "form_resource_not_found", "created_by"),
        (json!({"name": "x", "colour": "red"}), "form_param_unknown", "colour"),
    ] {
        let refusal = api.refused(Method::POST, "/v1/organizations", body.clone()).await;
        assert_eq!((refusal.0, &*refusal.1, refusal.2.as_deref()), (422, code, Some(parameter)), "{body}");
    }
    let bob = api.local.user("bob").unwrap().id;
    let full = json!({"user_id": bob, "role": "org:member"});
    assert_eq!(
        api.refused(Method::POST, &format!("{path}/memberships"), full).await.1,
        "organization_membership_quota_exceeded"
    );
    assert_eq!(api.delete(&path).await["deleted"], true);
    assert_eq!(api.refused(Method::GET, &path, Value::Null).await.0, 404);
    assert!(api.local.memberships("alice").iter().all(|own| own.organization_id != engines["id"].as_str().unwrap()));
    api.finish();
}

#[tokio::test]
async fn domains_of_organizations() {
    let api = Api::start().await;
    let acme = format!("/v1/organizations/{}/domains", api.get("/v1/organizations/acme").await["id"].as_str().unwrap());
    let params = json!({"name": "Acme.example", "enrollment_mode": "automatic_invitation"});
    let domain = api.post(&acme, params.clone()).await;
    assert_eq!((&domain["name"], &domain["verification"]), (&json!("acme.example"), &Value::Null));
    assert_eq!(api.refused(Method::POST, &acme, params).await.1, "duplicate_record");
    let path = format!("{acme}/{}", domain["id"].as_str().unwrap());
    assert_eq!(
        api.patch(&path, json!({"enrollment_mode": "manual_invitation"})).await["enrollment_mode"],
        "manual_invitation"
    );
    let verified = api.post(&format!("{path}/verify_ownership"), Value::Null).await;
    assert_eq!(verified["ownership_verification"]["status"], "verified");
    assert_eq!(api.get(&format!("{acme}?verified=true")).await["total_count"], 1);
    assert_eq!(api.get(&format!("{acme}?enrollment_mode=-manual_invitation")).await["total_count"], 0);
    assert_eq!(
        api.get("/v1/organization_domains?query=acme&domains=acme.example").await["data"][0]["id"],
        domain["id"]
    );
    assert_eq!(
        api.refused(Method::PATCH, &path, json!({"enrollment_mode": "by_magic"})).await.2.as_deref(),
        Some("enrollment_mode")
    );
    assert_eq!(api.delete(&path).await["deleted"], true);
    assert_eq!(api.refused(Method::DELETE, &path, Value::Null).await.0, 404);
    api.finish();
}
