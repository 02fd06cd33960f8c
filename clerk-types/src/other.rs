//! [`OtherFields`]: what an object has besides the values of its fields.

use std::fmt;

use serde_json::{Map, Value};

use crate::{
    field::{Field, object},
    mismatch::Mismatch,
    reading::Reading,
    shape::Shape,
};

/// The members of an object that this version of the crate does not know. They are kept and written back.
///
/// `Debug` shows only their names, because a value may be a secret.
#[derive(Clone, Default, PartialEq)]
pub struct OtherFields {
    members: Map<String, Value>,
    /// Members with a field that were null, although they are not described so. They are written back as null.
    nulls: Vec<&'static str>,
    /// Members with a field that were missing, although they are not described so. They are left out again.
    missing: Vec<&'static str>,
}

/// Members without a default: a missing `revoked` must not read as `false`, nor a missing id as an empty one.
const REQUIRED_FIELDS: [&str; 5] = ["banned", "expired", "id", "locked", "revoked"];

impl OtherFields {
    /// The value of this member.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// The names of all members.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    pub(crate) const fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// All members of an object, before fields are taken out of it.
    pub(crate) fn all(value: Value) -> Result<Self, Mismatch> {
        Ok(Self { members: object(value)?, ..Self::default() })
    }

    /// Takes out a member.
    pub(crate) fn take<T: Field>(&mut self, name: &'static str, reading: &mut Reading) -> Result<T, Mismatch> {
        let value = self.members.remove(name);
        let unset = match value {
            Some(Value::Null) => &mut self.nulls,
            None => &mut self.missing,
            Some(value) => return self.read(name, value, reading),
        };
        match T::absent() {
            Some(value) if is_optional::<T>() || !REQUIRED_FIELDS.contains(&name) => {
                unset.push(name);
                Ok(value)
            }
            _ => Err(Mismatch::new("there").prefixed_by(name)),
        }
    }

    /// Takes out a member that may be missing.
    pub(crate) fn take_optional<T: Field>(
        &mut self,
        name: &'static str,
        reading: &mut Reading,
    ) -> Result<Option<T>, Mismatch> {
        match self.members.remove(name) {
            None => Ok(None),
            Some(Value::Null) => {
                self.nulls.push(name);
                Ok(None)
            }
            Some(value) => self.read(name, value, reading),
        }
    }

    fn read<T: Field>(&mut self, name: &'static str, value: Value, reading: &mut Reading) -> Result<T, Mismatch> {
        let kept = (reading.is_lenient() && is_optional::<T>()).then(|| value.clone());
        let result = reading.inside(|| name, |reading| T::read(value, reading));
        match (result, kept, T::absent()) {
            (Err(difference), Some(kept), Some(absent)) => {
                self.members.insert(name.to_owned(), kept);
                reading.report(difference);
                Ok(absent)
            }
            (result, ..) => result,
        }
    }

    /// Puts a member into an object. A default value is written as it was read: as null, not at all, or as the value of
    /// another type.
    pub(crate) fn put<T: Field>(&self, object: &mut Map<String, Value>, name: &'static str, field: &T) {
        let value = field.to_value();
        let was_unset = self.nulls.contains(&name) || self.missing.contains(&name) || self.members.contains_key(name);
        if was_unset && T::absent().is_some_and(|absent| absent.to_value() == value) {
            self.put_unset(object, name);
        } else {
            object.insert(name.to_owned(), value);
        }
    }

    /// Puts a member into an object unless it is `None`.
    pub(crate) fn put_optional<T: Field>(
        &self,
        object: &mut Map<String, Value>,
        name: &'static str,
        field: &Option<T>,
    ) {
        match field {
            Some(field) => _ = object.insert(name.to_owned(), field.to_value()),
            None => self.put_unset(object, name),
        }
    }

    fn put_unset(&self, object: &mut Map<String, Value>, name: &'static str) {
        if self.nulls.contains(&name) {
            object.insert(name.to_owned(), Value::Null);
        }
    }
}

const fn is_optional<T: Field>() -> bool {
    matches!(T::SHAPE, Shape::Maybe(_))
}

impl fmt::Debug for OtherFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::objects::{membership::OrganizationMembership, user::User};

    #[test]
    fn a_missing_member_has_a_default_unless_it_is_required() {
        let mut other = OtherFields::default();
        let reading = &mut Reading::lenient();
        assert!(other.take::<bool>("revoked", reading).is_err());
        assert!(other.take::<String>("id", reading).is_err());
        assert_eq!(other.take::<String>("name", reading).as_deref(), Ok(""));
        assert_eq!(other.take::<bool>("has_image", reading), Ok(false));
        assert_eq!(other.take::<Option<bool>>("revoked", reading), Ok(None));
    }

    #[test]
    fn what_was_unset_is_written_as_it_was_unless_it_was_changed() {
        let body = json!({
            "id": "user_1", "banned": false, "locked": false, "object": null, "username": null, "locale": null, "x": [7],
        });
        let mut user = User::from_value(body.clone()).unwrap();
        assert_eq!(user.to_value(), body);
        user.object = "user".to_owned();
        user.has_image = true;
        user.locale = Some("de".to_owned());
        let changed = json!({
            "id": "user_1", "banned": false, "locked": false, "object": "user", "username": null, "locale": "de",
            "has_image": true, "x": [7],
        });
        assert_eq!(user.to_value(), changed);
    }

    #[test]
    fn lenient_reading_keeps_an_optional_member_of_another_type_and_names_its_place() {
        let membership = json!({"id": "orgmem_1", "role_name": 7, "organization": {"id": "org_1", "created_by": [1]}});
        let body = json!({
            "id": "user_1", "banned": false, "locked": false, "username": {"new": true},
            "organization_memberships": [membership], "scim": {"directory_id": 7}, "email_addresses": [{"id": 1}],
        });
        let mut reading = Reading::lenient();
        let user = User::read(body.clone(), &mut reading).unwrap();
        assert_eq!(user.to_value(), body);
        assert_eq!(user.other.field("username"), Some(&json!({"new": true})));
        let places: Vec<_> = reading.differences().iter().map(Mismatch::path).collect();
        let memberships =
            ["role_name", "organization.created_by"].map(|at| format!("organization_memberships[0].{at}"));
        assert_eq!(
            places,
            ["username", "email_addresses[0].id", &memberships[0], &memberships[1], "scim.directory_id"]
        );
        assert!(User::from_value(body).is_err(), "an answer is read strictly");
    }

    #[test]
    fn lenient_reading_refuses_a_required_member_of_another_type() {
        let organization = json!({"id": "org_1", "name": "Acme"});
        for (body, path) in [
            (json!({"id": 7, "organization": organization}), "id"),
            (json!({"id": "orgmem_1", "organization": {"id": "org_1", "has_image": "yes"}}), "organization.has_image"),
            (json!({"id": "orgmem_1", "organization": organization, "permissions": ["a", 1]}), "permissions[1]"),
        ] {
            let error = OrganizationMembership::read(body, &mut Reading::lenient()).unwrap_err();
            assert_eq!(error.path(), path);
        }
    }
}
