//! The instance: its settings, domains, lists and addresses.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn settings_can_be_changed() {
    let api = Api::start().await;
    assert_eq!(api.get("/v1/instance").await["environment_type"], "development");
    api.patch("/v1/instance", json!({"allowed_origins": ["chrome-extension://abc"], "support_email": null})).await;
    assert_eq!(api.get("/v1/instance").await["allowed_origins"], json!(["chrome-extension://abc"]));
    assert_eq!(api.refused(Method::PATCH, "/v1/instance", json!({"colour": 1})).await.1, "form_param_unknown");
    assert_eq!(api.patch("/v1/instance/restrictions", json!({"allowlist": true})).await["allowlist"], true);
    let refusal = api.refused(Method::PATCH, "/v1/instance/restrictions", json!({"allowlist": "yes"})).await;
    assert_eq!(refusal, (422, "form_param_format_invalid".to_owned(), Some("allowlist".to_owned())));
    for (path, change) in [
        ("/v1/instance/protect", json!({"rules_enabled": true})),
        ("/v1/instance/communication", json!({"blocked_country_codes": ["AQ"]})),
        ("/v1/instance/oauth_application_settings", json!({"dynamic_oauth_client_registration": false})),
        ("/v1/instance/organization_settings", json!({"max_allowed_memberships": 2})),
    ] {
        let changed = api.patch(path, change.clone()).await;
        let (name, value) = change.as_object().unwrap().iter().next().unwrap();
        assert_eq!((&changed[name], &api.get(path).await), (value, &changed), "{path}");
    }
    let member = api.get("/v1/organization_roles?query=member").await["data"][0]["id"].clone();
    let settings = api.patch("/v1/instance/organization_settings", json!({ "creator_role_id": member })).await;
    assert_eq!(settings["creator_role"], "org:member");
    let alice = api.local.user("alice").unwrap().id;
    let made = api.post("/v1/organizations", json!({"name": "Two", "created_by": alice})).await;
    assert_eq!(made["max_allowed_memberships"], 2);
    let members = api.get(&format!("/v1/organizations/{}/memberships", made["id"].as_str().unwrap())).await;
    assert_eq!(members["data"][0]["role"], "org:member");
    assert!(api.post("/v1/webhooks/svix_url", Value::Null).await["svix_url"].as_str().unwrap().ends_with("/webhooks"));
    api.post("/v1/webhooks/svix", Value::Null).await;
    api.local.add_webhook_endpoint("http://127.0.0.1:9/deleted").unwrap();
    api.delete("/v1/webhooks/svix").await;
    let message = api.local.send_webhook("test", json!({}));
    api.local.redeliver_webhook(&message);
    let page = reqwest::get(format!("{}/webhooks", api.local.frontend_api_url())).await.unwrap().text().await.unwrap();
    assert!(!page.contains("127.0.0.1:9/deleted"), "the endpoint is deleted");
    api.finish();
}

#[tokio::test]
async fn domains_lists_and_redirect_urls() {
    let api = Api::start().await;
    let domain = api.post("/v1/domains", json!({"name": "satellite.example", "is_satellite": true})).await;
    let path = format!("/v1/domains/{}", domain["id"].as_str().unwrap());
    assert_eq!(
        api.patch(&path, json!({"proxy_url": "https://satellite.example/__clerk"})).await["proxy_url"],
        "https://satellite.example/__clerk"
    );
    let domains = api.get("/v1/domains").await;
    assert_eq!((&domains["total_count"], &domains["data"][0]["is_satellite"]), (&json!(2), &json!(false)));
    let primary = format!("/v1/domains/{}", domains["data"][0]["id"].as_str().unwrap());
    assert_eq!(api.refused(Method::DELETE, &primary, Value::Null).await.0, 403);
    assert_eq!(api.delete(&path).await["deleted"], true);

    let allowed =
        api.post("/v1/allowlist_identifiers", json!({"identifier": "grace@example.com", "notify": true})).await;
    assert_eq!((&allowed["identifier_type"], allowed["invitation_id"].is_string()), (&json!("email_address"), true));
    assert_eq!(api.local.outbox().last().unwrap().to, "grace@example.com");
    let again = json!({"identifier": "Grace@example.com"});
    assert_eq!(api.refused(Method::POST, "/v1/allowlist_identifiers", again).await.1, "duplicate_record");
    assert_eq!(api.get("/v1/allowlist_identifiers?paginated=true").await["total_count"], 1);
    let blocked = api.post("/v1/blocklist_identifiers", json!({"identifier": "+15555550199"})).await;
    assert_eq!(blocked["identifier_type"], "phone_number");
    assert_eq!(api.get("/v1/blocklist_identifiers").await["data"][0]["id"], blocked["id"]);
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    let other_list = format!("/v1/blocklist_identifiers/{}", id(&allowed));
    assert_eq!(api.refused(Method::DELETE, &other_list, Value::Null).await.0, 404);
    api.delete(&format!("/v1/allowlist_identifiers/{}", id(&allowed))).await;
    api.delete(&format!("/v1/blocklist_identifiers/{}", id(&blocked))).await;
    assert_eq!(api.get("/v1/allowlist_identifiers").await, json!([]));

    let own = api.post("/v1/redirect_urls", json!({"url": "myapp://callback"})).await;
    assert_eq!(api.get(&format!("/v1/redirect_urls/{}", id(&own))).await, own);
    assert_eq!(api.get("/v1/redirect_urls").await, json!([own]));
    assert_eq!(
        api.refused(Method::POST, "/v1/redirect_urls", json!({"url": "callback"})).await.2.as_deref(),
        Some("url")
    );
    assert_eq!(api.delete(&format!("/v1/redirect_urls/{}", id(&own))).await["deleted"], true);
    api.finish();
}
