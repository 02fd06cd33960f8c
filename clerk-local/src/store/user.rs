//! [`User`]: who can sign in.

use std::fmt;

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Record;
use crate::{
    backup_codes::BackupCodes,
    keys::random_id,
    password::PasswordHash,
    settings::{EnterpriseConnection, Settings},
    totp::TotpSecret,
};

/// A user of the instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// `user_...`
    pub id: String,
    /// The name to sign in with and to find the user by.
    pub username: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The addresses that the user has proved, or is about to.
    pub email_addresses: Vec<EmailAddress>,
    /// Which of them is written to.
    pub primary_email_address_id: Option<String>,
    /// The telephone numbers.
    pub phone_numbers: Vec<PhoneNumber>,
    /// Which of them is written to.
    pub primary_phone_number_id: Option<String>,
    /// The accounts elsewhere that the user can sign in with.
    pub external_accounts: Vec<ExternalAccount>,
    /// Your own id of the user.
    pub external_id: Option<String>,
    /// The user's plan, `pro` for example.
    pub plan: Option<String>,
    /// The features that come with it.
    pub features: Vec<String>,
    /// Whether the user's sessions have a task left to do, so that they count as signed out.
    pub pending: bool,
    /// Whether an administrator has shut the user out.
    pub banned: bool,
    /// Whether the user was shut out for a time.
    pub locked: bool,
    /// What frontends may read.
    pub public_metadata: Map<String, Value>,
    /// What only backends may read.
    pub private_metadata: Map<String, Value>,
    /// What frontends may write.
    pub unsafe_metadata: Map<String, Value>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
    /// When the user last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The language, `en-US` for example.
    pub locale: Option<String>,
    /// When the user accepted the legal requirements.
    pub legal_accepted_at: Option<Timestamp>,
    /// Whether the user may delete their account.
    pub delete_self_enabled: bool,
    /// Whether the user may create organizations.
    pub create_organization_enabled: bool,
    /// How many organizations the user may create; any number when 0, as many as the instance says when there is nothing.
    pub create_organizations_limit: Option<u32>,
    /// Whether no new device of the user's is asked for more than a known one.
    pub bypass_client_trust: bool,
    /// How the user proves who they are.
    pub(crate) secrets: Secrets,
}

/// An e-mail address of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EmailAddress {
    /// `idn_...`
    pub id: String,
    /// The address.
    pub email_address: String,
    /// How it was proved, `email_code` or `oauth_google` for example; not yet if there is nothing.
    pub verified_by: Option<String>,
}

/// A telephone number of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumber {
    /// `idn_...`
    pub id: String,
    /// The number in international form, `+15555550100`.
    pub phone_number: String,
    /// How it was proved, `phone_code` for example; not yet if there is nothing.
    pub verified_by: Option<String>,
    /// Whether a code to it is asked for as the second factor.
    pub reserved_for_second_factor: bool,
}

/// An account elsewhere that a user can sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExternalAccount {
    /// `eac_...`
    pub id: String,
    /// `oauth_google`, for example.
    pub provider: String,
    /// The user's id there.
    pub provider_user_id: String,
    /// The address there.
    pub email_address: String,
    /// The first name there.
    pub first_name: Option<String>,
    /// The last name there.
    pub last_name: Option<String>,
    /// The name to sign in with there.
    pub username: Option<String>,
}

/// How a user proves who they are. Shown to nobody.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Secrets {
    pub(crate) password: Option<PasswordHash>,
    /// The key of the authenticator app, and whether the user has proved to have it.
    pub(crate) totp: Option<(TotpSecret, bool)>,
    /// When the code was made that the app proved itself with last, in half minutes: each code is good once.
    #[serde(default)]
    pub(crate) totp_step: Option<i64>,
    #[serde(default)]
    pub(crate) backup_codes: BackupCodes,
    /// Whether the password is good for nothing any more, until there is another.
    #[serde(default)]
    pub(crate) password_compromised: bool,
}

impl User {
    /// A user with nothing but an id.
    pub(crate) fn new(id: String, now: Timestamp) -> Self {
        Self {
            id,
            username: None,
            first_name: None,
            last_name: None,
            email_addresses: Vec::new(),
            primary_email_address_id: None,
            phone_numbers: Vec::new(),
            primary_phone_number_id: None,
            external_accounts: Vec::new(),
            external_id: None,
            plan: None,
            features: Vec::new(),
            pending: false,
            banned: false,
            locked: false,
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            unsafe_metadata: Map::new(),
            created_at: now,
            updated_at: now,
            last_sign_in_at: None,
            locale: None,
            legal_accepted_at: None,
            delete_self_enabled: true,
            create_organization_enabled: true,
            create_organizations_limit: None,
            bypass_client_trust: false,
            secrets: Secrets::default(),
        }
    }

