//! What operations take: the [`Argument`] of a parameter, and [`Null`].
//!
//! A parameter that is not set is left out. One that may be null takes [`Null`] as well, which is a third thing:
//!
//! ```no_run
//! # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {
//! use clerk_api::Null;
//! client.users().update("user_1").first_name("Ada").last_name(Null).send().await?; // username stays as it is
//! # Ok(()) }
//! ```

use std::marker::PhantomData;

use serde::Serialize;
use serde_json::{Number, Value};

use crate::{field::Field, operation::Shape};

/// A value for a parameter of the kind `K`, one of the markers of this module.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for a parameter of the kind `{K}`",
    note = "Text takes strings, List<Text> anything that iterates over strings, Json whatever serialises; Null only where the kind is Maybe"
)]
pub trait Argument<K> {
    /// The value as JSON; `None` when it cannot be written as that.
    fn into_json(self) -> Option<Value>;
}

/// A kind of parameter.
pub trait Kind {
    /// What its values look like in JSON.
    const SHAPE: Shape;
}

/// Sets a parameter to null, which removes what was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Null;

/// Enums of this crate, which a parameter takes as they are or as text.
pub trait OpenEnum: Field + for<'a> From<&'a str> {}

/// Kind: text.
#[derive(Debug)]
pub enum Text {}
/// Kind: a whole number.
#[derive(Debug)]
pub enum Integer {}
/// Kind: a number.
#[derive(Debug)]
pub enum Decimal {}
/// Kind: `true` or `false`.
#[derive(Debug)]
pub enum Flag {}
/// Kind: whatever [serialises](Serialize).
#[derive(Debug)]
pub enum Json {}
/// Kind: any number of another kind.
#[derive(Debug)]
pub struct List<K>(PhantomData<K>);
/// Kind: another kind, or [`Null`].
#[derive(Debug)]
pub struct Maybe<K>(PhantomData<K>);
/// Kind: one value of an enum.
#[derive(Debug)]
pub struct Choice<E>(PhantomData<E>);

impl Kind for Text {
    const SHAPE: Shape = Shape::Text;
}
impl Kind for Integer {
    const SHAPE: Shape = Shape::Integer;
}
impl Kind for Decimal {
    const SHAPE: Shape = Shape::Number;
}
impl Kind for Flag {
    const SHAPE: Shape = Shape::Flag;
}
impl Kind for Json {
    const SHAPE: Shape = Shape::Any;
}
impl<K: Kind> Kind for List<K> {
    const SHAPE: Shape = Shape::List(&K::SHAPE);
}
impl<K: Kind> Kind for Maybe<K> {
    const SHAPE: Shape = Shape::Maybe(&K::SHAPE);
}
impl<E: OpenEnum> Kind for Choice<E> {
    const SHAPE: Shape = E::SHAPE;
}

/// The same values for a kind and for that kind or null.
macro_rules! arguments {
    ($( [$($bound:tt)*] $type:ty => $kind:ty, $value:ident: $json:expr; )*) => { $(
        impl<$($bound)*> Argument<$kind> for $type {
            fn into_json(self) -> Option<Value> {
                let $value = self;
                $json
            }
        }
        impl<$($bound)*> Argument<Maybe<$kind>> for $type {
            fn into_json(self) -> Option<Value> {
                let $value = self;
                $json
            }
        }
    )* };
}

arguments! {
    [T: Into<String>] T => Text, value: Some(Value::String(value.into()));
    [] i64 => Integer, value: Some(value.into());
    [] i32 => Integer, value: Some(value.into());
    [] u32 => Integer, value: Some(value.into());
    [] f64 => Decimal, value: Number::from_f64(value).map(Value::Number);
    [] bool => Flag, value: Some(value.into());
    [T: Serialize] T => Json, value: serde_json::to_value(value).ok();
    [T: IntoIterator<Item: Into<String>>] T => List<Text>, value:
        Some(Value::Array(value.into_iter().map(|one| Value::String(one.into())).collect()));
    [E: OpenEnum, const N: usize] [E; N] => List<Choice<E>>, value: Some(value.map(|one| one.to_value()).to_vec().into());
    [E: OpenEnum] Vec<E> => List<Choice<E>>, value: Some(value.iter().map(E::to_value).collect::<Vec<_>>().into());
    [E: OpenEnum] E => Choice<E>, value: Some(value.to_value());
    [E: OpenEnum] &str => Choice<E>, value: Some(E::from(value).to_value());
}

macro_rules! nulls {
    ($( [$($bound:tt)*] $kind:ty; )*) => { $(
        impl<$($bound)*> Argument<Maybe<$kind>> for Null {
            fn into_json(self) -> Option<Value> {
                Some(Value::Null)
            }
        }
    )* };
}

nulls! {
    [] Text;
    [] Integer;
    [] Decimal;
    [] Flag;
    [] List<Text>;
    [E: OpenEnum] Choice<E>;
}

/// JSON takes null like anything else.
impl Serialize for Null {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
