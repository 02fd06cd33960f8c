//! [`Query`]: the parameters of a request's query, and pages of lists.

use std::cmp::Ordering;

use axum::{Json, extract::FromRequestParts, http::request::Parts};
use clerk_core::time::Timestamp;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::answer::ApiResult;
use crate::http::ApiError;

/// Default and largest number of items on a page.
const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 500;

/// The parameters of a request's query.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// A parameter; empty counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, value)| own == name && !value.is_empty()).map(|(_, value)| &**value)
    }

    /// All values of a parameter that may be repeated.
    pub(super) fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> + Clone {
        self.0.iter().filter(move |(own, _)| own.strip_suffix("[]").unwrap_or(own) == name).map(|(_, value)| &**value)
    }

    /// Whether one of the parameter's values is selected; true without the parameter.
    pub(super) fn includes(&self, name: &str, is_selected: impl Fn(&str) -> bool) -> bool {
        let mut all = self.all(name).peekable();
        all.peek().is_none() || all.any(is_selected)
    }

    /// Whether one of these texts contains the value of `query`, ignoring case; true without `query`.
    pub(super) fn matches_text(&self, texts: &[&str]) -> bool {
        let query = self.get("query").map(str::to_lowercase);
        query.is_none_or(|query| texts.iter().any(|text| text.to_lowercase().contains(&*query)))
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.parse(name)
    }

    /// A point in time, in milliseconds since the Unix epoch.
    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        Ok(self.parse(name)?.map(Timestamp::from_unix_millis))
    }

    fn parse<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let parsed = self.get(name).map(str::parse).transpose();
        parsed.map_err(|_| ApiError::invalid_format(name, format!("{name} is malformed")))
    }

    /// A parameter with one of these values.
    pub(super) fn choice<'q>(&'q self, name: &str, allowed: &[&str]) -> Result<Option<&'q str>, ApiError> {
        match self.get(name) {
            Some(value) if !allowed.contains(&value) => {
                Err(ApiError::invalid_value(name, format!("{name} must be one of {}", allowed.join(", "))))
            }
            value => Ok(value),
        }
    }

    /// A page as a JSON array; with `paginated=true`, as an object with the total.
    pub(super) fn array(&self, items: Vec<Value>) -> ApiResult {
        let total = items.len();
        let page = self.page(items)?;
        let paginated = self.flag("paginated")?.unwrap_or(false);
        Ok(Json(if paginated { json!({"data": page, "total_count": total}) } else { page.into() }))
    }

    /// A page as an object with the total.
    pub(super) fn list(&self, items: Vec<Value>) -> ApiResult {
        self.list_as("data", items)
    }

    pub(super) fn list_as(&self, name: &str, items: Vec<Value>) -> ApiResult {
        let total = items.len();
        Ok(Json(json!({name: self.page(items)?, "total_count": total})))
    }

    fn page(&self, items: Vec<Value>) -> Result<Vec<Value>, ApiError> {
        let limit = self.parse("limit")?.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(ApiError::invalid_value("limit", format!("limit must be between 1 and {MAX_LIMIT}")));
        }
        Ok(items.into_iter().skip(self.parse("offset")?.unwrap_or(0)).take(limit).collect())
    }

    /// Sorts by `order_by`: a name, after `-` for descending order. `fields` has a JSON pointer for each name.
    pub(super) fn sort(&self, items: &mut [Value], default: &str, fields: &[(&str, &str)]) -> Result<(), ApiError> {
        let order = self.get("order_by").unwrap_or(default);
        let name = order.strip_prefix(['-', '+']).unwrap_or(order);
        let Some((_, pointer)) = fields.iter().find(|(own, _)| *own == name) else {
            return Err(ApiError::invalid_value("order_by", "there is no such order"));
        };
        items.sort_by(|one, other| compare(one.pointer(pointer), other.pointer(pointer)));
        if order.starts_with('-') {
            items.reverse();
        }
        Ok(())
    }
}

fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(Value::String(one)), Some(Value::String(other))) => one.to_lowercase().cmp(&other.to_lowercase()),
        (one, other) => {
            let number = |value: Option<&Value>| value.and_then(Value::as_i64).unwrap_or(i64::MIN);
            let is_text = |value: Option<&Value>| value.is_some_and(Value::is_string);
            number(one).cmp(&number(other)).then(is_text(one).cmp(&is_text(other)))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    #[test]
    fn pages_are_within_limits() {
        let items = || (0..20).map(Value::from).collect::<Vec<_>>();
        let array = |text: &str| query(text).array(items()).map(|Json(page)| page);
        assert_eq!(array("").unwrap().as_array().unwrap().len(), 10);
        assert_eq!(array("limit=2&offset=3").unwrap(), json!([3, 4]));
        assert_eq!(array("offset=100").unwrap(), json!([]));
        assert_eq!(array("limit=1&paginated=true").unwrap(), json!({"data": [0], "total_count": 20}));
        for wrong in ["limit=0", "limit=501", "limit=-1", "offset=x", "paginated=maybe"] {
            array(wrong).unwrap_err();
        }
    }

    #[test]
    fn lists_are_sorted_either_way() {
        let sorted = |order: &str| {
            let mut items = vec![json!({"n": "b", "t": 1}), json!({"n": "A", "t": 3}), json!({"n": null, "t": 2})];
            query(order)
                .sort(&mut items, "t", &[("name", "/n"), ("t", "/t")])
                .map(|()| items.iter().map(|item| item["t"].as_i64().unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(sorted("").unwrap(), [1, 2, 3]);
        assert_eq!(sorted("order_by=-t").unwrap(), [3, 2, 1]);
        assert_eq!(sorted("order_by=%2Bname").unwrap(), [2, 3, 1]);
        sorted("order_by=password").unwrap_err();
    }

    #[test]
    fn lists_of_values_select() {
        let query = query("user_id=a&user_id[]=b");
        assert!(query.includes("user_id", |id| id == "b") && !query.includes("user_id", |id| id == "c"));
        assert!(query.includes("username", |_| false), "without the parameter, everything is selected");
    }
}