    /// First and last name, or whatever else there is to call the user by.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.first_name, &self.last_name) {
            (Some(first), Some(last)) => format!("{first} {last}"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => self.identifier().to_owned(),
        }
    }

    /// What Clerk calls the identifier: the primary address, or else the primary number, or else the username.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.primary_email_address()
            .map(|address| &*address.email_address)
            .or_else(|| self.primary_phone_number().map(|number| &*number.phone_number))
            .or(self.username.as_deref())
            .unwrap_or(&self.id)
    }

    /// The address that is written to.
    #[must_use]
    pub fn primary_email_address(&self) -> Option<&EmailAddress> {
        self.email_addresses.iter().find(|address| Some(&address.id) == self.primary_email_address_id.as_ref())
    }

    /// The number that is written to.
    #[must_use]
    pub fn primary_phone_number(&self) -> Option<&PhoneNumber> {
        self.phone_numbers.iter().find(|number| Some(&number.id) == self.primary_phone_number_id.as_ref())
    }

    /// Whether somebody means this user: by id, username, address or number. As with Clerk, case does not matter.
    pub(crate) fn matches_name(&self, name: &str) -> bool {
        self.id == name
            || self.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
            || self.email_addresses.iter().any(|own| own.email_address.eq_ignore_ascii_case(name))
            || self.phone_numbers.iter().any(|own| own.phone_number == name)
    }

    /// Whether somebody means this user who types this in: what is not proved yet may be another's.
    pub(crate) fn is_identified_by(&self, identifier: &str) -> bool {
        self.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(identifier))
            || self.has_verified_address(identifier)
            || self.phone_numbers.iter().any(|own| own.phone_number == identifier && own.verified_by.is_some())
    }

    /// Whether this is an address that the user has proved to have.
    pub(crate) fn has_verified_address(&self, address: &str) -> bool {
        let mut verified = self.email_addresses.iter().filter(|own| own.verified_by.is_some());
        verified.any(|own| own.email_address.eq_ignore_ascii_case(address))
    }

    /// The enterprise connection for the domain of one of the user's verified addresses. The user can sign in with
    /// nothing else.
    pub(crate) fn enterprise_connection<'s>(&self, settings: &'s Settings) -> Option<&'s EnterpriseConnection> {
        let verified = self.email_addresses.iter().filter(|address| address.verified_by.is_some());
        verified.filter_map(|address| settings.connection_for(&address.email_address)).next()
    }

    /// Adds an address; the first one is written to.
    pub(crate) fn add_email_address(&mut self, email_address: &str, verified_by: Option<&str>) -> &EmailAddress {
        let address = EmailAddress {
            id: random_id("idn"),
            email_address: email_address.to_lowercase(),
            verified_by: verified_by.map(str::to_owned),
        };
        if self.primary_email_address_id.is_none() {
            self.primary_email_address_id = Some(address.id.clone());
        }
        self.email_addresses.push(address);
        &self.email_addresses[self.email_addresses.len() - 1]
    }

    /// Adds a number; the first one is written to.
    pub(crate) fn add_phone_number(&mut self, phone_number: &str, verified_by: Option<&str>) -> &PhoneNumber {
        let number = PhoneNumber {
            id: random_id("idn"),
            phone_number: phone_number.to_owned(),
            verified_by: verified_by.map(str::to_owned),
            reserved_for_second_factor: false,
        };
        if self.primary_phone_number_id.is_none() {
            self.primary_phone_number_id = Some(number.id.clone());
        }
        self.phone_numbers.push(number);
        &self.phone_numbers[self.phone_numbers.len() - 1]
    }

    pub(crate) fn has_totp(&self) -> bool {
        self.secrets.totp.as_ref().is_some_and(|(_, verified)| *verified)
    }

    /// Whether a second factor is asked for at sign-in.
    pub(crate) fn has_second_factor(&self) -> bool {
        self.has_totp() || self.phone_numbers.iter().any(|number| number.reserved_for_second_factor)
    }

    /// Whether there is something to sign in with besides the address or number with this id.
    pub(crate) fn has_another_identifier(&self, id: &str) -> bool {
        let mut ids =
            self.email_addresses.iter().map(|own| &own.id).chain(self.phone_numbers.iter().map(|own| &own.id));
        self.username.is_some() || !self.external_accounts.is_empty() || ids.any(|own| own != id)
    }

    /// What keeps the user from signing in does not.
    pub(crate) const fn can_sign_in(&self) -> bool {
        !self.banned && !self.locked
    }
}

impl Record for User {
    const KIND: &'static str = "user";

    fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}
