//! What an adapter does with a decided request.

use std::borrow::Cow;

use super::outcome::RequestState;
use crate::{
    auth::AuthState,
    denied::{Denied, DeniedKind},
};

/// What is to be done with a request.
#[derive(Debug)]
pub enum Decision {
    /// Answer it with this, without asking anybody further in.
    Answer(Answer),
    /// Hand it on with who sent it, then do this to the response.
    Continue(AuthState, ResponseEdit),
}

/// A whole answer.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Cow<'static, str>,
}

/// What a response gets on its way out.
#[derive(Clone, Default)]
pub struct ResponseEdit(Option<Box<Edit>>);

#[derive(Clone)]
struct Edit {
    headers: Vec<(&'static str, Cow<'static, str>)>,
    sign_in: Option<String>,
}

impl Answer {
    /// The HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The response headers, names in lower case; of `set-cookie` there may be several.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, &**value))
    }

    /// The body, plain text.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl ResponseEdit {
    /// The headers to append, names in lower case; of `set-cookie` there may be several.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().flat_map(|edit| edit.headers.iter().map(|(name, value)| (*name, &**value)))
    }

    /// The answer to send in the place of a refusal: a page that nobody is signed in to see leads to the sign-in page,
    /// where that is wanted.
    #[must_use]
    pub fn in_place_of(&self, refusal: &Denied) -> Option<Answer> {
        let edit = self.0.as_ref().filter(|_| matches!(refusal.kind(), DeniedKind::Unauthenticated(_)))?;
        let location = edit.sign_in.clone()?;
        let mut headers = edit.headers.clone();
        headers.push(("location", location.into()));
        headers.push(("cache-control", "no-store".into()));
        Some(Answer { status: 307, headers, body: Cow::Borrowed("") })
    }
}

impl RequestState {
    /// What is to be done with the request.
    #[must_use]
    pub fn into_decision(self) -> Decision {
        if self.edits_nothing() {
            return Decision::Continue(self.into_auth(), ResponseEdit::default());
        }
        let headers: Vec<_> =
            self.response_headers().map(|(name, value)| (name, Cow::Owned(value.into_owned()))).collect();
        if self.redirect().is_some() {
            return Decision::Answer(Answer { status: 307, headers, body: Cow::Borrowed("") });
        }
        if let Some(body) = self.error_page() {
            let mut headers = headers;
            headers.push(("content-type", "text/plain; charset=utf-8".into()));
            headers.push(("cache-control", "no-store".into()));
            return Decision::Answer(Answer { status: 500, headers, body: Cow::Owned(body) });
        }
        let (auth, sign_in) = self.into_parts();
        Decision::Continue(auth, ResponseEdit(Some(Box::new(Edit { headers, sign_in }))))
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The headers may hold tokens.
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ResponseEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseEdit").finish_non_exhaustive()
    }
}
