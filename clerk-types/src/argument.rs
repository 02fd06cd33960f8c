//! [`Argument`]: what a parameter of an operation takes, and [`Null`].
//!
//! A parameter that is not set is left out. A parameter that may be null also takes [`Null`], which removes the value.

use serde::Serialize;
use serde_json::{Number, Value};

use crate::{field::Field, timestamp::Timestamp};

/// A value for a parameter of the type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a parameter of the type `{T}`",
    note = "String takes strings, Vec<String> takes iterators of strings, Value takes any `Serialize`, only Option takes Null"
)]
pub trait Argument<T> {
    /// The value as JSON; `None` if it cannot be written as JSON.
    fn into_json(self) -> Option<Value>;
}

/// Sets a parameter to null, which removes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Null;

/// An enum of the API. A parameter takes it as the enum or as text.
pub trait OpenEnum: Field + for<'a> From<&'a str> {}

/// Implements [`Argument`] for a type and for `Option` of that type.
macro_rules! arguments {
    ($( [$($bound:tt)*] $type:ty => $of:ty, $value:ident: $json:expr; )*) => { $(
        impl<$($bound)*> Argument<$of> for $type {
            fn into_json(self) -> Option<Value> {
                let $value = self;
                $json
            }
        }
        impl<$($bound)*> Argument<Option<$of>> for $type {
            fn into_json(self) -> Option<Value> {
                let $value = self;
                $json
            }
        }
    )* };
}

arguments! {
    [T: Into<String>] T => String, value: Some(Value::String(value.into()));
    [] i64 => i64, value: Some(value.into());
    [] i32 => i64, value: Some(value.into());
    [] u32 => i64, value: Some(value.into());
    [] f64 => f64, value: Number::from_f64(value).map(Value::Number);
    [] bool => bool, value: Some(value.into());
    [] Timestamp => Timestamp, value: Some(value.to_value());
    [] i64 => Timestamp, value: Some(value.into());
    [T: Serialize] T => Value, value: serde_json::to_value(value).ok();
    [T: IntoIterator<Item: Into<String>>] T => Vec<String>, value:
        Some(Value::Array(value.into_iter().map(|one| Value::String(one.into())).collect()));
    [E: OpenEnum, const N: usize] [E; N] => Vec<E>, value: Some(value.map(|one| one.to_value()).to_vec().into());
    [E: OpenEnum] Vec<E> => Vec<E>, value: Some(value.iter().map(E::to_value).collect::<Vec<_>>().into());
    [E: OpenEnum] E => E, value: Some(value.to_value());
    [E: OpenEnum] &str => E, value: Some(E::from(value).to_value());
}

macro_rules! nulls {
    ($( [$($bound:tt)*] $type:ty; )*) => { $(
        impl<$($bound)*> Argument<Option<$type>> for Null {
            fn into_json(self) -> Option<Value> {
                Some(Value::Null)
            }
        }
    )* };
}

nulls! {
    [] String;
    [] i64;
    [] f64;
    [] bool;
    [] Timestamp;
    [] Vec<String>;
    [E: OpenEnum] E;
}

/// Lets a parameter of the type [`Value`] take `Null`.
impl Serialize for Null {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
