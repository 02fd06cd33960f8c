//! Macros that define response types: `model!` for objects, `choice!` for enums.

use std::fmt;

use serde_json::{Map, Value};

/// The members of an object that this version of the crate does not know. They are kept and written back.
///
/// `Debug` shows only their names, because a value may be a secret.
#[derive(Clone, Default, PartialEq)]
pub struct OtherFields(pub(crate) Map<String, Value>);

impl OtherFields {
    /// The value of this member.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The names of all members.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Debug for OtherFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// Defines a struct for an object in a response. `other` keeps unknown members; null and absent are both `None`.
macro_rules! model {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$about:meta])* $field:ident $(= $wire:literal)? : $type:ty, )* } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$about])* #[doc = concat!("`", $crate::model::wire!($field $(, $wire)?), "` in the API.")] pub $field: $type, )*
            /// Members that this version of the crate does not know.
            pub other: $crate::model::OtherFields,
        }

        impl $crate::field::Field for $name {
            const SHAPE: $crate::operation::Shape = {
                fn info() -> &'static $crate::operation::ModelInfo {
                    const INFO: $crate::operation::ModelInfo = $crate::operation::ModelInfo {
                        name: stringify!($name),
                        fields: &[ $( ($crate::model::wire!($field $(, $wire)?), <$type as $crate::field::Field>::SHAPE), )* ],
                        round_trip: |value| <$name as $crate::field::Field>::from_value(value).map(|model| $crate::field::Field::to_value(&model)),
                    };
                    &INFO
                }
                $crate::operation::Shape::Model(info)
            };

            fn from_value(value: serde_json::Value) -> Result<Self, $crate::field::Mismatch> {
                let mut object = $crate::field::object(value)?;
                Ok(Self {
                    $( $field: $crate::field::take(&mut object, $crate::model::wire!($field $(, $wire)?))?, )*
                    other: $crate::model::OtherFields(object),
                })
            }

            fn to_value(&self) -> serde_json::Value {
                let mut object = self.other.0.clone();
                $( $crate::field::put(&mut object, $crate::model::wire!($field $(, $wire)?), &self.$field); )*
                serde_json::Value::Object(object)
            }
        }

        $crate::model::serde_by_field!($name);
    )* };
}

/// Defines an enum for a text out of a list that may grow.
macro_rules! choice {
    ($( $(#[$meta:meta])* $name:ident { $( $variant:ident = $text:literal, )* } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( #[doc = concat!("`", $text, "`")] $variant, )*
            /// A value that this version of the crate does not know.
            Unknown(Box<str>),
        }

        impl $name {
            /// The text that the API uses.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )*
                    _ => Self::Unknown(text.into()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::field::Field for $name {
            const SHAPE: $crate::operation::Shape = {
                fn values() -> &'static [&'static str] {
                    &[ $( $text, )* ]
                }
                $crate::operation::Shape::Choice(values)
            };

            fn from_value(value: serde_json::Value) -> Result<Self, $crate::field::Mismatch> {
                value.as_str().map(Self::from).ok_or($crate::field::Mismatch::new("text"))
            }

            fn to_value(&self) -> serde_json::Value {
                self.as_str().into()
            }

            fn absent() -> Option<Self> {
                Some(Self::Unknown("".into()))
            }
        }

        impl $crate::arguments::OpenEnum for $name {}

        $crate::model::serde_by_field!($name);
    )* };
}

macro_rules! serde_by_field {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::field::Field::to_value(self), serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                $crate::field::Field::from_value(value).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// The name in the API: the given one, by default the identifier.
macro_rules! wire {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident, $wire:literal) => {
        $wire
    };
}

pub(crate) use {choice, model, serde_by_field, wire};
