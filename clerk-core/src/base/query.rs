//! Query parameters, parsed and written as browsers do
//! ([URL standard, application/x-www-form-urlencoded](https://url.spec.whatwg.org/#application/x-www-form-urlencoded)).

use std::borrow::Cow;

use url::{Url, form_urlencoded};

pub(crate) use super::names::query::*;

/// Clerk's parameters in a request's query. The first of a name counts; empty values are kept.
#[derive(Debug, Default)]
pub(crate) struct Query<'a> {
    pub(crate) synced: Option<Cow<'a, str>>,
    pub(crate) redirect_url: Option<Cow<'a, str>>,
    pub(crate) dev_browser: Option<Cow<'a, str>>,
    pub(crate) handshake: Option<Cow<'a, str>>,
    pub(crate) handshake_nonce: Option<Cow<'a, str>>,
    pub(crate) redirected: Option<Cow<'a, str>>,
}

impl<'a> Query<'a> {
    pub(crate) fn parse(query: Option<&'a str>) -> Self {
        let mut parsed = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let slot = match &*name {
                SYNCED => &mut parsed.synced,
                REDIRECT_URL => &mut parsed.redirect_url,
                DEV_BROWSER => &mut parsed.dev_browser,
                HANDSHAKE => &mut parsed.handshake,
                HANDSHAKE_NONCE => &mut parsed.handshake_nonce,
                REDIRECTED => &mut parsed.redirected,
                _ => continue,
            };
            slot.get_or_insert(value);
        }
        parsed
    }
}

/// Removes parameters from a URL; writes the others as a browser's `URLSearchParams` does.
pub(crate) fn remove(mut url: Url, names: &[&str]) -> Url {
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| !names.contains(&&**name)).map(|(n, v)| (n.into(), v.into())).collect();
    write(&mut url, &kept);
    url
}

/// Adds a parameter after the others.
pub(crate) fn append(url: &mut Url, name: &str, value: &str) {
    let mut pairs: Vec<(String, String)> = url.query_pairs().map(|(n, v)| (n.into(), v.into())).collect();
    pairs.push((name.to_owned(), value.to_owned()));
    write(url, &pairs);
}

/// Sets a parameter to one value, at the position of its first occurrence.
pub(crate) fn set(url: &mut Url, name: &str, value: &str) {
    let mut pairs: Vec<(String, String)> = url.query_pairs().map(|(n, v)| (n.into(), v.into())).collect();
    match pairs.iter().position(|(known, _)| known == name) {
        None => pairs.push((name.to_owned(), value.to_owned())),
        Some(first) => {
            value.clone_into(&mut pairs[first].1);
            let mut index = 0;
            pairs.retain(|(known, _)| {
                index += 1;
                known != name || index == first + 1
            });
        }
    }
    write(url, &pairs);
}

fn write(url: &mut Url, pairs: &[(String, String)]) {
    if pairs.is_empty() {
        url.set_query(None);
    } else {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        url.set_query(Some(&query));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_as_a_browser_does() {
        let url = |text: &str| Url::parse(text).unwrap();
        assert_eq!(remove(url("https://a.b/?x=1&y=2&x=3"), &["x"]).as_str(), "https://a.b/?y=2");
        assert_eq!(remove(url("https://a.b/?x=1"), &["x"]).as_str(), "https://a.b/");
        assert_eq!(remove(url("https://a.b/?q=a%20b&e"), &["x"]).as_str(), "https://a.b/?q=a+b&e=");
        let mut target = url("https://a.b/?x=1&y=2&x=3");
        set(&mut target, "x", "\u{e9}");
        append(&mut target, "z", "&");
        assert_eq!(target.as_str(), "https://a.b/?x=%C3%A9&y=2&z=%26");
    }

    #[test]
    fn the_first_of_a_name_counts_in_any_encoding() {
        let query = Query::parse(Some("a=b&__clerk%5Fhandshake=x&__clerk_handshake=y&__clerk_synced"));
        assert_eq!(query.handshake.as_deref(), Some("x"));
        assert_eq!(query.synced.as_deref(), Some(""));
        assert!(Query::parse(None).dev_browser.is_none());
    }
}
