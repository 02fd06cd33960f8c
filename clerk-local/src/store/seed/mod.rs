//! [`Seed`]: the users, organizations and roles that an instance starts with.

mod apply;

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::settings::Settings;

#[cfg(feature = "toml")]
use crate::{error::SeedError, password::PasswordHash};

/// The users, organizations and roles that an instance starts with.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Seed {
    users: Vec<SeedUser>,
    organizations: Vec<SeedOrganization>,
    roles: Vec<SeedRole>,
    settings: Option<Settings>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedUser {
    username: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Default: `USERNAME@example.com`.
    email_addresses: Option<Vec<String>>,
    #[serde(default)]
    phone_numbers: Vec<String>,
    password: Option<SeedPassword>,
    external_id: Option<String>,
    #[serde(default)]
    pending: bool,
    #[serde(default)]
    banned: bool,
    #[serde(default)]
    locked: bool,
    plan: Option<String>,
    #[serde(default)]
    features: Vec<String>,
    /// The role in each organization, by its slug.
    #[serde(default)]
    organizations: BTreeMap<String, SeedMembership>,
    #[serde(default)]
    public_metadata: Map<String, Value>,
    #[serde(default)]
    private_metadata: Map<String, Value>,
    #[serde(default)]
    unsafe_metadata: Map<String, Value>,
}

/// Left out of `Debug`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
struct SeedPassword(String);

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum SeedMembership {
    Role(String),
    Permissions { role: String, permissions: Vec<String> },
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedOrganization {
    slug: String,
    /// Default: the slug.
    name: Option<String>,
    max_allowed_memberships: Option<u32>,
    plan: Option<String>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    public_metadata: Map<String, Value>,
    #[serde(default)]
    private_metadata: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedRole {
    key: String,
    name: Option<String>,
    #[serde(default)]
    description: String,
    permissions: Vec<String>,
}

impl Seed {
    /// A seed without users and organizations; the instance then has only the default roles.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Two organizations, an admin, a member, a user without an organization and one with a task left to do.
    #[must_use]
    pub fn demo() -> Self {
        let organization = |slug: &str, name: &str| SeedOrganization {
            slug: slug.into(),
            name: Some(name.into()),
            ..SeedOrganization::default()
        };
        let member = |organization: &str, role: &str, permissions: &[&str]| {
            let permissions = permissions.iter().map(|&permission| permission.into()).collect();
            (organization.to_owned(), SeedMembership::Permissions { role: role.into(), permissions })
        };
        let user = |username: &str, first_name: &str, last_name: &str, organizations: Vec<_>| SeedUser {
            username: username.into(),
            first_name: Some(first_name.into()),
            last_name: Some(last_name.into()),
            organizations: organizations.into_iter().collect(),
            ..SeedUser::default()
        };
        Self {
            roles: Vec::new(),
            settings: None,
            organizations: vec![organization("acme", "Acme"), organization("globex", "Globex")],
            users: vec![
                user(
                    "alice",
                    "Alice",
                    "Archer",
                    vec![
                        member("acme", "org:admin", &["org:invoices:read", "org:invoices:create"]),
                        member("globex", "org:member", &[]),
                    ],
                ),
                user("bob", "Bob", "Baker", vec![member("acme", "org:member", &["org:invoices:read"])]),
                user("carol", "Carol", "Cooper", Vec::new()),
                SeedUser { pending: true, ..user("dave", "Dave", "Dyer", Vec::new()) },
            ],
        }
    }

    /// What users may do, if the seed says it.
    #[must_use]
    pub const fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// A seed in TOML form:
    ///
    /// ```
    /// # fn main() -> Result<(), clerk_local::SeedError> {
    /// let seed = clerk_local::Seed::from_toml(
    ///     r#"
    ///     [[roles]]
    ///     key = "org:billing"
    ///     permissions = ["org:invoices:read", "org:invoices:create"]
    ///
    ///     [[organizations]]
    ///     slug = "acme"
    ///     plan = "gold"
    ///     features = ["exports"]
    ///
    ///     [[users]]
    ///     username = "erin"
    ///     email_addresses = ["erin@acme.example"]
    ///     password = "correct horse battery"
    ///     organizations.acme = "org:billing"
    ///     public_metadata.theme = "dark"
    ///
    ///     [settings]
    ///     sign_up_mode = "restricted"
    ///     phone_number = "disabled"
    ///     "#,
    /// )?;
    /// # let _ = seed; Ok(()) }
    /// ```
    ///
    /// Each user needs a username. Without `email_addresses`, a user gets `USERNAME@example.com`.
    ///
    /// # Errors
    /// When the text is not of this form, or names a role or an organization that it does not have; the error says
    /// where.
    #[cfg(feature = "toml")]
    #[cfg_attr(docsrs, doc(cfg(feature = "toml")))]
    pub fn from_toml(text: &str) -> Result<Self, SeedError> {
        let seed: Self = toml::from_str(text).map_err(|error| {
            // The error's own text repeats the line, which may contain a password.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            SeedError::new(format!("line {}: {}", before.matches('\n').count() + 1, error.message()))
        })?;
        seed.check()?;
        Ok(seed)
    }

    #[cfg(feature = "toml")]
    fn check(&self) -> Result<(), SeedError> {
        let twice = |names: Vec<&str>| {
            let mut names = names;
            names.sort_unstable();
            names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].to_owned())
        };
        let names = [
            twice(self.users.iter().map(|user| &*user.username).collect()),
            twice(self.organizations.iter().map(|organization| &*organization.slug).collect()),
            twice(self.roles.iter().map(|role| &*role.key).collect()),
        ];
        if let Some(name) = names.into_iter().flatten().next() {
            return Err(SeedError::new(format!("{name:?} is defined twice")));
        }
        for role in &self.roles {
            if !role.key.starts_with("org:") {
                return Err(SeedError::new(format!("the role {:?} must begin with org:", role.key)));
            }
        }
        for user in &self.users {
            if user.password.as_ref().is_some_and(|password| PasswordHash::is_too_long(&password.0)) {
                return Err(SeedError::new(format!("the password of {} is too long", user.username)));
            }
            for (slug, membership) in &user.organizations {
                if !self.organizations.iter().any(|organization| organization.slug == *slug) {
                    return Err(SeedError::new(format!("{} belongs to {slug:?}, which is not defined", user.username)));
                }
                let role = membership.role();
                let known = self.roles.iter().any(|known| known.key == role);
                if !known && !["org:admin", "org:member"].contains(&role) {
                    let problem = format!("{} is {role:?} in {slug}, a role that is not defined", user.username);
                    return Err(SeedError::new(problem));
                }
            }
        }
        Ok(())
    }
}

