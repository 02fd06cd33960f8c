//! [`Settings`]: what the instance lets its users do, like the settings in Clerk's dashboard.

/// What the instance lets its users do; default: everything that it can.
///
/// ```
/// use clerk_local::Settings;
///
/// let mut settings = Settings::default();
/// settings.social = vec!["google".to_owned()];
/// settings.single_session = true;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The name of the application in the components.
    pub application_name: String,
    /// The identity providers that users may sign in with, `google` for example; the instance itself plays their part.
    pub social: Vec<String>,
    /// Identity providers for the users of certain e-mail domains.
    pub enterprise_connections: Vec<EnterpriseConnection>,
    /// Whether a browser can be signed in with one account only.
    pub single_session: bool,
    /// The minimum length of a password, in characters.
    pub min_password_length: usize,
    /// Who may sign up.
    pub sign_up_mode: SignUpMode,
    /// After how many wrong passwords and codes in a row a user is locked; default: 10, as with Clerk.
    pub max_failed_attempts: u32,
    /// Whether clerk-js sends the last session token with its request for the next one, which then has the same claims,
    /// as Clerk's edge makes it: see [`LocalClerk::renew_at_edge`](crate::LocalClerk::renew_at_edge). Default: each token
    /// has the present claims.
    pub session_minter: bool,
    /// Whether the session cookies of handshakes and of the sign-in page have no `azp` claim, as those that Clerk mints
    /// when a browser navigates may have none; default: they name the app's origin. Tokens that clerk-js gets have it.
    pub cookies_without_azp: bool,
}

/// Who may sign up, besides users that a backend creates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignUpMode {
    /// Everyone, as far as the allowlist and the blocklist of the Backend API permit.
    #[default]
    Public,
    /// People who are invited, and users of an enterprise connection.
    Restricted,
    /// The same; everyone else can join the waitlist.
    Waitlist,
}

/// An identity provider for the users of one e-mail domain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnterpriseConnection {
    /// `entc_...`, or any name of lowercase letters, digits, `_` and `-`.
    pub id: String,
    /// The name that pages show.
    pub name: String,
    /// The domain of the addresses, `acme.test` for example.
    pub domain: String,
}

impl EnterpriseConnection {
    /// A connection for the addresses of a domain; its id is derived from the domain.
    #[must_use]
    pub fn new(domain: &str, name: &str) -> Self {
        let letters = domain.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase());
        Self {
            id: format!("entc_{}", letters.take(27).collect::<String>()),
            name: name.to_owned(),
            domain: domain.to_ascii_lowercase(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            application_name: "clerk-local".to_owned(),
            social: vec!["google".to_owned(), "github".to_owned()],
            enterprise_connections: vec![EnterpriseConnection::new("acme.test", "Acme")],
            single_session: false,
            min_password_length: 8,
            sign_up_mode: SignUpMode::Public,
            max_failed_attempts: 10,
            session_minter: false,
            cookies_without_azp: false,
        }
    }
}

impl SignUpMode {
    /// The mode, as Clerk names it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Restricted => "restricted",
            Self::Waitlist => "waitlist",
        }
    }
}

impl Settings {
    /// The connection for the domain of an address.
    pub(crate) fn connection_for(&self, email_address: &str) -> Option<&EnterpriseConnection> {
        let (_, domain) = email_address.rsplit_once('@')?;
        self.enterprise_connections.iter().find(|connection| connection.domain.eq_ignore_ascii_case(domain))
    }

    /// The name of the provider in `oauth_google` and the like, if users may sign in with it.
    pub(crate) fn social_provider<'s>(&self, strategy: &'s str) -> Option<&'s str> {
        let name = strategy.strip_prefix("oauth_")?;
        self.social.iter().any(|known| known == name).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_found_by_the_whole_domain() {
        let settings = Settings::default();
        assert_eq!(settings.connection_for("ada@ACME.test").unwrap().id, "entc_acmetest");
        for other in ["ada@example.com", "ada@acme.test.example", "ada@x.acme.test", "acme.test", "@"] {
            assert!(settings.connection_for(other).is_none(), "{other}");
        }
        assert_eq!(settings.social_provider("oauth_google"), Some("google"));
        assert_eq!(settings.social_provider("oauth_gitlab"), None);
        assert_eq!(settings.social_provider("google"), None);
    }
}
