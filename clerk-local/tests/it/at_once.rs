//! Requests at the same time, of which only some can succeed.

use clerk_local::LocalClerk;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// How many requests are sent at once, and how often: without a lock around check and change, some round fails.
const CROWD: usize = 16;
const ROUNDS: usize = 10;

/// Sends several requests to an instance's Backend API at once; returns the bodies of the successes, and the codes of
/// the errors.
async fn send_at_once(local: &LocalClerk, requests: Vec<(String, Value)>) -> (Vec<Value>, Vec<String>) {
    let client = reqwest::Client::new();
    let mut tasks = JoinSet::new();
    for (path, body) in requests {
        let request = client.post(format!("{}/v1{path}", local.backend_api_url()));
        let request = request.bearer_auth(local.secret_key().expose()).header("content-type", "application/json");
        tasks.spawn(request.body(body.to_string()).send());
    }
    let (mut granted, mut refused) = (Vec::new(), Vec::new());
    while let Some(answer) = tasks.join_next().await {
        let answer = answer.unwrap().unwrap();
        let succeeded = answer.status().is_success();
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        if succeeded {
            granted.push(body);
        } else {
            refused.push(body["errors"][0]["code"].as_str().unwrap().to_owned());
        }
    }
    (granted, refused)
}

async fn organization(local: &LocalClerk, slug: &str, max: usize) -> String {
    let body = json!({"name": slug, "slug": slug, "max_allowed_memberships": max});
    let (granted, _) = send_at_once(local, vec![("/organizations".to_owned(), body)]).await;
    granted[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_organization_never_exceeds_its_limit_of_members() {
    let local = LocalClerk::start().await.unwrap();
    let users: Vec<_> = (0..CROWD).map(|number| local.create_user(&format!("user{number}"), "A B").id).collect();
    for round in 0..ROUNDS {
        let path = format!("/organizations/{}/memberships", organization(&local, &format!("full{round}"), 3).await);
        let requests = users.iter().map(|id| (path.clone(), json!({"user_id": id, "role": "org:member"})));
        let (granted, refused) = send_at_once(&local, requests.collect()).await;
        assert_eq!(granted.len(), 3);
        assert!(refused.iter().all(|code| code == "organization_membership_quota_exceeded"), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_user_becomes_a_member_once() {
    let local = LocalClerk::start().await.unwrap();
    let carol = local.user("carol").unwrap().id;
    for round in 0..ROUNDS {
        let path = format!("/organizations/{}/memberships", organization(&local, &format!("once{round}"), 0).await);
        let (granted, refused) =
            send_at_once(&local, vec![(path, json!({"user_id": carol, "role": "org:member"})); CROWD]).await;
        assert_eq!(granted.len(), 1);
        assert!(refused.iter().all(|code| code == "already_a_member_in_organization"), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slug_belongs_to_one_organization() {
    let local = LocalClerk::start().await.unwrap();
    for round in 0..ROUNDS {
        let chosen = json!({"name": "x", "slug": format!("slug{round}")});
        let (granted, refused) = send_at_once(&local, vec![("/organizations".to_owned(), chosen); CROWD]).await;
        assert_eq!(granted.len(), 1);
        assert!(refused.iter().all(|code| code == "form_identifier_exists"), "{refused:?}");
        let of_name = json!({"name": format!("Name {round}")});
        let (granted, _) = send_at_once(&local, vec![("/organizations".to_owned(), of_name); CROWD]).await;
        let mut slugs: Vec<_> = granted.iter().map(|one| one["slug"].as_str().unwrap()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), CROWD, "each has its own slug");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_is_invited_once() {
    let local = LocalClerk::start().await.unwrap();
    for round in 0..ROUNDS {
        let path = format!("/organizations/{}/invitations", organization(&local, &format!("inv{round}"), 0).await);
        let body = json!({"email_address": "new@example.com", "role": "org:member"});
        let (granted, refused) = send_at_once(&local, vec![(path, body); CROWD]).await;
        assert_eq!(granted.len(), 1);
        assert!(refused.iter().all(|code| code == "duplicate_record"), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_belongs_to_one_user() {
    let local = LocalClerk::start().await.unwrap();
    let users: Vec<_> = (0..CROWD).map(|number| local.create_user(&format!("user{number}"), "A B").id).collect();
    for round in 0..ROUNDS {
        let address = format!("wanted{round}@example.com");
        let body = |id| json!({"user_id": id, "email_address": address, "verified": true});
        let requests = users.iter().map(|id| ("/email_addresses".to_owned(), body(id)));
        let (granted, refused) = send_at_once(&local, requests.collect()).await;
        assert_eq!(granted.len(), 1);
        assert!(refused.iter().all(|code| code == "form_identifier_exists"), "{refused:?}");
    }
}