impl SeedMembership {
    fn role(&self) -> &str {
        match self {
            Self::Role(role) | Self::Permissions { role, .. } => role,
        }
    }

    fn permissions(&self) -> &[String] {
        match self {
            Self::Role(_) => &[],
            Self::Permissions { permissions, .. } => permissions,
        }
    }
}

impl fmt::Debug for SeedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeedPassword")
    }
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_reported_with_their_place() {
        for (text, problem) in [
            ("[[users]]\nusername = \"a\"\nusernmae = \"b\"", "usernmae"),
            ("[[users]]\nusername = \"a\"\norganizations.acme = \"org:admin\"", "\"acme\", which is not defined"),
            (
                "[[organizations]]\nslug = \"acme\"\n[[users]]\nusername = \"a\"\norganizations.acme = \"org:boss\"",
                "\"org:boss\" in acme",
            ),
            ("[[roles]]\nkey = \"boss\"\npermissions = []", "begin with org:"),
            ("[[organizations]]\nslug = \"acme\"\n[[organizations]]\nslug = \"acme\"", "\"acme\" is defined twice"),
        ] {
            let error = Seed::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn passwords_are_not_repeated() {
        let text = "[[users]]\nusername = \"a\"\npassword = \"hunter22\"";
        assert!(!format!("{:?}", Seed::from_toml(text).unwrap()).contains("hunter22"));
        let error = Seed::from_toml("[[users]]\nusername = \"a\"\npassword = hunter22").unwrap_err();
        let long = format!("[[users]]\nusername = \"a\"\npassword = \"{}\"", "x".repeat(1001));
        assert!(Seed::from_toml(&long).unwrap_err().to_string().contains("the password of a is too long"));
        assert!(error.to_string().starts_with("line 3: ") && !error.to_string().contains("hunter22"), "{error}");
    }
}
