//! The macros that declare payloads: known members as fields, all others in `other`.

use serde::{Deserialize, Deserializer, de};

use super::fields::{Fields, PayloadError};

/// A payload, read from the members of a JSON object.
pub(crate) trait Payload: Sized {
    fn read(fields: Fields) -> Result<Self, PayloadError>;
}

/// Declares payloads. Each field has a [`Field`](super::fields::Field) type: a missing `Option` is `None`, a missing `Vec`
/// empty, a missing `bool` false, and all other types are required. With serde's derive instead, one optional field that
/// Clerk changes would make all events of its type unreadable.
macro_rules! payload {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
        }
    )*) => {
        $(
            $(#[$meta])*
            #[derive(Clone)]
            #[non_exhaustive]
            pub struct $name {
                $($(#[$field_meta])* pub $field: $type,)*
                /// All other members.
                pub other: $crate::event::Fields,
            }

            impl $crate::event::payload::Payload for $name {
                fn read(
                    mut fields: $crate::event::Fields,
                ) -> Result<Self, $crate::event::PayloadError> {
                    Ok(Self {
                        $($field: fields.take(
                            stringify!($name),
                            const { $crate::event::payload::name(stringify!($field)) },
                        )?,)*
                        other: fields,
                    })
                }
            }

            impl $crate::event::fields::Field for $name {}

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    $crate::event::payload::read(deserializer)
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    use serde::ser::SerializeMap;
                    use $crate::event::fields::Field;
                    let mut map = serializer.serialize_map(None)?;
                    $(
                        if !self.$field.is_absent() {
                            let name = const { $crate::event::payload::name(stringify!($field)) };
                            map.serialize_entry(name, &self.$field)?;
                        }
                    )*
                    self.other.write(&mut map)?;
                    map.end()
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    let mut shown = f.debug_struct(stringify!($name));
                    $(
                        if const { $crate::event::payload::is_shown(stringify!($field)) } {
                            shown.field(stringify!($field), &self.$field);
                        }
                    )*
                    shown.finish_non_exhaustive()
                }
            }
        )*
    };
}

pub(crate) use payload;

/// The member's name, without the `r#` of a raw identifier such as `r#type`.
pub(crate) const fn name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Whether `Debug` shows the field. Payloads hold personal data, sign-in codes and links, so it shows ids and status only.
pub(crate) const fn is_shown(field: &str) -> bool {
    matches!(field.as_bytes(), b"id" | b"user_id" | b"organization_id" | b"status")
}

pub(crate) fn read<'de, T: Payload, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(Fields::deserialize(deserializer)?).map_err(de::Error::custom)
}

/// Declares an enum of texts with an `Unknown` variant, because Clerk may add more.
macro_rules! open_enum {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)*
        }
    )*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum $name {
                $($(#[$variant_meta])* $variant,)*
                /// A value that is not known here.
                Unknown(Box<str>),
            }

            impl $name {
                /// The text in the JSON.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    match self {
                        $(Self::$variant => $text,)*
                        Self::Unknown(text) => text,
                    }
                }
            }

            impl From<&str> for $name {
                fn from(text: &str) -> Self {
                    match text {
                        $($text => Self::$variant,)*
                        _ => Self::Unknown(text.into()),
                    }
                }
            }

            impl $crate::event::fields::Field for $name {}

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    $crate::event::payload::text(deserializer).map(|text| Self::from(&*text))
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    std::fmt::Debug::fmt(self.as_str(), f)
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        )*
    };
}

pub(crate) use open_enum;

pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<str>, D::Error> {
    Box::deserialize(deserializer)
}
