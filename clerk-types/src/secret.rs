//! [`Secret`]: text that `Debug` must not show.

use std::fmt;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{field::Field, mismatch::Mismatch, reading::Reading, shape::Shape};

/// A token, a key, or a sign-in link. `Debug` does not show it; its memory is wiped when it is dropped.
///
/// ```
/// let token: clerk_types::Secret = serde_json::from_str(r#""eyJ...""#)?;
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), "eyJ...");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Field for Secret {
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value, reading: &mut Reading) -> Result<Self, Mismatch> {
        String::read(value, reading).map(Self::from)
    }

    fn to_value(&self) -> Value {
        self.0.as_str().into()
    }

    fn absent() -> Option<Self> {
        Some(Self(Zeroizing::default()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

crate::model::serde_by_field!(Secret);
