//! [`LocalClerk`]: one instance, its keys and addresses.

use std::{
    fmt,
    sync::{Arc, atomic::Ordering},
};

use clerk_core::{Clerk, ClerkBuilder, ConfigError, MachineSecretKey, PublishableKey, SecretKey};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    builder::LocalClerkBuilder,
    changes::Change,
    error::{StartError, UnknownName},
    faults::Faults,
    machine_token::MachineTokenBuilder,
    outbox::OutboxMessage,
    request_log::LoggedRequest,
    server::Server,
    shared::{ISSUER, Shared},
    store::{End, Kind, Membership, Organization, User},
    token::TokenBuilder,
    webhooks::WebhookMessage,
};

/// A running instance; it ends when it is dropped.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use clerk_local::LocalClerk;
///
/// let local = LocalClerk::start().await?; // ports of the system's choice, the demo seed
/// let fixed = LocalClerk::builder().frontend_port(4400).backend_port(4401).start().await?;
/// # Ok(()) }
/// ```
pub struct LocalClerk {
    pub(crate) shared: Arc<Shared>,
    pub(crate) backend_api_url: String,
    pub(crate) frontend_api_url: String,
    pub(crate) servers: Vec<Server>,
}

impl LocalClerk {
    /// Starts an instance with the demo seed on ports of the system's choice.
    ///
    /// # Errors
    /// When no port can be listened on.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A builder with the demo seed.
    #[must_use]
    pub fn builder() -> LocalClerkBuilder {
        LocalClerkBuilder::new()
    }

    /// The instance's publishable key.
    #[must_use]
    pub fn publishable_key(&self) -> &PublishableKey {
        &self.shared.publishable_key
    }

    /// The instance's secret key, another at each start.
    #[must_use]
    pub fn secret_key(&self) -> &SecretKey {
        &self.shared.secret_key
    }

    /// The Backend API's URL, what `CLERK_API_URL` names.
    #[must_use]
    pub fn backend_api_url(&self) -> &str {
        &self.backend_api_url
    }

    /// The URL of the Frontend API and of the pages, what `CLERK_PROXY_URL` would name.
    #[must_use]
    pub fn frontend_api_url(&self) -> &str {
        &self.frontend_api_url
    }

