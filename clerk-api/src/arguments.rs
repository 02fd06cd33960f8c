//! The [`Argument`]s of parameters, and [`Null`].
//!
//! A parameter that is not set is left out. A parameter that may be null also takes [`Null`], which removes the value:
//!
//! ```no_run
//! # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {
//! use clerk_api::Null;
//! client.users().update("user_1").first_name("Ada").last_name(Null).send().await?; // the username does not change
//! # Ok(()) }
//! ```

use std::marker::PhantomData;

use serde::Serialize;
use serde_json::{Number, Value};

use crate::{field::Field, operation::Shape};

/// A value for a parameter of the kind `K`, one of this module's marker types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a parameter of the kind `{K}`",
    note = "Text takes strings, List<Text> takes iterators of strings, Json takes any `Serialize`, only Maybe takes Null"
)]
pub trait Argument<K> {
    /// The value as JSON; `None` if it cannot be written as JSON.
    fn into_json(self) -> Option<Value>;
}

/// A kind of parameter, as a marker type.
pub trait Kind {
    /// The JSON type of its values.
    const SHAPE: Shape;
}

/// Sets a parameter to null, which removes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Null;

/// An enum of this crate. A parameter takes it as the enum or as text.
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
/// Kind: anything that [serialises](Serialize).
#[derive(Debug)]
pub enum Json {}
/// Kind: a list of values of another kind.
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

/// Implements [`Argument`] for a kind and for `Maybe` of that kind.
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

/// Lets a parameter of the kind [`Json`] take `Null`.
impl Serialize for Null {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
