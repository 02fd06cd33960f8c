//! The kinds of claims, for each of which the wrong type means "absent": none ever fails on valid JSON.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, value::MapAccessDeserializer},
};

use super::claim::{Claim, claim};
use crate::base::time::Timestamp;

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

/// A string.
impl<'de> Claim<'de> for Option<Cow<'de, str>> {
    fn other() -> Self {
        None
    }

    fn text(text: Cow<'de, str>) -> Self {
        Some(text)
    }
}

/// A number.
impl Claim<'_> for Option<f64> {
    fn other() -> Self {
        None
    }

    fn number(number: f64) -> Self {
        Some(number)
    }
}

/// Two numbers.
impl<'de> Claim<'de> for Option<[f64; 2]> {
    fn other() -> Self {
        None
    }

    fn list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
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
    fn other() -> Self {
        None
    }

    fn text(text: Cow<'de, str>) -> Self {
        Some(vec![text])
    }

    fn list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        let (mut texts, mut fits) = (Vec::new(), true);
        each(list, |element| match element {
            Element::Text(text) => texts.push(text),
            Element::Number(_) | Element::Other => fits = false,
        })?;
        Ok(fits.then_some(texts))
    }
}

/// A list, of which the strings count.
#[derive(Debug, Default)]
pub(crate) struct Texts<'a>(pub(crate) Vec<Cow<'a, str>>);

impl<'de> Claim<'de> for Texts<'de> {
    fn other() -> Self {
        Self::default()
    }

    fn list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        let mut texts = Vec::new();
        each(list, |element| {
            if let Element::Text(text) = element {
                texts.push(text);
            }
        })?;
        Ok(Self(texts))
    }
}

/// A list's element; a nested list is skipped rather than built, so depth costs nothing.
enum Element<'de> {
    Text(Cow<'de, str>),
    Number(f64),
    Other,
}

impl<'de> Claim<'de> for Element<'de> {
    fn other() -> Self {
        Self::Other
    }

    fn number(number: f64) -> Self {
        Self::Number(number)
    }

    fn text(text: Cow<'de, str>) -> Self {
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
    fn other() -> Self {
        Self::Invalid
    }

    fn number(number: f64) -> Self {
        if Timestamp::from_numeric_date(number).is_some() { Self::At(number) } else { Self::Invalid }
    }
}

/// An issuer.
impl<'de> Claim<'de> for Issuer<'de> {
    fn other() -> Self {
        Self::Other
    }

    fn null() -> Self {
        Self::Absent
    }

    fn truth(truth: bool) -> Self {
        if truth { Self::Other } else { Self::Absent }
    }

    fn number(number: f64) -> Self {
        if number == 0.0 { Self::Absent } else { Self::Other }
    }

    fn text(text: Cow<'de, str>) -> Self {
        if text.is_empty() { Self::Absent } else { Self::Text(text) }
    }
}

/// A string that is missed.
impl<'de> Claim<'de> for Member<Cow<'de, str>> {
    fn other() -> Self {
        Self::Other
    }

    fn null() -> Self {
        Self::Absent
    }

    fn truth(truth: bool) -> Self {
        if truth { Self::Other } else { Self::Absent }
    }

    fn text(text: Cow<'de, str>) -> Self {
        Self::Good(text)
    }
}

/// An object that is missed: `null` is nothing, and everything else that is no object something.
impl<'de, T: Deserialize<'de>> Claim<'de> for Member<Object<T>> {
    fn other() -> Self {
        Self::Other
    }

    fn null() -> Self {
        Self::Absent
    }

    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        Object::read(object).map(Self::Good)
    }
}

/// An object.
impl<'de, T: Deserialize<'de>> Claim<'de> for Option<Object<T>> {
    fn other() -> Self {
        None
    }

    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
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