    /// The `iss` claim of the instance's tokens.
    #[must_use]
    pub const fn issuer(&self) -> &'static str {
        ISSUER
    }

    /// The public key in PEM form, what `CLERK_JWT_KEY` holds.
    #[must_use]
    pub fn jwt_key_pem(&self) -> String {
        self.shared.key().public_pem()
    }

    /// A builder of a `Clerk` that trusts this instance as it would trust the real one: secret key, publishable key,
    /// API URL, webhook signing secret, clock. The Frontend API is proxied, as Clerk calls it, so that browsers find it on this machine.
    ///
    /// # Errors
    /// Never with the keys of an instance; they pass through the same checks as yours.
    pub fn clerk_builder(&self) -> Result<ClerkBuilder, ConfigError> {
        Clerk::builder()
            .secret_key(self.shared.secret_key.clone())
            .publishable_key(self.shared.publishable_key.clone())
            .machine_secret_key(self.shared.machine_secret_key.clone())
            .clock(Arc::clone(&self.shared.clock))
            .sign_in_url(&format!("{}/sign-in", self.frontend_api_url))?
            .webhook_signing_secrets([self.webhook_signing_secret().parse()?])
            .proxy_url(&self.frontend_api_url)?
            .api_url(&self.backend_api_url)
    }

    /// The environment variables of an app that trusts this instance.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("CLERK_PUBLISHABLE_KEY", self.publishable_key().as_str().to_owned()),
            ("CLERK_SECRET_KEY", self.secret_key().expose().to_owned()),
            ("CLERK_API_URL", self.backend_api_url.clone()),
            ("CLERK_PROXY_URL", self.frontend_api_url.clone()),
            ("CLERK_SIGN_IN_URL", format!("{}/sign-in", self.frontend_api_url)),
            ("CLERK_WEBHOOK_SIGNING_SECRET", self.webhook_signing_secret().to_owned()),
        ]
    }

    /// The page to sign in on, which leads back to `return_to`.
    #[must_use]
    pub fn sign_in_url(&self, return_to: &str) -> String {
        self.page("sign-in", return_to)
    }

    /// The page to sign out on, which leads back to `return_to`.
    #[must_use]
    pub fn sign_out_url(&self, return_to: &str) -> String {
        self.page("sign-out", return_to)
    }

    fn page(&self, name: &str, return_to: &str) -> String {
        format!("{}/{name}?redirect_url={}", self.frontend_api_url, utf8_percent_encode(return_to, NON_ALPHANUMERIC))
    }

    /// The user with this name or id.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<User> {
        self.shared.store().user(name).cloned()
    }

    /// All users.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.shared.store().users.iter().cloned().collect()
    }

    /// What a user is in which organizations, the oldest first; nothing for a user whom the instance does not know.
    #[must_use]
    pub fn memberships(&self, user: &str) -> Vec<Membership> {
        let store = self.shared.store();
        store.user(user).map_or_else(Vec::new, |user| store.memberships_of(&user.id).cloned().collect())
    }

    /// Creates a user, in place of one with the same name.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn create_user(&self, username: &str, name: &str) -> User {
        self.shared.create_user(username, name)
    }

    /// Creates an organization, in place of one with the same slug.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn create_organization(&self, slug: &str, name: &str) -> Organization {
        self.shared.create_organization(slug, name)
    }

    /// Makes a user a member of an organization.
    ///
    /// # Errors
    /// When the instance has no such user or organization.
    pub fn add_member(
        &self,
        user: &str,
        organization: &str,
        role: &str,
        permissions: &[&str],
    ) -> Result<(), UnknownName> {
        self.shared.add_member(user, organization, role, permissions).map(|_| ())
    }

    /// A token of this user, by name or id: valid as it is, and every claim can be changed.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn token(&self, user: &str) -> Result<TokenBuilder, UnknownName> {
        self.shared.token(user).ok_or_else(|| UnknownName(user.to_owned()))
    }

    /// An API key of a user or an organization.
    pub fn api_key(&self, subject: &str) -> MachineTokenBuilder {
        MachineTokenBuilder::new(Arc::clone(&self.shared), Kind::ApiKey, subject)
    }

    /// A token of a machine, `mch_...`.
    pub fn m2m_token(&self, machine: &str) -> MachineTokenBuilder {
        MachineTokenBuilder::new(Arc::clone(&self.shared), Kind::M2m, machine)
    }

    /// An access token that an OAuth application has for a user.
    pub fn oauth_token(&self, user_id: &str) -> MachineTokenBuilder {
        MachineTokenBuilder::new(Arc::clone(&self.shared), Kind::OAuth, user_id)
    }

    /// The secret key of a machine of the instance, what `CLERK_MACHINE_SECRET_KEY` holds.
    #[must_use]
    pub fn machine_secret_key(&self) -> &MachineSecretKey {
        &self.shared.machine_secret_key
    }

    /// The id of that machine, `mch_...`: whom the M2M tokens stand for that are created with its secret key.
    #[must_use]
    pub fn machine_id(&self) -> &str {
        &self.shared.machine_id
    }

    /// Revokes an API key, an opaque M2M token or an opaque OAuth access token by its id; whether there is one.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn revoke_machine_token(&self, id: &str) -> bool {
        self.shared.store().machine_tokens.revoke(id, |_| true, None).is_some()
    }

    /// Ends the session of every browser, as if each had signed out somewhere else.
    pub fn end_sessions(&self) {
        self.shared.sign_out_all();
    }

    /// Ends one session, by its id: as if it had been signed out somewhere else.
    pub fn end_session(&self, session_id: &str) {
        self.shared.end_session(session_id, End::Ended);
    }

    /// Ends one session, by its id: as if somebody had revoked it in the dashboard.
    pub fn revoke_session(&self, session_id: &str) {
        self.shared.end_session(session_id, End::Revoked);
    }

    /// Signs a user in on a new browser; the session's id, for tokens of it.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn sign_in(&self, user: &str) -> Result<String, UnknownName> {
        let unknown = || UnknownName(user.to_owned());
        let user_id = self.user(user).ok_or_else(unknown)?.id;
        let client = self.shared.store().clients.add(self.shared.clock.now());
        self.shared.sign_in(&client, &user_id).last_active_session_id.ok_or_else(unknown)
    }

    /// Takes a user out of an organization; their next tokens do not name it any more.
    ///
    /// # Errors
    /// When the instance has no such user or organization, or the user is no member.
    pub fn remove_member(&self, user: &str, organization: &str) -> Result<(), UnknownName> {
        self.shared.remove_member(user, organization).map(|_| ())
    }

    /// Bans a user, which ends their sessions; they cannot sign in until they are [unbanned](Self::unban_user).
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn ban_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, Change::Ban).map(|_| ())
    }

    /// Lets a banned user sign in again.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn unban_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, Change::Unban).map(|_| ())
    }

    /// Locks a user, who cannot sign in until they are [unlocked](Self::unlock_user); their sessions go on.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn lock_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, Change::Lock).map(|_| ())
    }

    /// Lets a locked user sign in again.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn unlock_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.change_user(user, Change::Unlock).map(|_| ())
    }

    /// Deletes a user, and with them their sessions.
    ///
    /// # Errors
    /// When the instance has no such user.
    pub fn delete_user(&self, user: &str) -> Result<(), UnknownName> {
        self.shared.delete_user(user).map(|_| ())
    }

    /// What the instance's webhooks are signed with, `whsec_...`; one secret for all endpoints, where Clerk has one for
    /// each.
    #[must_use]
    pub fn webhook_signing_secret(&self) -> &str {
        self.shared.webhooks.secret()
    }

    /// Tells this address of the application from now on what happens: sessions that are created, ended or revoked, users
    /// that are created, updated or deleted, memberships that are created or deleted.
    ///
    /// Each message goes out in a task of its own, so that they may arrive in any order, and again after each failure;
    /// see [`webhook_retries`](LocalClerkBuilder::webhook_retries).
    ///
    /// # Errors
    /// When it is no http URL of this machine.
    pub fn add_webhook_endpoint(&self, url: &str) -> Result<(), StartError> {
        self.shared.webhooks.add_endpoint(url)
    }

    /// Sends an event of any type to the endpoints; the message's id.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn send_webhook(&self, event_type: &str, data: serde_json::Value) -> String {
        self.shared.webhooks.send_raw(event_type, data)
    }

    /// Sends a message once more to every endpoint, under the same id, as the dashboard's button does; whether there is
    /// one with this id.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn redeliver_webhook(&self, id: &str) -> bool {
        self.shared.webhooks.redeliver(id)
    }

    /// The last 1000 messages to the endpoints, the latest last, and what became of each.
    #[must_use]
    pub fn webhook_messages(&self) -> Vec<WebhookMessage> {
        self.shared.webhooks.messages()
    }

    /// The last 1000 e-mails and text messages that the instance "sent", the latest last. They go no further than here
    /// and the page `/outbox`.
    #[must_use]
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        self.shared.outbox().all()
    }

    /// The code that was last sent to this e-mail address or phone number, what a test types in.
    #[must_use]
    pub fn last_code(&self, to: &str) -> Option<String> {
        self.shared.outbox().last_code(to).map(str::to_owned)
    }

    /// The link that was last sent to this e-mail address, what a test opens.
    #[must_use]
    pub fn last_link(&self, to: &str) -> Option<String> {
        self.shared.outbox().last_link(to).map(str::to_owned)
    }

    /// Signs with a new key from now on; the old one leaves the JWKS.
    ///
    /// # Errors
    /// When the system's random source fails.
    pub fn rotate_key(&self) -> Result<(), StartError> {
        self.shared.rotate_key()
    }

    /// What is to go wrong from now on: 429, 500, slow answers, no keys.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The last 1000 requests to the Backend API, the latest last, those without the right secret included.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.requests.all()
    }

    /// How often the Backend API was asked for its keys with the right secret.
    #[must_use]
    pub fn jwks_requests(&self) -> usize {
        self.shared.jwks_requests.load(Ordering::SeqCst)
    }

    /// How often the cookies of a handshake were asked for with the right secret.
    #[must_use]
    pub fn handshake_requests(&self) -> usize {
        self.shared.handshake_requests.load(Ordering::SeqCst)
    }

    /// How often a session was to be refreshed with the right secret.
    #[must_use]
    pub fn refresh_requests(&self) -> usize {
        self.shared.refresh_requests.load(Ordering::SeqCst)
    }

    /// How often a session was asked about with the right secret.
    #[must_use]
    pub fn session_requests(&self) -> usize {
        self.shared.session_requests.load(Ordering::SeqCst)
    }

    /// How often a session was to be revoked with the right secret.
    #[must_use]
    pub fn revoke_requests(&self) -> usize {
        self.shared.revoke_requests.load(Ordering::SeqCst)
    }

    /// How often a machine's token was looked up with a right secret.
    #[must_use]
    pub fn verify_requests(&self) -> usize {
        self.shared.verify_requests.load(Ordering::SeqCst)
    }

    /// How often an M2M token was to be created with the machine's secret key.
    #[must_use]
    pub fn create_requests(&self) -> usize {
        self.shared.create_requests.load(Ordering::SeqCst)
    }

    /// Ends the instance as dropping it does, and returns when its ports are free again.
    pub async fn shutdown(mut self) {
        for server in std::mem::take(&mut self.servers) {
            server.stop().await;
        }
    }
}

