//! [`SignUp`]: a sign-up in progress on a browser.

use std::fmt;

use clerk_core::time::Timestamp;
use serde_json::{Map, Value};

use super::{Profile, Verification, sign_in::LIFETIME};
use crate::{
    keys::random_id,
    password::PasswordHash,
    settings::{AttributeUse, Settings},
};

/// A sign-up in progress on a browser.
#[derive(Clone)]
pub(crate) struct SignUp {
    /// `sua_...`
    pub(crate) id: String,
    pub(crate) email_address: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) unsafe_metadata: Map<String, Value>,
    /// The initial public metadata, from an invitation.
    pub(crate) public_metadata: Map<String, Value>,
    /// The invitation to an organization that it accepts.
    pub(crate) invitation_id: Option<String>,
    pub(crate) email: Option<Verification>,
    pub(crate) phone: Option<Verification>,
    /// The verification at a provider.
    pub(crate) external: Option<Verification>,
    /// The provider's profile.
    pub(crate) profile: Option<Profile>,
    pub(crate) created_session_id: Option<String>,
    pub(crate) created_user_id: Option<String>,
    pub(crate) legal_accepted_at: Option<Timestamp>,
    pub(crate) abandon_at: Timestamp,
}

impl SignUp {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            id: random_id("sua"),
            email_address: None,
            phone_number: None,
            username: None,
            first_name: None,
            last_name: None,
            password: None,
            unsafe_metadata: Map::new(),
            public_metadata: Map::new(),
            invitation_id: None,
            email: None,
            phone: None,
            external: None,
            profile: None,
            created_session_id: None,
            created_user_id: None,
            legal_accepted_at: None,
            abandon_at: now + LIFETIME,
        }
    }

    /// Whether a provider identifies the user, so that a password is not needed.
    fn is_vouched_for(&self) -> bool {
        self.external.as_ref().is_some_and(Verification::is_verified)
    }

    /// The fields that a user must have.
    pub(crate) fn required_fields(&self, settings: &Settings) -> Vec<&'static str> {
        let required = settings.attributes().into_iter().filter(|(_, one)| *one == AttributeUse::Required);
        let needed = required.map(|(name, _)| name).filter(|name| *name != "password" || !self.is_vouched_for());
        needed.chain(settings.legal_consent.then_some("legal_accepted")).collect()
    }

    /// The fields that a user may have.
    pub(crate) fn optional_fields(settings: &Settings) -> Vec<&'static str> {
        let optional = settings.attributes().into_iter().filter(|(_, one)| *one == AttributeUse::Optional);
        optional.map(|(name, _)| name).collect()
    }

    /// The fields that are missing, and an identifier if there is none.
    pub(crate) fn missing_fields(&self, settings: &Settings) -> Vec<&'static str> {
        let has = |name: &str| match name {
            "email_address" => self.email_address.is_some(),
            "phone_number" => self.phone_number.is_some(),
            "username" => self.username.is_some(),
            "first_name" => self.first_name.is_some(),
            "last_name" => self.last_name.is_some(),
            "password" => self.password.is_some(),
            "legal_accepted" => self.legal_accepted_at.is_some(),
            _ => false,
        };
        let required = self.required_fields(settings);
        let either = match (settings.email_address.is_enabled(), settings.phone_number.is_enabled()) {
            _ if has("email_address") || has("phone_number") => None,
            _ if required.contains(&"email_address") || required.contains(&"phone_number") => None,
            (true, true) => Some("email_address_or_phone_number"),
            (true, false) => Some("email_address"),
            (false, true) => Some("phone_number"),
            (false, false) => Some("username").filter(|name| !has(name) && !required.contains(name)),
        };
        either.into_iter().chain(required.into_iter().filter(|name| !has(name))).collect()
    }

    /// The fields that are not verified yet.
    pub(crate) fn unverified_fields(&self) -> Vec<&'static str> {
        let open = |there: &Option<String>, verification: &Option<Verification>| {
            there.is_some() && !verification.as_ref().is_some_and(Verification::is_verified)
        };
        let fields = [
            ("email_address", open(&self.email_address, &self.email)),
            ("phone_number", open(&self.phone_number, &self.phone)),
        ];
        fields.into_iter().filter(|(_, open)| *open).map(|(name, _)| name).collect()
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_ready(&self, settings: &Settings) -> bool {
        self.missing_fields(settings).is_empty() && self.unverified_fields().is_empty()
    }

    pub(crate) fn status(&self) -> &'static str {
        if self.created_user_id.is_some() { "complete" } else { "missing_requirements" }
    }
}

impl fmt::Debug for SignUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignUp").field("id", &self.id).field("status", &self.status()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_to_do() {
        let (now, settings) = (Timestamp::from_unix_seconds(1000), Settings::default());
        let mut one = SignUp::new(now);
        assert_eq!(one.missing_fields(&settings), ["email_address_or_phone_number", "password"]);
        one.email_address = Some("ada@example.com".to_owned());
        one.phone_number = Some("+15555550100".to_owned());
        one.password = PasswordHash::new("correct horse");
        assert!(one.missing_fields(&settings).is_empty() && !one.is_ready(&settings));
        one.email = Some(Verification::verified("email_code", now));
        assert_eq!(one.unverified_fields(), ["phone_number"]);
        one.phone = Some(Verification::by_link("x", now));
        assert!(!one.is_ready(&settings));
        one.phone = Some(Verification::verified("phone_code", now));
        assert!(one.is_ready(&settings));
        one.password = None;
        assert!(!one.is_ready(&settings));
        one.external = Some(Verification::verified("oauth_google", now));
        assert!(one.is_ready(&settings));
    }

    #[test]
    fn settings_say_what_is_required() {
        let now = Timestamp::from_unix_seconds(1000);
        let mut settings = Settings::default();
        let missing = |settings: &Settings| SignUp::new(now).missing_fields(settings);
        settings.phone_number = AttributeUse::Disabled;
        assert_eq!(missing(&settings), ["email_address", "password"]);
        settings.first_name = AttributeUse::Required;
        settings.legal_consent = true;
        assert_eq!(missing(&settings), ["email_address", "first_name", "password", "legal_accepted"]);
        settings.email_address = AttributeUse::Disabled;
        settings.password = AttributeUse::Optional;
        assert_eq!(missing(&settings), ["username", "first_name", "legal_accepted"]);
        settings.username = AttributeUse::Required;
        assert_eq!(missing(&settings), ["username", "first_name", "legal_accepted"]);
        settings.phone_number = AttributeUse::Required;
        assert_eq!(missing(&settings), ["phone_number", "username", "first_name", "legal_accepted"]);
        let mut whole = SignUp::new(now);
        whole.phone_number = Some("+15555550100".to_owned());
        whole.phone = Some(Verification::verified("phone_code", now));
        (whole.username, whole.first_name) = (Some("ada".to_owned()), Some("Ada".to_owned()));
        assert!(!whole.is_ready(&settings));
        whole.legal_accepted_at = Some(now);
        assert!(whole.is_ready(&settings));
    }
}
