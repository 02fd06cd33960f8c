//! Memberships in organizations.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn memberships_are_created_listed_changed_and_deleted() {
    let api = Api::start().await;
    let acme = api.get("/v1/organizations/acme").await["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/organizations/{acme}/memberships");
    let carol = api.local.user("carol").unwrap().id;
    let params = json!({"user_id": carol, "role": "org:member", "public_metadata": {"desk": 7}});
    let membership = api.post(&path, params.clone()).await;
    assert_eq!((&membership["role"], &membership["public_metadata"]), (&json!("org:member"), &json!({"desk": 7})));
    assert_eq!(membership["public_user_data"]["user_id"], carol);
    assert_eq!(api.refused(Method::POST, &path, params).await.1, "already_a_member_in_organization");
    for (body, parameter) in [
        (json!({"role": "org:member"}), "user_id"),
        (json!({"user_id": carol}), "role"),
        (json!({"user_id": "user_no", "role": "org:member"}), "user_id"),
        (json!({"user_id": carol, "role": "org:king"}), "role"),
    ] {
        assert_eq!(api.refused(Method::POST, &path, body.clone()).await.2.as_deref(), Some(parameter), "{body}");
    }

    let members = async |query: &str| {
        let list = api.get(&format!("{path}?{query}")).await;
        let members = list["data"].as_array().unwrap().iter();
        members
            .map(|one| one["public_user_data"]["username"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(members("").await, "carol bob alice", "the newest first");
    assert_eq!(members("order_by=username").await, "alice bob carol");
    assert_eq!(members("role=org:admin").await, "alice");
    assert_eq!(members("query=carol").await, "carol");
    assert_eq!(members("email_address=bob@example.com").await, "bob");
    assert_eq!(members(&format!("user_id={carol}")).await, "carol");
    assert_eq!(members("limit=1&offset=1").await, "bob");
    assert_eq!(api.get("/v1/organization_memberships?limit=2").await["total_count"], 4);

    let own = format!("{path}/{carol}");
    assert_eq!(api.patch(&own, json!({"role": "org:admin"})).await["role"], "org:admin");
    let events: Vec<_> = api.local.webhook_messages().iter().map(|message| message.event_type().to_owned()).collect();
    assert_eq!(events.last().map(String::as_str), Some("organizationMembership.updated"));
    let merged = api.patch(&format!("{own}/metadata"), json!({"public_metadata": {"desk": null}})).await;
    assert_eq!(merged["public_metadata"], json!({}));
    assert_eq!(api.delete(&own).await["role"], "org:admin", "the role at the time of the deletion");
    assert_eq!(api.refused(Method::DELETE, &own, Value::Null).await.0, 404);
    assert_eq!(api.refused(Method::PATCH, &own, json!({"role": "org:admin"})).await.0, 404);
    api.finish();
}
