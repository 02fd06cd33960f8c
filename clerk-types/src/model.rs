//! Macros that define the objects of the API: `model!` for objects, `choice!` for enums.

/// Defines structs for objects, and `MODELS`, the list of them.
///
/// | definition | field | if it is `None` |
/// |---|---|---|
/// | `name: String` | `String` | |
/// | `name: Option<String>` | `Option<String>` | written as null |
/// | `name?: String` | `Option<String>` | left out |
///
/// `other` keeps unknown members, and how members without a value were written.
macro_rules! model {
    ($( $(#[$meta:meta])* $name:ident { $(
        $(#[$about:meta])* $field:ident $(= $wire:literal)? $(?: $optional:ty)? $(: $type:ty)?,
    )* } )*) => {
        pub(crate) const MODELS: &[fn() -> &'static $crate::ModelInfo] = &[ $( $name::info, )* ];

        $(
            $(#[$meta])*
            #[derive(Clone)]
            #[cfg_attr(not(feature = "build"), non_exhaustive)]
            pub struct $name {
                $(
                    $(#[$about])*
                    #[doc = concat!("`", $crate::model::wire!($field $(, $wire)?), "` in the API.")]
                    pub $field: $($type)? $(Option<$optional>)?,
                )*
                /// Members that this version of the crate does not know.
                pub other: $crate::OtherFields,
            }

            impl $name {
                fn info() -> &'static $crate::ModelInfo {
                    const INFO: $crate::ModelInfo = $crate::ModelInfo::new(
                        stringify!($name),
                        &[ $( $crate::model::member!(
                            $crate::model::wire!($field $(, $wire)?), $(: $type)? $(?: $optional)?
                        ), )* ],
                        |value| <$name as $crate::Field>::from_value(value).map(|model| $crate::Field::to_value(&model)),
                    );
                    &INFO
                }
            }

            impl $crate::Field for $name {
                const SHAPE: $crate::Shape = $crate::Shape::Model(Self::info);

                fn read(
                    value: serde_json::Value,
                    reading: &mut $crate::Reading,
                ) -> Result<Self, $crate::Mismatch> {
                    let mut other = $crate::OtherFields::all(value)?;
                    Ok(Self {
                        $( $field: $crate::model::take!(
                            other, reading, $crate::model::wire!($field $(, $wire)?), $(: $type)? $(?: $optional)?
                        ), )*
                        other,
                    })
                }

                fn to_value(&self) -> serde_json::Value {
                    let mut object = self.other.members().clone();
                    $( $crate::model::put!(
                        object, self, $crate::model::wire!($field $(, $wire)?), $field, $(: $type)? $(?: $optional)?
                    ); )*
                    serde_json::Value::Object(object)
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    let mut shown = f.debug_struct(stringify!($name));
                    $(
                        if const { $crate::model::is_shown(stringify!($field)) } {
                            shown.field(stringify!($field), &self.$field);
                        }
                    )*
                    shown.finish_non_exhaustive()
                }
            }

            $crate::model::serde_by_field!($name);
        )*
    };
}

/// Whether `Debug` shows the field. Objects hold personal data, sign-in codes and links, so it shows ids and status only.
pub(crate) const fn is_shown(field: &str) -> bool {
    matches!(field.as_bytes(), b"id" | b"user_id" | b"organization_id" | b"status")
}

macro_rules! member {
    ($name:expr, : $type:ty) => {
        $crate::Member::new($name, <$type as $crate::Field>::SHAPE, false)
    };
    ($name:expr, ?: $type:ty) => {
        $crate::Member::new($name, <Option<$type> as $crate::Field>::SHAPE, true)
    };
}

macro_rules! take {
    ($other:ident, $reading:ident, $name:expr, : $type:ty) => {
        $other.take::<$type>($name, $reading)?
    };
    ($other:ident, $reading:ident, $name:expr, ?: $type:ty) => {
        $other.take_optional::<$type>($name, $reading)?
    };
}

macro_rules! put {
    ($object:ident, $self:ident, $name:expr, $field:ident, : $type:ty) => {
        $self.other.put(&mut $object, $name, &$self.$field)
    };
    ($object:ident, $self:ident, $name:expr, $field:ident, ?: $type:ty) => {
        $self.other.put_optional(&mut $object, $name, &$self.$field)
    };
}

/// Defines an enum for a text out of a list that may grow.
macro_rules! choice {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$about:meta])* $variant:ident = $text:literal, )* } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$about])* #[doc = concat!("`", $text, "`")] $variant, )*
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

        impl $crate::Field for $name {
            const SHAPE: $crate::Shape = $crate::Shape::Choice(|| &[ $( $text, )* ]);

            fn read(value: serde_json::Value, _: &mut $crate::Reading) -> Result<Self, $crate::Mismatch> {
                value.as_str().map(Self::from).ok_or($crate::Mismatch::new("text"))
            }

            fn to_value(&self) -> serde_json::Value {
                self.as_str().into()
            }

            fn absent() -> Option<Self> {
                Some(Self::Unknown("".into()))
            }
        }

        impl $crate::OpenEnum for $name {}

        $crate::model::serde_by_field!($name);
    )* };
}

macro_rules! serde_by_field {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::Field::to_value(self), serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                $crate::Field::from_value(value).map_err(serde::de::Error::custom)
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

pub(crate) use {choice, member, model, put, serde_by_field, take, wire};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Field as _, membership::PublicUserData};

    #[test]
    fn unknown_members_and_nulls_are_written_back_and_debug_shows_no_personal_data() {
        let body = json!({
            "user_id": "user_1", "first_name": "Ada", "last_name": null, "image_url": "https://example.com/ada.png",
            "has_image": true, "username": null, "new": {"deep": [null, "secret"]},
        });
        let mut data = PublicUserData::from_value(body.clone()).unwrap();
        assert_eq!(data.to_value(), body);
        assert_eq!(data.other.names().collect::<Vec<_>>(), ["new"]);
        assert_eq!(format!("{data:?} {:?}", data.other), r#"PublicUserData { user_id: "user_1", .. } {"new"}"#);
        data.username = Some("ada".to_owned());
        data.first_name = None;
        let written = data.to_value();
        assert_eq!((&written["username"], &written["first_name"]), (&json!("ada"), &json!(null)));
    }

    /// By default serde_json may read a number with many digits as its neighbour.
    #[test]
    fn numbers_of_unknown_members_are_written_back_as_they_were() {
        for number in ["998888888.9999999", "0.1", "1.1111077777777779e+111", "-2.2250738585072014e-308"] {
            let body = format!(r#"{{"has_image":true,"image_url":"","new":{number},"user_id":"user_1"}}"#);
            let data: PublicUserData = serde_json::from_str(&body).unwrap();
            let written = serde_json::to_string(&data).unwrap();
            assert!(written.contains(&format!(r#""new":{number}"#)), "{number}: {written}");
        }
    }

    #[test]
    fn the_place_of_an_unexpected_value_is_named() {
        let body = json!({"user_id": "user_1", "has_image": "yes"});
        assert_eq!(PublicUserData::from_value(body).unwrap_err().to_string(), "has_image is not true or false");
    }
}
