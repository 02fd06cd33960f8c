//! What the test of an application writes.

use std::time::Duration;

use clerk_local::LocalClerk;

#[tokio::test]
async fn a_user_in_one_line() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let erin = local.with_user("erin").name("Erin", "Evans").organization("acme", "org:member");
    let token = erin.organization("initech", "org:admin").permission("org:reports:read").plan("pro").token().mint();
    let session = clerk.verify_session_token(&token).await.unwrap();
    let organization = session.organization().unwrap();
    assert_eq!((organization.slug(), organization.role()), (Some("initech"), Some("org:admin")));
    assert!(session.has(&clerk_core::Policy::permission("org:reports:read")));
    assert!(session.has(&clerk_core::Policy::plan("user:pro")));
    assert!(session.has_permission("org:reports:read") && session.has_plan("user:pro") && session.has_plan("pro"));
    assert!(!session.has_plan("org:pro") && !session.has_role("") && !session.has_feature("a b"));
    let erin = local.user("erin").unwrap();
    assert_eq!((erin.name().as_str(), local.memberships("erin").len()), ("Erin Evans", 2));
    assert_eq!(local.with_user("erin").email_address("erin@example.com").create().id, erin.id);
    assert_eq!(local.user("erin@example.com").unwrap().id, erin.id);
}

#[tokio::test]
async fn time_moves_on_for_the_instance_and_the_app() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let token = local.token("alice").unwrap().mint();
    clerk.verify_session_token(&token).await.unwrap();
    local.advance(Duration::from_secs(50));
    clerk.verify_session_token(&token).await.unwrap();
    local.advance(Duration::from_secs(20));
    assert!(clerk.verify_session_token(&token).await.is_err());
    clerk.verify_session_token(&local.token("alice").unwrap().mint()).await.unwrap();
}
