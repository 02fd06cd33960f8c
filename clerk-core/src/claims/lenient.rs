//! Deserializers for which the wrong type means "absent": they never fail on valid JSON.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use crate::time::Timestamp;

/// A time claim, for which "absent" and "present but no date" are different answers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) enum Date {
    #[default]
    Absent,
    /// Seconds since the epoch that are a date.
    At(f64),
    Invalid,
}

/// The `iss` claim, for which "empty" and "not a text" are different answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Issuer<'a> {
    /// Missing, or what JavaScript takes for nothing.
    #[default]
    Absent,
    /// Present, and no text.
    Other,
    Text(Cow<'a, str>),
}

impl Issuer<'_> {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Other => None,
        }
    }
}

/// A claim for which "absent" and "of the wrong type" are different answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Member<T> {
    /// Missing, or `null`.
    #[default]
    Absent,
    Good(T),
    /// Present, and of another type.
    Other,
}

impl<T> Member<T> {
    pub(crate) const fn object(&self) -> Option<&T> {
        match self {
            Self::Good(object) => Some(object),
            Self::Absent | Self::Other => None,
        }
    }
}

impl Member<Cow<'_, str>> {
    pub(crate) fn text(&self) -> Option<&str> {
        self.object().map(|text| &**text)
    }
}

/// One JSON value, reduced to what the claims can be.
enum Value<'de> {
    Text(Cow<'de, str>),
    Number(f64),
    Texts(Vec<Cow<'de, str>>),
    Numbers(Vec<f64>),
    /// The strings of a list that holds other things too.
    Mixed(Vec<Cow<'de, str>>),
    Other,
    /// `null` or `false`.
    Nothing,
}

struct ValueVisitor {
    nested: bool,
}

const TOP: ValueVisitor = ValueVisitor { nested: false };

macro_rules! number {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E>(self, number: $type) -> Result<Self::Value, E> {
            Ok(Value::Number(number as f64))
        })*
    };
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    number!(visit_i64: i64, visit_u64: u64, visit_f64: f64);

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(if truth { Value::Other } else { Value::Nothing })
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        if self.nested {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Other);
        }
        let (mut texts, mut numbers, mut others) = (Vec::new(), Vec::new(), 0);
        while let Some(element) = seq.next_element::<Element<'de>>()? {
            match element.0 {
                Value::Text(text) => texts.push(text),
                Value::Number(number) => numbers.push(number),
                _ => others += 1,
            }
        }
        Ok(match (texts.len(), numbers.len(), others) {
            (_, 0, 0) => Value::Texts(texts),
            (0, _, 0) => Value::Numbers(numbers),
            _ => Value::Mixed(texts),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}

/// A list's element; a nested list is skipped rather than built, so depth costs nothing.
struct Element<'de>(Value<'de>);

impl<'de> Deserialize<'de> for Element<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor { nested: true }).map(Self)
    }
}

/// A string.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Text(text) => Some(text),
        _ => None,
    })
}

/// A string or a list of strings.
pub(super) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Cow<'de, str>>>, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Text(text) => Some(vec![text]),
        Value::Texts(texts) => Some(texts),
        _ => None,
    })
}

/// A list, of which the strings count.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Cow<'de, str>>>, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Texts(texts) | Value::Mixed(texts) => Some(texts),
        _ => None,
    })
}

/// A number.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Number(number) => Some(number),
        _ => None,
    })
}

/// A list of numbers.
pub(super) fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<f64>>, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Numbers(numbers) => Some(numbers),
        _ => None,
    })
}

/// A `NumericDate`.
pub(super) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Number(number) if Timestamp::from_numeric_date(number).is_some() => Date::At(number),
        _ => Date::Invalid,
    })
}

/// An issuer.
pub(super) fn issuer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Issuer<'de>, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Text(text) if text.is_empty() => Issuer::Absent,
        Value::Text(text) => Issuer::Text(text),
        Value::Nothing => Issuer::Absent,
        Value::Number(0.0) => Issuer::Absent,
        _ => Issuer::Other,
    })
}

/// A string that is missed.
pub(super) fn text_member<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Member<Cow<'de, str>>, D::Error> {
    Ok(match deserializer.deserialize_any(TOP)? {
        Value::Text(text) => Member::Good(text),
        Value::Nothing => Member::Absent,
        _ => Member::Other,
    })
}

/// An object that is missed.
pub(super) fn member<'de, D, T>(deserializer: D) -> Result<Member<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    // `null` is nothing, and everything else that is no object something.
    Ok(match Option::<Lenient<T>>::deserialize(deserializer)? {
        None => Member::Absent,
        Some(Lenient(Some(object))) => Member::Good(object),
        Some(Lenient(None)) => Member::Other,
    })
}

struct Lenient<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

/// An object.
pub(super) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
