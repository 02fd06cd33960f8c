//! [`User`]: a user of the instance.

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
    /// The addresses, verified or not.
    pub email_addresses: Vec<EmailAddress>,
    /// The id of the primary one.
    pub primary_email_address_id: Option<String>,
    /// The telephone numbers.
    pub phone_numbers: Vec<PhoneNumber>,
    /// The id of the primary one.
    pub primary_phone_number_id: Option<String>,
    /// The accounts at providers that the user can sign in with.
    pub external_accounts: Vec<ExternalAccount>,
    /// The user's id in your own system.
    pub external_id: Option<String>,
    /// The user's plan, `pro` for example.
    pub plan: Option<String>,
    /// The features of the plan.
    pub features: Vec<String>,
    /// Whether the user's sessions have a task left to do, so that they count as signed out.
    pub pending: bool,
    /// Whether the user was banned.
    pub banned: bool,
    /// Whether the user was locked, after too many failed attempts for example; see [`is_locked`](Self::is_locked).
    pub locked: bool,
    /// When the lock ends; `None`: when the user is unlocked.
    #[serde(default)]
    pub lockout_expires_at: Option<Timestamp>,
    /// Metadata that frontends may read.
    pub public_metadata: Map<String, Value>,
    /// Metadata that only backends may read.
    pub private_metadata: Map<String, Value>,
    /// Metadata that frontends may write.
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
    /// How many organizations the user may create; 0: unlimited, `None`: as the instance's settings say.
    pub create_organizations_limit: Option<u32>,
    /// Whether a new device of the user needs no additional verification.
    pub bypass_client_trust: bool,
    /// The user's credentials.
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
    /// How it was verified, `email_code` or `oauth_google` for example; `None`: not verified.
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
    /// How it was verified, `phone_code` for example; `None`: not verified.
    pub verified_by: Option<String>,
    /// Whether it is a second factor.
    pub reserved_for_second_factor: bool,
}

/// An account at a provider that a user can sign in with.
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

/// The credentials of a user, which are never shown.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Secrets {
    pub(crate) password: Option<PasswordHash>,
    /// The secret of the authenticator app, and whether a code of it was verified.
    pub(crate) totp: Option<(TotpSecret, bool)>,
    /// The time step of the last code that was used, in half minutes: each code is valid once.
    #[serde(default)]
    pub(crate) totp_step: Option<i64>,
    #[serde(default)]
    pub(crate) backup_codes: BackupCodes,
    /// Whether the password is compromised and must be replaced.
    #[serde(default)]
    pub(crate) password_compromised: bool,
    /// Wrong passwords and codes since the last right one.
    #[serde(default)]
    pub(crate) failed_attempts: u32,
}

impl User {
    /// A user with only an id.
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
            lockout_expires_at: None,
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

    /// First and last name, or else another identifier.
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

    /// The primary address.
    #[must_use]
    pub fn primary_email_address(&self) -> Option<&EmailAddress> {
        self.email_addresses.iter().find(|address| Some(&address.id) == self.primary_email_address_id.as_ref())
    }

    /// The primary number.
    #[must_use]
    pub fn primary_phone_number(&self) -> Option<&PhoneNumber> {
        self.phone_numbers.iter().find(|number| Some(&number.id) == self.primary_phone_number_id.as_ref())
    }

    /// Whether this is the user's id, username, or one of the addresses or numbers, ignoring case as Clerk does.
    pub(crate) fn matches_name(&self, name: &str) -> bool {
        self.id == name
            || self.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
            || self.email_addresses.iter().any(|own| own.email_address.eq_ignore_ascii_case(name))
            || self.phone_numbers.iter().any(|own| own.phone_number == name)
    }

    /// Whether this is the user's username, or a verified address or number: an unverified one may be another user's.
    pub(crate) fn is_identified_by(&self, identifier: &str) -> bool {
        self.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(identifier))
            || self.has_verified_address(identifier)
            || self.phone_numbers.iter().any(|own| own.phone_number == identifier && own.verified_by.is_some())
    }

    /// Whether this is a verified address of the user.
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

    /// Adds an address; the first one becomes primary.
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

    /// Adds a number; the first one becomes primary.
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

    /// Whether a sign-in requires a second factor.
    pub(crate) fn has_second_factor(&self) -> bool {
        self.has_totp() || self.phone_numbers.iter().any(|number| number.reserved_for_second_factor)
    }

    /// Whether the user can sign in with anything besides the address or number with this id.
    pub(crate) fn has_another_identifier(&self, id: &str) -> bool {
        let mut ids =
            self.email_addresses.iter().map(|own| &own.id).chain(self.phone_numbers.iter().map(|own| &own.id));
        self.username.is_some() || !self.external_accounts.is_empty() || ids.any(|own| own != id)
    }

    /// Whether the user is locked at this time.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked && self.lockout_expires_at.is_none_or(|end| now < end)
    }

    /// Whole seconds until the user's lock ends by itself.
    pub(crate) fn lockout_seconds(&self, now: Timestamp) -> Option<u64> {
        let end = self.lockout_expires_at.filter(|_| self.is_locked(now))?;
        u64::try_from(end.since(now).as_millis().div_ceil(1000)).ok()
    }

    /// Locks the user; without an end, until they are unlocked.
    pub(crate) fn lock(&mut self, end: Option<Timestamp>) {
        (self.locked, self.lockout_expires_at) = (true, end);
    }

    /// Unlocks the user, who has all attempts again.
    pub(crate) fn unlock(&mut self) {
        (self.locked, self.lockout_expires_at, self.secrets.failed_attempts) = (false, None, 0);
    }

    /// Unlocks the user if the lock has ended.
    pub(crate) fn end_lockout(&mut self, now: Timestamp) {
        if self.locked && !self.is_locked(now) {
            self.unlock();
        }
    }

    /// Whether the user is neither banned nor locked.
    pub(crate) fn can_sign_in(&self, now: Timestamp) -> bool {
        !self.banned && !self.is_locked(now)
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
