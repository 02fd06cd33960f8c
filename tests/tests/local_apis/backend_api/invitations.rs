//! Invitations to organizations and to the application, and the waitlist.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn invitations_to_organizations() {
    let api = Api::start().await;
    let acme = api.get("/v1/organizations/acme").await["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/organizations/{acme}/invitations");
    let alice = api.local.user("alice").unwrap().id;
    let params = json!({
        "email_address": "Grace@Example.com", "role": "org:member", "inviter_user_id": alice, "expires_in_days": 2,
        "redirect_url": "http://localhost:3000/welcome", "public_metadata": {"desk": 1},
    });
    let invitation = api.post(&path, params.clone()).await;
    assert_eq!((&invitation["status"], &invitation["email_address"]), (&json!("pending"), &json!("grace@example.com")));
    assert_eq!(invitation["public_inviter_data"]["user_id"], alice);
    let days = invitation["expires_at"].as_i64().unwrap() - invitation["created_at"].as_i64().unwrap();
    assert_eq!(days, 2 * 86_400_000);
    let link = api.local.outbox().last().unwrap().link.clone();
    assert_eq!(invitation["url"].as_str(), link.as_deref(), "the link in the e-mail");
    let own = format!("{path}/{}", invitation["id"].as_str().unwrap());
    assert_eq!(api.get(&own).await, invitation);
    assert_eq!(api.refused(Method::POST, &path, params).await.1, "duplicate_record");
    let member = json!({"email_address": "bob@example.com", "role": "org:member"});
    assert_eq!(api.refused(Method::POST, &path, member).await.1, "already_a_member_in_organization");

    let bulk = json!([
        {"email_address": "mary@example.com", "role": "org:member", "notify": false},
        {"email_address": "anne@example.com", "role": "org:admin"},
    ]);
    let messages = api.local.outbox().len();
    assert_eq!(api.post(&format!("{path}/bulk"), bulk).await["total_count"], 2);
    assert_eq!(api.local.outbox().len(), messages + 1, "one of them without an e-mail");
    let half = json!([{"email_address": "joan@example.com", "role": "org:member"}, {"email_address": "x"}]);
    assert_eq!(api.refused(Method::POST, &format!("{path}/bulk"), half).await.2.as_deref(), Some("email_address"));
    let joan = json!({"email_address": "joan@example.com", "role": "org:member"});
    let full = api.refused(Method::POST, &path, joan.clone()).await;
    assert_eq!((full.0, &*full.1), (403, "organization_membership_quota_exceeded"), "two members, three invited");
    let twice = json!([joan, joan]);
    assert_eq!(api.refused(Method::POST, &format!("{path}/bulk"), twice).await.1, "duplicate_record");
    assert_eq!(api.get(&path).await["total_count"], 3, "all or none");

    assert_eq!(api.post(&format!("{own}/revoke"), json!({"requesting_user_id": alice})).await["status"], "revoked");
    assert_eq!(api.refused(Method::POST, &format!("{own}/revoke"), json!({})).await.0, 400);
    assert_eq!(api.get(&format!("{path}/pending")).await["total_count"], 2);
    assert_eq!(api.get(&format!("{path}?status=revoked&email_address=grace@example.com")).await["total_count"], 1);
    assert_eq!(
        api.get("/v1/organization_invitations?query=mary").await["data"][0]["public_organization_data"]["slug"],
        "acme"
    );
    let events: Vec<_> = api.local.webhook_messages().iter().map(|message| message.event_type().to_owned()).collect();
    let of = |event: &str| events.iter().filter(|sent| *sent == event).count();
    assert_eq!((of("organizationInvitation.created"), of("organizationInvitation.revoked")), (3, 1));
    api.finish();
}

#[tokio::test]
async fn invitations_to_the_application() {
    let api = Api::start().await;
    let params =
        json!({"email_address": "Grace@example.com", "public_metadata": {"plan": "pro"}, "expires_in_days": 1});
    let invitation = api.post("/v1/invitations", params.clone()).await;
    assert_eq!((&invitation["status"], &invitation["revoked"]), (&json!("pending"), &json!(false)));
    assert!(invitation["url"].as_str().unwrap().starts_with(api.local.frontend_api_url()));
    assert_eq!(api.refused(Method::POST, "/v1/invitations", params.clone()).await.1, "duplicate_record");
    let mut again = params;
    again["ignore_existing"] = true.into();
    api.post("/v1/invitations", again).await;
    let user = json!({"email_address": "alice@example.com"});
    assert_eq!(api.refused(Method::POST, "/v1/invitations", user).await.1, "form_identifier_exists");
    let bulk = json!([{"email_address": "mary@example.com"}, {"email_address": "anne@example.com", "notify": false}]);
    assert_eq!(api.post("/v1/invitations/bulk", bulk).await.as_array().unwrap().len(), 2);
    assert_eq!(api.refused(Method::POST, "/v1/invitations/bulk", json!([])).await.0, 400);
    assert_eq!(api.local.outbox().len(), 3);
    let days = json!({"email_address": "x@example.com", "expires_in_days": 366});
    assert_eq!(api.refused(Method::POST, "/v1/invitations", days).await.2.as_deref(), Some("expires_in_days"));
    let revoke = format!("/v1/invitations/{}/revoke", invitation["id"].as_str().unwrap());
    let revoked = api.post(&revoke, Value::Null).await;
    assert_eq!((&revoked["status"], &revoked["revoked"], revoked.get("url")), (&json!("revoked"), &json!(true), None));
    assert_eq!(api.refused(Method::POST, &revoke, Value::Null).await.0, 400);
    assert_eq!(api.get("/v1/invitations?status=pending").await.as_array().unwrap().len(), 3);
    assert_eq!(api.get("/v1/invitations?query=mary").await[0]["email_address"], "mary@example.com");
    api.finish();
}

#[tokio::test]
async fn the_waitlist() {
    let api = Api::start().await;
    let entry = api.post("/v1/waitlist_entries", json!({"email_address": "grace@example.com"})).await;
    let again = api.post("/v1/waitlist_entries", json!({"email_address": "Grace@example.com", "notify": false})).await;
    assert_eq!(entry, again);
    let bulk = json!([{"email_address": "mary@example.com"}, {"email_address": "anne@example.com"}]);
    let bulk = api.post("/v1/waitlist_entries/bulk", bulk).await;
    let path = |entry: &Value| format!("/v1/waitlist_entries/{}", entry["id"].as_str().unwrap());
    let invited = api.post(&format!("{}/invite", path(&entry)), json!({})).await;
    assert_eq!((&invited["status"], &invited["invitation"]["status"]), (&json!("invited"), &json!("pending")));
    assert_eq!(api.refused(Method::POST, &format!("{}/invite", path(&entry)), json!({})).await.0, 409);
    assert_eq!(api.post(&format!("{}/reject", path(&bulk[0])), Value::Null).await["status"], "rejected");
    assert_eq!(api.delete(&path(&bulk[1])).await["deleted"], true);
    let list = api.get("/v1/waitlist_entries?order_by=-created_at").await;
    assert_eq!(list["total_count"], 2);
    assert_eq!(api.get("/v1/waitlist_entries?status=rejected").await["data"][0]["email_address"], "mary@example.com");
    assert_eq!(api.get("/v1/invitations").await[0]["email_address"], "grace@example.com");
    api.finish();
}
