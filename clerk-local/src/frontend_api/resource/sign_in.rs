//! Sign-ins, and reverifications, which have nearly the same form.

use serde_json::{Value, json};

use super::{avatar::avatar, verification};
use crate::{
    settings::Settings,
    shared::Shared,
    store::{EmailAddress, PhoneNumber, Reverification, SignIn, SignInStatus, Store, User},
};

/// A sign-in, with what can be done next.
pub(in crate::frontend_api) fn sign_in(shared: &Shared, store: &Store, sign_in: &SignIn) -> Value {
    let (now, settings) = (shared.clock.now(), shared.settings());
    let user = sign_in.user_id.as_deref().and_then(|id| store.user(id));
    let status = sign_in.status(user);
    let first = match (user, &sign_in.connection_id) {
        _ if status == SignInStatus::Complete => Value::Null,
        (Some(user), _) => factors::first(shared, user).into(),
        (None, Some(id)) => json!([factors::enterprise(shared, id)]),
        (None, None) => Value::Null,
    };
    let second = match (user, status) {
        (Some(user), SignInStatus::NeedsSecondFactor) => Some(factors::second(user)),
        (Some(user), SignInStatus::NeedsClientTrust) => Some(factors::for_trust(&settings, user)),
        _ => None,
    };
    let identifiers = ["email_address", "phone_number", "username"].into_iter();
    let identifiers: Vec<_> = identifiers.filter(|name| !settings.disables(name)).collect();
    let mut described = json!({
        "object": "sign_in_attempt",
        "id": sign_in.id,
        "status": status.as_str(),
        "supported_identifiers": identifiers,
        "supported_first_factors": first,
        "supported_second_factors": second,
        "first_factor_verification": sign_in.first.as_ref().map(|one| verification(one, now)),
        "second_factor_verification": sign_in.second.as_ref().map(|one| verification(one, now)),
        "identifier": sign_in.identifier,
        "user_data": user.map(|user| json!({
            "first_name": user.first_name, "last_name": user.last_name, "image_url": avatar(&user.name()), "has_image": false,
        })),
        "created_session_id": sign_in.created_session_id,
        "abandon_at": sign_in.abandon_at,
    });
    if settings.client_trust {
        described["client_trust_state"] = match user {
            None => "pending".into(),
            Some(_) => if sign_in.is_new_device { "new" } else { "known" }.into(),
        };
    }
    described
}

/// A reverification, with what can be done next.
pub(in crate::frontend_api) fn reverification(
    shared: &Shared,
    user: &User,
    reverification: &Reverification,
    session: &Value,
) -> Value {
    let now = shared.clock.now();
    let status = reverification.status();
    json!({
        "object": "session_reverification",
        "level": reverification.level,
        "status": status,
        "supported_first_factors": (status == "needs_first_factor").then(|| factors::for_reverification(&shared.settings(), user)),
        "supported_second_factors": (status == "needs_second_factor").then(|| factors::second(user)),
        "first_factor_verification": reverification.first.as_ref().map(|one| verification(one, now)),
        "second_factor_verification": reverification.second.as_ref().map(|one| verification(one, now)),
        "session": session,
    })
}

/// The factors that a user can verify.
pub(in crate::frontend_api) mod factors {
    use super::{EmailAddress, PhoneNumber, Settings, Shared, User, Value, json};

    /// For a sign-in.
    pub(in crate::frontend_api) fn first(shared: &Shared, user: &User) -> Vec<Value> {
        let settings = shared.settings();
        if let Some(connection) = user.enterprise_connection(&settings) {
            return vec![enterprise(shared, &connection.id)];
        }
        let mut factors = for_reverification(&settings, user);
        let has_password = user.secrets.password.is_some();
        for address in user.email_addresses.iter().filter(|address| address.verified_by.is_some()) {
            factors.push(by_email("email_link", user, address));
            if has_password {
                factors.push(by_email("reset_password_email_code", user, address));
            }
        }
        for account in &user.external_accounts {
            factors.push(json!({ "strategy": account.provider }));
        }
        keep_allowed(&settings, factors)
    }

    /// For a reverification.
    pub(in crate::frontend_api) fn for_reverification(settings: &Settings, user: &User) -> Vec<Value> {
        let mut factors = Vec::new();
        if user.secrets.password.is_some() {
            factors.push(json!({ "strategy": "password" }));
        }
        let addresses = user.email_addresses.iter().filter(|address| address.verified_by.is_some());
        factors.extend(addresses.map(|address| by_email("email_code", user, address)));
        let numbers = user.phone_numbers.iter().filter(|number| number.verified_by.is_some());
        // A number that is a second factor cannot be the first.
        let numbers = numbers.filter(|number| !number.reserved_for_second_factor);
        factors.extend(numbers.map(|number| by_phone(user, number)));
        keep_allowed(settings, factors)
    }

    /// Leaves out the factors that verify a disabled attribute.
    fn keep_allowed(settings: &Settings, factors: Vec<Value>) -> Vec<Value> {
        let is_allowed = |factor: &Value| factor["strategy"].as_str().is_some_and(|one| settings.allows_strategy(one));
        factors.into_iter().filter(is_allowed).collect()
    }

    /// For the proof that a browser is the user's.
    pub(super) fn for_trust(settings: &Settings, user: &User) -> Vec<Value> {
        for_reverification(settings, user).into_iter().filter(|factor| factor["strategy"] != "password").collect()
    }

    pub(in crate::frontend_api) fn second(user: &User) -> Vec<Value> {
        let mut factors = Vec::new();
        if user.has_totp() {
            factors.push(json!({ "strategy": "totp" }));
        }
        let numbers = user.phone_numbers.iter().filter(|number| number.reserved_for_second_factor);
        factors.extend(numbers.map(|number| by_phone(user, number)));
        if user.secrets.backup_codes.left() > 0 && !factors.is_empty() {
            factors.push(json!({ "strategy": "backup_code" }));
        }
        factors
    }

    /// At the provider of an enterprise connection.
    pub(super) fn enterprise(shared: &Shared, id: &str) -> Value {
        let settings = shared.settings();
        let name = settings.enterprise_connections.iter().find(|known| known.id == id).map(|known| &known.name);
        json!({
            "strategy": "enterprise_sso", "enterprise_connection_id": id,
            "enterprise_connection_name": name.map(String::as_str).unwrap_or_default(),
        })
    }

    fn by_email(strategy: &str, user: &User, address: &EmailAddress) -> Value {
        json!({
            "strategy": strategy, "email_address_id": address.id, "safe_identifier": address.email_address,
            "primary": user.primary_email_address_id.as_ref() == Some(&address.id),
        })
    }

    fn by_phone(user: &User, number: &PhoneNumber) -> Value {
        json!({
            "strategy": "phone_code", "phone_number_id": number.id, "safe_identifier": number.phone_number,
            "primary": user.primary_phone_number_id.as_ref() == Some(&number.id),
            "default": number.reserved_for_second_factor,
        })
    }
}
