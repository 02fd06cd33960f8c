//! [`Claim`]: deserialization that accepts any JSON value and never fails on its type.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// Conversion from each JSON type. The default for every type is [`wrong_type`](Self::wrong_type).
pub(crate) trait Claim<'de>: Sized {
    fn wrong_type() -> Self;

    fn from_null() -> Self {
        Self::wrong_type()
    }

    fn from_bool(_: bool) -> Self {
        Self::wrong_type()
    }

    fn from_number(_: f64) -> Self {
        Self::wrong_type()
    }

    fn from_text(_: Cow<'de, str>) -> Self {
        Self::wrong_type()
    }

    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::wrong_type())
    }

    fn from_object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::wrong_type())
    }
}

/// Deserializes a claim from any JSON value.
pub(crate) fn claim<'de, D: Deserializer<'de>, C: Claim<'de>>(deserializer: D) -> Result<C, D::Error> {
    deserializer.deserialize_any(ClaimVisitor(PhantomData))
}

struct ClaimVisitor<C>(PhantomData<C>);

macro_rules! number {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E>(self, number: $type) -> Result<C, E> {
            Ok(C::from_number(number as f64))
        })*
    };
}

impl<'de, C: Claim<'de>> Visitor<'de> for ClaimVisitor<C> {
    type Value = C;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    number!(visit_i64: i64, visit_u64: u64, visit_f64: f64);

    fn visit_bool<E>(self, value: bool) -> Result<C, E> {
        Ok(C::from_bool(value))
    }

    fn visit_unit<E>(self) -> Result<C, E> {
        Ok(C::from_null())
    }

    fn visit_str<E>(self, text: &str) -> Result<C, E> {
        Ok(C::from_text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<C, E> {
        Ok(C::from_text(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<C, A::Error> {
        C::from_list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<C, A::Error> {
        C::from_object(object)
    }
}
