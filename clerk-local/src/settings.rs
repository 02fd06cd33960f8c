//! [`Settings`]: what the instance lets its users do, like the settings in Clerk's dashboard.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::SettingError;

/// What the instance lets its users do; default: everything that it can.
///
/// ```
/// use clerk_local::Settings;
///
/// let mut settings = Settings::default();
/// settings.social = vec!["google".to_owned()];
/// settings.single_session = true;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The name of the application in the components.
    pub application_name: String,
    /// The identity providers that users may sign in with, `google` for example; the instance itself plays their part.
    pub social: Vec<String>,
    /// Identity providers for the users of certain e-mail domains.
    pub enterprise_connections: Vec<EnterpriseConnection>,
    /// Whether users have a first name; this and the following ones are optional by default.
    pub first_name: AttributeUse,
    /// Whether they have a last name.
    pub last_name: AttributeUse,
    /// Whether they have a username, with which they can sign in.
    pub username: AttributeUse,
    /// Whether they have e-mail addresses, with which they can sign in. If neither is required, a sign-up needs an
    /// address or a number.
    pub email_address: AttributeUse,
    /// Whether they have phone numbers, with which they can sign in.
    pub phone_number: AttributeUse,
    /// Whether they have a password, which a provider makes unnecessary; default: required.
    pub password: AttributeUse,
    /// Whether a sign-up must accept the terms; default: no.
    pub legal_consent: bool,
    /// Whether a user without a second factor who signs in by password in a browser for the first time must also verify
    /// a code, the status `needs_client_trust`; default: no.
    pub client_trust: bool,
    /// Whether sensitive changes of the profile require a recent verification; default: yes.
    pub reverification: bool,
    /// Whether a session of a user without a second factor is pending, with the task to set one up; default: no.
    pub require_multi_factor: bool,
    /// Whether a session without an active organization is pending, with the task to choose one; default: no.
    pub force_organization_selection: bool,
    /// Whether a browser can be signed in with one account only.
    pub single_session: bool,
    /// The minimum length of a password, in characters.
    pub min_password_length: usize,
    /// Who may sign up.
    pub sign_up_mode: SignUpMode,
    /// After how many wrong passwords and codes in a row a user is locked; default: 10, as with Clerk.
    pub max_failed_attempts: u32,
    /// After how many minutes the lock of a user ends; default: 60, as with Clerk; 0: only when the user is unlocked.
    pub lockout_minutes: u32,
    /// Whether clerk-js sends the last session token with its request for the next one, which then has the same claims,
    /// as Clerk's edge makes it: see [`LocalClerk::renew_at_edge`](crate::LocalClerk::renew_at_edge). Default: each
    /// token has the present claims.
    pub session_minter: bool,
    /// Whether the session cookies of handshakes and of the sign-in page have no `azp` claim, as those that Clerk mints
    /// when a browser navigates may have none; default: they name the app's origin. Tokens that clerk-js gets have it.
    pub cookies_without_azp: bool,
}

/// Whether users have an attribute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AttributeUse {
    /// The attribute is refused, and users cannot sign in with it.
    Disabled,
    /// The user may give it.
    #[default]
    Optional,
    /// The sign-up is not complete without it.
    Required,
}

/// Who may sign up, besides users that a backend creates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
            first_name: AttributeUse::Optional,
            last_name: AttributeUse::Optional,
            username: AttributeUse::Optional,
            email_address: AttributeUse::Optional,
            phone_number: AttributeUse::Optional,
            password: AttributeUse::Required,
            legal_consent: false,
            client_trust: false,
            reverification: true,
            require_multi_factor: false,
            force_organization_selection: false,
            single_session: false,
            min_password_length: 8,
            sign_up_mode: SignUpMode::Public,
            max_failed_attempts: 10,
            lockout_minutes: 60,
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

impl AttributeUse {
    /// Whether users can have the attribute.
    pub(crate) fn is_enabled(self) -> bool {
        self != Self::Disabled
    }
}

