//! [`UserId`], [`SessionId`] and [`OrgId`]: opaque strings that are cheap to clone.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

use serde::de::Error;

/// A text that cannot be an id of Clerk's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id of Clerk's: an id is 1 to 255 visible ASCII characters")
    }
}

impl std::error::Error for InvalidId {}

/// Ids of imported users may have any form, so only what no id can have is refused.
fn is_id(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            pub(crate) fn new(id: &str) -> Self {
                Self(id.into())
            }

            /// The id as Clerk writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                *self.0 == *other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                *self.0 == **other
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                *self.0 == **other
            }
        }

        impl PartialEq<$name> for str {
            fn eq(&self, other: &$name) -> bool {
                *self == *other.0
            }
        }

        impl PartialEq<$name> for String {
            fn eq(&self, other: &$name) -> bool {
                **self == *other.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_id(text) { Ok(Self::new(text)) } else { Err(InvalidId) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidId;

            fn try_from(text: &str) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.as_str().to_owned()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

id! {
    /// The id of a user, `user_...`.
    ///
    /// In a type of your own it is a field like any other, also one that serde reads, or a row of a database with
    /// `TryFrom<String>`, such as `#[sqlx(try_from = "String")]`.
    ///
    /// ```
    /// use clerk_core::UserId;
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Note {
    ///     owner: UserId,
    /// }
    ///
    /// let note: Note = serde_json::from_str(r#"{"owner":"user_2abc"}"#)?;
    /// assert_eq!(note.owner, "user_2abc");
    /// assert_eq!(note.owner, "user_2abc".parse::<UserId>()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    UserId
}
id! {
    /// The id of a session, `sess_...`.
    SessionId
}
id! {
    /// The id of an organization, `org_...`.
    OrgId
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn ids_are_made_of_visible_characters() {
        for good in ["user_2abc", "1", "external|42"] {
            assert_eq!(good.parse::<UserId>().unwrap(), good);
        }
        for bad in ["", "user 1", "user_1\n", "user_\u{e9}", &"x".repeat(256)] {
            assert_eq!(bad.parse::<OrgId>(), Err(InvalidId), "{bad:?}");
            assert!(SessionId::try_from(bad.to_owned()).is_err());
            assert!(serde_json::from_value::<UserId>(bad.into()).is_err());
        }
        let id: UserId = serde_json::from_str(r#""user_1""#).unwrap();
        let owned = "user_1".to_owned();
        assert!(id == *"user_1" && id == "user_1" && id == owned);
        assert!(*"user_1" == id);
        assert_eq!(HashMap::from([(id, 1)]).get("user_1"), Some(&1));
    }
}
