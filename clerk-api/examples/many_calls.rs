//! Calls the forty operations that services use most, each once, in a development instance. Deletes the users and other
//! objects that it creates. Rejects a production key.

#![expect(clippy::print_stdout, reason = "an example prints its results")]

use clerk_api::{ApiError, Client, Null};
use clerk_core::config::{InstanceType, SecretKey};
use futures_util::TryStreamExt as _;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key: SecretKey = std::env::var("CLERK_SECRET_KEY")?.parse()?;
    if key.instance_type() != Some(InstanceType::Development) {
        return Err(
            "this example creates and deletes users: set CLERK_SECRET_KEY to the key of a development instance".into(),
        );
    }
    let client = Client::new(key)?;
    let user = users(&client).await?;
    organizations(&client, &user).await?;
    sessions(&client, &user).await?;
    invitations(&client).await?;
    tokens(&client, &user).await?;
    client.users().delete(user).send().await?;
    Ok(())
}

/// Returns a new user's id.
async fn users(client: &Client) -> Result<String, ApiError> {
    let users = client.users();
    let user = users
        .create()
        .email_address(["ada+clerk_test@example.com"])
        .password("correct horse battery staple")
        .first_name("Ada")
        .public_metadata(json!({ "plan": "free" }))
        .send()
        .await?;
    users.get(&user.id).send().await?;
    users.update(&user.id).last_name("Lovelace").username(Null).send().await?;
    users.update_metadata(&user.id).public_metadata(json!({ "plan": "pro" })).send().await?;
    users.list().email_address(["ada+clerk_test@example.com"]).limit(50).send().await?;
    let mut all = users.list().order_by("-created_at").stream();
    while let Some(user) = all.try_next().await? {
        println!("{} {:?}", user.id, user.first_name);
    }
    println!("{} users", users.count().send().await?.total_count);
    users.ban(&user.id).send().await?;
    users.unban(&user.id).send().await?;
    users.lock(&user.id).send().await?;
    users.unlock(&user.id).send().await?;
    let check = users.verify_password(&user.id, "a guess").send().await;
    println!("password correct: {}", check.is_ok_and(|check| check.verified == Some(true)));
    users.oauth_access_tokens(&user.id, "oauth_google").send().await?;
    users.organization_memberships(&user.id).limit(100).send().await?;
    Ok(user.id)
}

async fn organizations(client: &Client, user: &str) -> Result<(), ApiError> {
    let organizations = client.organizations();
    let organization = organizations.create("Engines").created_by(user).send().await?;
    let id = &organization.id;
    organizations.get(id).send().await?;
    organizations.list().query("Engines").send().await?;
    organizations.update(id).name("Analytical Engines").send().await?;
    organizations.merge_metadata(id).public_metadata(json!({ "tier": 2 })).send().await?;
    let members = organizations.memberships();
    members.update(id, user, "org:admin").send().await?;
    for member in members.list(id).limit(100).send().await? {
        println!("{} is {}", member.id, member.role);
    }
    let invitations = organizations.invitations();
    let invitation = invitations.create(id, "charles+clerk_test@example.com", "org:member").send().await?;
    invitations.list(id).send().await?;
    invitations.revoke(id, invitation.id).send().await?;
    members.delete(id, user).send().await?;
    organizations.delete(id).send().await?;
    Ok(())
}

async fn sessions(client: &Client, user: &str) -> Result<(), ApiError> {
    let sessions = client.sessions();
    let session = sessions.create(user).send().await?;
    sessions.list().user_id(user).send().await?;
    println!("session status: {}", sessions.get(&session.id).send().await?.status);
    let token = sessions.token(&session.id).expires_in_seconds(60).send().await?;
    println!("session token: {:?}", token.jwt); // `Debug` does not show the secret
    sessions.revoke(&session.id).send().await?;
    Ok(())
}

async fn invitations(client: &Client) -> Result<(), ApiError> {
    let invitations = client.invitations();
    let invitation = invitations.create("grace+clerk_test@example.com").ignore_existing(true).send().await?;
    invitations.revoke(invitation.id).send().await?;
    let addresses = ["mary+clerk_test@example.com", "anne+clerk_test@example.com"];
    invitations.bulk_create(addresses.map(|address| invitations.create(address).notify(false))).send().await?;
    invitations.list().limit(100).send().await?;
    Ok(())
}

async fn tokens(client: &Client, user: &str) -> Result<(), ApiError> {
    let link = client.sign_in_tokens().create(user).expires_in_seconds(600).send().await?;
    client.sign_in_tokens().revoke(link.id).send().await?;
    let actor = client.actor_tokens().create(user, json!({ "sub": "user_support" })).send().await?;
    client.actor_tokens().revoke(actor.id).send().await?;
    client.testing_tokens().create().send().await?;
    let keys = client.api_keys();
    let key = keys.create("ci key", user).scopes(["read"]).send().await?;
    keys.list(user).send().await?;
    keys.revoke(key.id).revocation_reason("unused").send().await?;
    let allowed = client.allowlist_identifiers();
    let entry = allowed.create("ada@example.com").send().await?;
    allowed.list().send().await?;
    if let Some(id) = entry.id {
        allowed.delete(id).send().await?;
    }
    client.waitlist_entries().list().send().await?;
    Ok(())
}
