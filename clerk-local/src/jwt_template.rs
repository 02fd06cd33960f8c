//! Tokens made from JWT templates ([Clerk's page](https://clerk.com/docs/guides/sessions/jwt-templates)).

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    keys::random_id,
    shared::{ISSUER, Shared},
    store::{JwtTemplate, Session, Store, User, actor_claim},
};

/// The claims that each token has, whatever its template says.
pub(crate) const RESERVED: &[&str] = &["azp", "exp", "iat", "iss", "jti", "nbf", "sub"];

impl Shared {
    /// A token for another service, from a template and a session; `None` when the user was deleted.
    pub(crate) fn template_token(
        &self,
        session: &Session,
        template: &JwtTemplate,
        origin: Option<&str>,
        lifetime: Option<Duration>,
    ) -> Option<String> {
        let store = self.store();
        let values = template_values(&store, store.users.get(&session.user_id)?, session);
        drop(store);
        let mut claims = match render(&Value::Object(template.claims.clone()), &values) {
            Value::Object(claims) => claims,
            _ => Map::new(),
        };
        let now = self.clock.now();
        let lifetime = lifetime.unwrap_or(Duration::from_secs(template.lifetime.into()));
        let skew = Duration::from_secs(template.allowed_clock_skew.into());
        RESERVED.iter().for_each(|claim| drop(claims.remove(*claim)));
        claims.insert("iss".to_owned(), ISSUER.into());
        claims.insert("sub".to_owned(), session.user_id.clone().into());
        claims.insert("jti".to_owned(), random_id("jti").into());
        claims.insert("iat".to_owned(), now.unix_seconds().into());
        claims.insert("nbf".to_owned(), (now - skew).unix_seconds().into());
        claims.insert("exp".to_owned(), (now + lifetime).unix_seconds().into());
        if let Some(origin) = origin {
            claims.insert("azp".to_owned(), origin.into());
        }
        let header = json!({"typ": "JWT", "cat": "cl_B7d4PD222AAA", "oiat": now.unix_seconds()});
        Some(self.sign_as(&header, &claims.into()))
    }
}

/// The values that shortcodes can name, without private metadata.
fn template_values(store: &Store, user: &User, session: &Session) -> Value {
    let email_address = user.primary_email_address();
    let phone_number = user.primary_phone_number();
    let organizations: Map<String, Value> =
        store.memberships_of(&user.id).map(|own| (own.organization_id.clone(), own.role.clone().into())).collect();
    let mut values = json!({
        "user": {
            "id": user.id,
            "external_id": user.external_id,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "full_name": user.name(),
            "username": user.username,
            "primary_email_address": email_address.map(|own| &own.email_address),
            "primary_phone_number": phone_number.map(|own| &own.phone_number),
            "primary_web3_wallet": null,
            "email_verified": email_address.is_some_and(|own| own.verified_by.is_some()),
            "phone_number_verified": phone_number.is_some_and(|own| own.verified_by.is_some()),
            "two_factor_enabled": user.has_second_factor(),
            "image_url": "",
            "has_image": false,
            "created_at": user.created_at,
            "updated_at": user.updated_at,
            "last_sign_in_at": user.last_sign_in_at,
            "public_metadata": user.public_metadata,
            "unsafe_metadata": user.unsafe_metadata,
            "organizations": organizations,
        },
        "session": {"id": session.id, "actor": session.actor.as_deref().map(actor_claim)},
    });
    let active = store.active_organization(session).and_then(|id| store.membership(&user.id, id));
    if let Some((membership, of)) = active.and_then(|own| Some((own, store.organizations.get(&own.organization_id)?))) {
        let own = json!({
            "role": membership.role,
            "permissions": store.permissions(membership),
            "public_metadata": membership.public_metadata,
        });
        values["org"] = json!({
            "id": of.id, "name": of.name, "slug": of.slug, "role": membership.role, "image_url": "", "has_image": false,
            "public_metadata": of.public_metadata, "membership": own,
        });
        values["org_membership"] = own;
    }
    values
}

/// A template's JSON with values in the place of shortcodes.
fn render(template: &Value, values: &Value) -> Value {
    match template {
        Value::String(text) => render_text(text, values),
        Value::Array(items) => items.iter().map(|item| render(item, values)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), render(value, values))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// A text that is a shortcode and nothing else keeps the value's type.
fn render_text(text: &str, values: &Value) -> Value {
    let code = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    if let Some(code) = code.filter(|code| !code.contains("{{")) {
        return lookup(code, values);
    }
    let mut rendered = String::new();
    let mut rest = text;
    while let Some((before, code, after)) = rest
        .split_once("{{")
        .and_then(|(before, code)| code.split_once("}}").map(|(code, after)| (before, code, after)))
    {
        rendered.push_str(before);
        match lookup(code, values) {
            Value::Null => {}
            Value::String(value) => rendered.push_str(&value),
            value => rendered.push_str(&value.to_string()),
        }
        rest = after;
    }
    rendered.push_str(rest);
    rendered.into()
}

/// The first alternative that exists: `user.public_metadata.role || 'guest'`.
fn lookup(code: &str, values: &Value) -> Value {
    let alternatives = code.split("||").map(str::trim);
    let found = alternatives.map(|one| {
        let quoted = |quote: char| one.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(literal) = quoted('\'').or_else(|| quoted('"')) {
            return literal.into();
        }
        one.split('.').try_fold(values, |value, name| value.get(name)).cloned().unwrap_or(Value::Null)
    });
    found.into_iter().find(|value| !value.is_null()).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_keep_types_and_fill_texts() {
        let values = json!({"user": {"id": "user_1", "age": 7, "on": true, "none": null, "meta": {"a": {"b": [1]}}}});
        let rendered = |text: &str| render(&text.into(), &values);
        assert_eq!(rendered("{{user.id}}"), "user_1");
        assert_eq!(rendered("{{ user.age }}"), 7);
        assert_eq!(rendered("{{user.on}}"), true);
        assert_eq!(rendered("{{user.meta.a}}"), json!({"b": [1]}));
        assert_eq!(rendered("{{user.id}}-{{user.age}}/{{user.none}}."), "user_1-7/.");
        assert_eq!(rendered("{{user.none || user.meta.c || 'guest'}}"), "guest");
        assert_eq!(rendered("{{user.none || user.id}}"), "user_1");
        assert_eq!(rendered("{{unknown.value}}"), Value::Null);
        for plain in ["", "{{", "}}{{", "a {{user.id", "{user.id}"] {
            assert_eq!(rendered(plain), plain);
        }
        let template = json!({"a": ["{{user.id}}", 1], "b": {"c": "{{user.on}}"}});
        assert_eq!(render(&template, &values), json!({"a": ["user_1", 1], "b": {"c": true}}));
    }
}