impl Settings {
    /// Changes the setting with this name, which is the field's, to a value in text form: `true`, `12`, `restricted`,
    /// or a list with commas.
    ///
    /// ```
    /// let mut settings = clerk_local::Settings::default();
    /// settings.set("sign_up_mode", "waitlist")?;
    /// settings.set("social", "google, apple")?;
    /// assert!(settings.set("sign_up_mode", "closed").is_err());
    /// # Ok::<(), clerk_local::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// When there is no such setting, or it cannot have the value; the error says what is possible.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        let mut all = self.to_json();
        let names = all.keys().cloned().collect::<Vec<_>>().join(", ");
        let known = all.get_mut(name).ok_or_else(|| SettingError::new(format!("{name:?} is none of {names}")))?;
        *known = match known {
            Value::Bool(_) => match value {
                "true" | "on" | "yes" => true.into(),
                "false" | "off" | "no" => false.into(),
                _ => value.into(),
            },
            Value::Number(_) => value.parse::<u32>().map_or_else(|_| value.into(), Value::from),
            Value::Array(_) if value.trim_start().starts_with('[') => serde_json::from_str(value).unwrap_or_default(),
            Value::Array(_) => value.split(',').map(str::trim).filter(|one| !one.is_empty()).collect(),
            _ => value.into(),
        };
        let changed = serde_json::from_value(all.into());
        *self = changed.map_err(|error| SettingError::new(format!("{name} cannot be {value:?}: {error}")))?;
        Ok(())
    }

    /// Each setting by its name.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(all)) => all,
            _ => Map::new(),
        }
    }

    /// The form in a data file.
    pub(crate) fn to_text(&self) -> String {
        Value::Object(self.to_json()).to_string()
    }

    /// The settings in that form; `None` for those of another version.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The attributes of a sign-up, by Clerk's names.
    pub(crate) const fn attributes(&self) -> [(&'static str, AttributeUse); 6] {
        [
            ("email_address", self.email_address),
            ("phone_number", self.phone_number),
            ("username", self.username),
            ("first_name", self.first_name),
            ("last_name", self.last_name),
            ("password", self.password),
        ]
    }

    /// Whether users cannot have the attribute with this name.
    pub(crate) fn disables(&self, attribute: &str) -> bool {
        self.attributes().into_iter().any(|(name, how)| name == attribute && !how.is_enabled())
    }

    /// Whether users may sign in with this identifier: an address, a number in international form, or a username.
    pub(crate) fn allows_identifier(&self, identifier: &str) -> bool {
        let how = match identifier {
            address if address.contains('@') => self.email_address,
            number if number.starts_with('+') => self.phone_number,
            _ => self.username,
        };
        how.is_enabled()
    }

    /// Whether the attributes that a strategy verifies are enabled.
    pub(crate) fn allows_strategy(&self, strategy: &str) -> bool {
        match strategy {
            "email_code" | "email_link" => self.email_address.is_enabled(),
            "password" => self.password.is_enabled(),
            "phone_code" => self.phone_number.is_enabled(),
            "reset_password_email_code" => self.email_address.is_enabled() && self.password.is_enabled(),
            _ => true,
        }
    }

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

    #[test]
    fn settings_are_changed_by_name() {
        let mut settings = Settings::default();
        for (name, value) in [
            ("legal_consent", "on"),
            ("max_failed_attempts", "3"),
            ("application_name", "Engines"),
            ("social", " gitlab ,apple,"),
            ("phone_number", "disabled"),
            ("enterprise_connections", r#"[{"id": "entc_1", "name": "One", "domain": "one.test"}]"#),
        ] {
            settings.set(name, value).unwrap();
        }
        assert!(settings.legal_consent && settings.max_failed_attempts == 3 && settings.application_name == "Engines");
        assert_eq!(
            (&*settings.social, settings.phone_number),
            (&["gitlab".into(), "apple".into()][..], AttributeUse::Disabled)
        );
        assert_eq!(settings.enterprise_connections[0].domain, "one.test");
        assert_eq!(Settings::from_text(&settings.to_text()), Some(settings.clone()));
        for (name, value, problem) in [
            ("legal_concent", "on", "legal_consent"),
            ("legal_consent", "maybe", "maybe"),
            ("max_failed_attempts", "-1", "-1"),
            ("phone_number", "never", "required"),
            ("enterprise_connections", "[", "enterprise_connections"),
        ] {
            let before = settings.clone();
            let error = settings.set(name, value).unwrap_err().to_string();
            assert!(error.contains(problem) && settings == before, "{error}");
        }
    }
}