impl Drop for LocalClerk {
    fn drop(&mut self) {
        self.shared.webhooks.stop();
    }
}

impl fmt::Debug for LocalClerk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalClerk")
            .field("backend_api_url", &self.backend_api_url)
            .field("frontend_api_url", &self.frontend_api_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_backend_api_wants_the_secret_key() {
        let local = LocalClerk::start().await.unwrap();
        let client = reqwest::Client::new();
        let url = format!("{}/v1/jwks", local.backend_api_url());
        for key in [None, Some("sk_test_wrong"), Some("")] {
            let request = client.get(&url);
            let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 401);
            assert!(response.text().await.unwrap().contains("clerk_key_invalid"));
        }
        let get = |url: String| client.get(url).bearer_auth(local.secret_key().expose()).send();
        let keys = get(url).await.unwrap().text().await.unwrap();
        assert!(keys.contains(r#""kty":"RSA""#));
        assert_eq!(local.jwks_requests(), 1);
        assert_eq!(get(format!("{}/v1/no_such_thing", local.backend_api_url())).await.unwrap().status(), 404);
        let public = client.get(format!("{}/.well-known/jwks.json", local.frontend_api_url())).send().await.unwrap();
        assert_eq!(public.text().await.unwrap(), keys);
    }

    #[tokio::test]
    async fn other_hosts_names_are_not_answered() {
        let local = LocalClerk::start().await.unwrap();
        for url in [local.backend_api_url(), local.frontend_api_url()] {
            let response = reqwest::Client::new().get(url).header("host", "evil.example").send().await.unwrap();
            assert_eq!(response.status(), 421, "{url}");
        }
    }

    #[tokio::test]
    async fn ports_are_free_after_the_end() {
        let local = LocalClerk::start().await.unwrap();
        let port = url::Url::parse(local.backend_api_url()).unwrap().port().unwrap();
        local.shutdown().await;
        LocalClerk::builder().backend_port(port).start().await.unwrap();
    }

    #[tokio::test]
    async fn a_port_in_use_is_said_in_one_line() {
        let local = LocalClerk::start().await.unwrap();
        let port = url::Url::parse(local.backend_api_url()).unwrap().port().unwrap();
        let error = LocalClerk::builder().backend_port(port).start().await.unwrap_err().to_string();
        assert!(error.contains(&port.to_string()) && !error.contains('\n'), "{error}");
    }
}
