//! The types of claims. A JSON value of the wrong type counts as absent; no type ever fails on valid JSON.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, value::MapAccessDeserializer},
};

use super::claim::{Claim, claim};
use crate::base::time;

/// A time claim that distinguishes "absent" from "present but invalid".
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) enum Date {
    #[default]
    Absent,
    /// Seconds since the epoch, in the range of dates.
    At(f64),
    Invalid,
}

/// The `iss` claim, which distinguishes "absent" from "not a string".
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Issuer<'a> {
    /// Missing, or falsy in JavaScript.
    #[default]
    Absent,
    /// Present, but not a string.
    NotText,
    Text(Cow<'a, str>),
}

/// The `azp` claim, which makes the same distinction.
pub(crate) type Party<'a> = Issuer<'a>;

impl Issuer<'_> {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::NotText => None,
        }
    }
}

/// A string.
impl<'de> Claim<'de> for Option<Cow<'de, str>> {
    fn wrong_type() -> Self {
        None
    }

    fn from_text(text: Cow<'de, str>) -> Self {
        Some(text)
    }
}

/// A number.
impl Claim<'_> for Option<f64> {
    fn wrong_type() -> Self {
        None
    }

    fn from_number(number: f64) -> Self {
        Some(number)
    }
}

/// Two numbers.
impl<'de> Claim<'de> for Option<[f64; 2]> {
    fn wrong_type() -> Self {
        None
    }

    fn from_list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        let (mut numbers, mut count) = ([0.0; 2], 0);
        let mut fits = true;
        each(list, |element| {
            match (element, numbers.get_mut(count)) {
                (Element::Number(number), Some(place)) => *place = number,
                _ => fits = false,
            }
            count += 1;
        })?;
        Ok((fits && count == 2).then_some(numbers))
    }
}

/// A string or a list of strings.
impl<'de> Claim<'de> for Option<Vec<Cow<'de, str>>> {
    fn wrong_type() -> Self {
        None
    }

    fn from_text(text: Cow<'de, str>) -> Self {
        Some(vec![text])
    }

    fn from_list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        let (mut texts, mut fits) = (Vec::new(), true);
        each(list, |element| match element {
            Element::Text(text) => texts.push(text),
            Element::Number(_) | Element::Other => fits = false,
        })?;
        Ok(fits.then_some(texts))
    }
}

/// The strings of a list; other elements are ignored.
#[derive(Debug, Default)]
pub(crate) struct Texts<'a>(pub(crate) Vec<Cow<'a, str>>);

impl<'de> Claim<'de> for Texts<'de> {
    fn wrong_type() -> Self {
        Self::default()
    }

    fn from_list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        let mut texts = Vec::new();
        each(list, |element| {
            if let Element::Text(text) = element {
                texts.push(text);
            }
        })?;
        Ok(Self(texts))
    }
}

/// A list's element. Nested lists are skipped and not built, so depth costs nothing.
enum Element<'de> {
    Text(Cow<'de, str>),
    Number(f64),
    Other,
}

impl<'de> Claim<'de> for Element<'de> {
    fn wrong_type() -> Self {
        Self::Other
    }

    fn from_number(number: f64) -> Self {
        Self::Number(number)
    }

    fn from_text(text: Cow<'de, str>) -> Self {
        Self::Text(text)
    }
}

impl<'de> Deserialize<'de> for Element<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        claim(deserializer)
    }
}

fn each<'de, A: SeqAccess<'de>>(mut list: A, mut visit: impl FnMut(Element<'de>)) -> Result<(), A::Error> {
    while let Some(element) = list.next_element()? {
        visit(element);
    }
    Ok(())
}

/// A `NumericDate`.
impl Claim<'_> for Date {
    fn wrong_type() -> Self {
        Self::Invalid
    }

    fn from_number(number: f64) -> Self {
        if time::from_numeric_date(number).is_some() { Self::At(number) } else { Self::Invalid }
    }
}

/// An issuer.
impl<'de> Claim<'de> for Issuer<'de> {
    fn wrong_type() -> Self {
        Self::NotText
    }

    fn from_null() -> Self {
        Self::Absent
    }

    fn from_bool(value: bool) -> Self {
        if value { Self::NotText } else { Self::Absent }
    }

    fn from_number(number: f64) -> Self {
        if number == 0.0 { Self::Absent } else { Self::NotText }
    }

    fn from_text(text: Cow<'de, str>) -> Self {
        if text.is_empty() { Self::Absent } else { Self::Text(text) }
    }
}

/// An object.
impl<'de, T: Deserialize<'de>> Claim<'de> for Option<Object<T>> {
    fn wrong_type() -> Self {
        None
    }

    fn from_object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        Object::read(object).map(Some)
    }
}

/// An object's members.
#[derive(Debug)]
pub(crate) struct Object<T>(pub(crate) T);

impl<T> Object<T> {
    fn read<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error>
    where
        T: Deserialize<'de>,
    {
        T::deserialize(MapAccessDeserializer::new(object)).map(Self)
    }
}
