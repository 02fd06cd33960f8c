//! [`FormFields`]: the pairs of a query or of a form.

use std::fmt;

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::FrontendError;

/// The longest name, address or the like, in bytes.
const MAX_TEXT: usize = 256;

/// The longest metadata, in bytes, which is Clerk's own limit.
const MAX_METADATA: usize = 8 * 1024;

/// The pairs of a query or of a form, in their order. An empty value means: remove.
#[derive(Default)]
pub(super) struct FormFields(Vec<(String, String)>);

impl FormFields {
    pub(super) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// Whether the pair is present.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The value, empty or not.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The value, if it is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// All values of this name, `name[]` included.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let is_selected = move |known: &str| known.strip_suffix("[]").unwrap_or(known) == name;
        self.0.iter().filter(move |(known, value)| is_selected(known) && !value.is_empty()).map(|(_, value)| &**value)
    }

    /// The required value.
    pub(super) fn required(&self, name: &'static str) -> Result<&str, FrontendError> {
        self.get(name).ok_or_else(|| FrontendError::missing(name))
    }

    /// A short text, trimmed.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, FrontendError> {
        let text = self.get(name).map(str::trim).filter(|text| !text.is_empty());
        match text {
            Some(text) if text.len() > MAX_TEXT => Err(FrontendError::too_long(name)),
            text => Ok(text),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| value == "true" || value == "1")
    }

    /// Metadata, sent as JSON text.
    pub(super) fn metadata(&self, name: &'static str) -> Result<Option<Map<String, Value>>, FrontendError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        if text.len() > MAX_METADATA {
            return Err(FrontendError::too_long(name));
        }
        serde_json::from_str(text).map(Some).map_err(|_| FrontendError::invalid(name, "must be a JSON object"))
    }

    /// The limit and the offset of a page.
    pub(super) fn page(&self) -> (usize, usize) {
        let number = |name| self.get(name).and_then(|text| text.parse().ok());
        (number("limit").unwrap_or(10).clamp(1, 500), number("offset").unwrap_or(0))
    }
}

impl fmt::Debug for FormFields {
    /// Leaves out the values, among which are passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_are_present_but_not_returned() {
        let fields = FormFields::parse(b"a=&b=x+y&c=1&c=2&d[]=3&e=true&limit=9999&m=%7B%22k%22%3A1%7D&n=1");
        assert_eq!((fields.raw("a"), fields.get("a"), fields.raw("z")), (Some(""), None, None));
        assert_eq!(fields.text("b").unwrap(), Some("x y"));
        assert_eq!(fields.all("c").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.all("d").collect::<Vec<_>>(), ["3"]);
        assert_eq!((fields.flag("e"), fields.flag("c"), fields.flag("a")), (Some(true), Some(true), None));
        assert_eq!(fields.page(), (500, 0));
        assert_eq!(fields.metadata("m").unwrap().unwrap()["k"], 1);
        assert!(fields.metadata("n").is_err() && fields.required("a").is_err());
        assert!(!format!("{fields:?}").contains("x y"));
    }
}
