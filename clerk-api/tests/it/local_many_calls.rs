//! The calls that services use most, against a local Clerk instance: each request is valid, and each response can be
//! read.

use std::collections::BTreeSet;

use clerk_api::{ClerkExt as _, Client, Null, sessions::SessionStatus};
use clerk_local::LocalClerk;
use futures_util::TryStreamExt as _;
use serde_json::json;

async fn start() -> (LocalClerk, Client) {
    let local = LocalClerk::start().await.expect("a free port");
    let clerk = local.clerk_builder().and_then(|builder| builder.build()).expect("a complete configuration");
    (local, clerk.api())
}

#[tokio::test]
async fn users() {
    let (local, client) = start().await;
    let users = client.users();
    let ada = users.create().email_address(["ada@example.com"]).password("correct horse battery staple");
    let ada = ada.first_name("Ada").public_metadata(json!({"plan": "free"})).send().await.unwrap();
    assert!(ada.password_enabled && ada.primary_email_address_id.is_some());
    let id = &ada.id;
    assert_eq!(users.get(id).send().await.unwrap().first_name.as_deref(), Some("Ada"));
    let updated = users.update(id).last_name("Lovelace").username("ada").send().await.unwrap();
    assert_eq!((updated.last_name.as_deref(), updated.username.as_deref()), (Some("Lovelace"), Some("ada")));
    assert_eq!(users.update(id).username(Null).send().await.unwrap().username, None);
    let merged = users.update_metadata(id).public_metadata(json!({"plan": "pro", "seats": 2})).send().await.unwrap();
    assert_eq!(serde_json::to_value(&merged.public_metadata).unwrap(), json!({"plan": "pro", "seats": 2}));

    let page = users.list().email_address(["ada@example.com"]).limit(50).send().await.unwrap();
    assert_eq!(page.data.iter().map(|user| &user.id).collect::<Vec<_>>(), [id]);
    for number in 0..25 {
        users.create().username(format!("extra{number}")).send().await.unwrap();
    }
    let all: Vec<_> = users.list().limit(10).order_by("-created_at").stream().try_collect().await.unwrap();
    let ids: BTreeSet<_> = all.iter().map(|user| &user.id).collect();
    assert_eq!((all.len(), ids.len()), (30, 30), "over three pages, each user once");
    assert_eq!(users.count().send().await.unwrap().total_count, 30);

    assert!(users.ban(id).send().await.unwrap().banned && !users.unban(id).send().await.unwrap().banned);
    assert!(users.lock(id).send().await.unwrap().locked && !users.unlock(id).send().await.unwrap().locked);
    let check = users.verify_password(id, "correct horse battery staple").send().await.unwrap();
    assert_eq!(check.verified, Some(true));
    let error = users.verify_password(id, "a guess").send().await.unwrap_err();
    assert!(error.has_code("incorrect_password"), "{error:?}");
    assert!(users.oauth_access_tokens(id, "oauth_google").send().await.unwrap().data.is_empty());
    let alice = local.user("alice").unwrap().id;
    let memberships = users.organization_memberships(&alice).limit(1).send().await.unwrap();
    assert_eq!((memberships.data.len(), memberships.total_count), (1, Some(2)));
    assert!(users.delete(id).send().await.unwrap().deleted);
    assert!(users.get(id).send().await.unwrap_err().is_not_found());
    let error = users.create().username("alice").send().await.unwrap_err();
    assert!(error.has_code("form_identifier_exists"), "{error:?}");
    assert_eq!(error.details()[0].meta["param_name"], "username");
    assert!(error.trace_id().is_some());
}

#[tokio::test]
async fn organizations() {
    let (local, client) = start().await;
    let (alice, bob) = (local.user("alice").unwrap().id, local.user("bob").unwrap().id);
    let organizations = client.organizations();
    let engines = organizations.create("Engines").created_by(&alice).send().await.unwrap();
    let id = &engines.id;
    assert_eq!(organizations.get(id).send().await.unwrap().slug, "engines");
    let found = organizations.list().query("Engines").send().await.unwrap();
    assert_eq!((found.data.len(), found.total_count), (1, Some(1)));
    let renamed = organizations.update(id).name("Analytical Engines").send().await.unwrap();
    assert_eq!(renamed.name, "Analytical Engines");
    organizations.merge_metadata(id).public_metadata(json!({"tier": 2})).send().await.unwrap();

    let members = organizations.memberships();
    assert_eq!(members.create(id, &bob, "org:member").send().await.unwrap().role, "org:member");
    assert_eq!(members.update(id, &bob, "org:admin").send().await.unwrap().role, "org:admin");
    assert_eq!(members.list(id).limit(100).send().await.unwrap().data.len(), 2);
    assert_eq!(members.delete(id, &bob).send().await.unwrap().role, "org:admin");

    let invitations = organizations.invitations();
    let invitation = invitations.create(id, "charles@example.com", "org:member").send().await.unwrap();
    assert_eq!(invitations.list(id).send().await.unwrap().total_count, Some(1));
    let revoked = invitations.revoke(id, &invitation.id).send().await.unwrap();
    assert_eq!(revoked.status.as_deref(), Some("revoked"));
    let error = invitations.create(id, "not-an-address", "org:member").send().await.unwrap_err();
    assert!(error.has_code("form_param_format_invalid"), "{error:?}");
    assert!(organizations.delete(id).send().await.unwrap().deleted);
}

#[tokio::test]
async fn sessions_and_their_tokens() {
    let (local, client) = start().await;
    let alice = local.user("alice").unwrap().id;
    let sessions = client.sessions();
    let session = sessions.create(&alice).send().await.unwrap();
    assert_eq!(sessions.list().user_id(&alice).send().await.unwrap().data.len(), 1);
    assert_eq!(sessions.get(&session.id).send().await.unwrap().status, SessionStatus::Active);
    let token = sessions.token(&session.id).expires_in_seconds(60).send().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let jwt = token.jwt.as_ref().expect("a token").expose();
    assert_eq!(clerk.verify_session_token(jwt).await.unwrap().session_id().as_str(), session.id);
    let template = client.jwt_templates().create("db", json!({"email": "{{user.primary_email_address}}"}));
    template.send().await.unwrap();
    sessions.token_from_template(&session.id, "db").send().await.unwrap();
    assert_eq!(sessions.revoke(&session.id).send().await.unwrap().status, SessionStatus::Revoked);
}

#[tokio::test]
async fn invitations_and_tokens() {
    let (local, client) = start().await;
    let alice = local.user("alice").unwrap().id;
    let invitations = client.invitations();
    let invitation = invitations.create("grace@example.com").ignore_existing(true).send().await.unwrap();
    assert_eq!(invitations.revoke(&invitation.id).send().await.unwrap().revoked, Some(true));
    let addresses = ["mary@example.com", "anne@example.com"];
    invitations.bulk_create(addresses.map(|address| invitations.create(address).notify(false))).send().await.unwrap();
    assert_eq!(invitations.list().limit(100).send().await.unwrap().data.len(), 3);

    let link = client.sign_in_tokens().create(&alice).expires_in_seconds(600).send().await.unwrap();
    client.sign_in_tokens().revoke(&link.id).send().await.unwrap();
    let actor = client.actor_tokens().create(&alice, json!({"sub": "user_support"})).send().await.unwrap();
    client.actor_tokens().revoke(&actor.id).send().await.unwrap();
    client.testing_tokens().create().send().await.unwrap();
    let keys = client.api_keys();
    let key = keys.create("ci key", &alice).scopes(["read"]).send().await.unwrap();
    assert_eq!(keys.list(&alice).send().await.unwrap().data.len(), 1);
    assert!(keys.revoke(&key.id).revocation_reason("unused").send().await.unwrap().revoked);
    let allowed = client.allowlist_identifiers();
    let entry = allowed.create("ada@example.com").send().await.unwrap();
    assert_eq!(allowed.list().send().await.unwrap().data.len(), 1);
    allowed.delete(entry.id.expect("an id")).send().await.unwrap();
    let waiting = client.waitlist_entries();
    let entry = waiting.create("joan@example.com").send().await.unwrap();
    assert_eq!(waiting.list().send().await.unwrap().total_count, Some(1));
    waiting.invite(&entry.id).send().await.unwrap();
    assert!(local.requests().iter().all(|request| request.status == 200), "{:?}", local.requests());
}

#[tokio::test]
async fn a_rate_limited_call_is_retried() {
    let (local, client) = start().await;
    local.faults().next(clerk_local::Fault::RateLimited(std::time::Duration::from_secs(1)));
    let count = client.users().count().send().await.unwrap();
    assert_eq!(count.total_count, 4);
    let statuses: Vec<_> = local.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [429, 200]);
}

#[tokio::test]
async fn a_stream_of_users_or_organizations_goes_on_while_each_is_deleted() {
    let (local, client) = start().await;
    for number in 0..45 {
        client.users().create().username(format!("extra{number}")).send().await.unwrap();
        client.organizations().create(format!("Extra {number}")).send().await.unwrap();
    }
    for order in ["-created_at", "created_at", "username"] {
        let mut users = client.users().list().query("extra").order_by(order).limit(7).stream();
        let mut count = 0;
        while let Some(user) = users.try_next().await.unwrap() {
            client.users().delete(user.id).send().await.unwrap();
            count += 1;
            if count == 15 {
                break; // the next order has the rest
            }
        }
        assert_eq!(count, 15, "{order}");
    }
    let mut organizations = client.organizations().list().query("Extra").limit(7).stream();
    while let Some(organization) = organizations.try_next().await.unwrap() {
        client.organizations().delete(organization.id).send().await.unwrap();
    }
    assert_eq!(client.organizations().list().query("Extra").send().await.unwrap().total_count, Some(0));
    assert_eq!(client.users().count().query("extra").send().await.unwrap().total_count, 0);
    drop(local);
}
