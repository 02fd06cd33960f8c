//! [`RequestBuilderExt`]: tokens for calls with reqwest.

use ::reqwest::{
    RequestBuilder,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};

use super::{M2mTokenError, M2mTokenSource};

/// Adds a machine-to-machine token to a call with [reqwest](https://docs.rs/reqwest) 0.13.
///
/// The token goes to the host that the call names. reqwest takes it off again when a redirect leads to another host.
///
/// ```no_run
/// use clerk_core::m2m::{M2mTokenSource, RequestBuilderExt};
///
/// # async fn run(source: M2mTokenSource, client: reqwest::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let response = client.get("https://api.example.com/job").m2m_token(&source).await?.send().await?;
/// # Ok(()) }
/// ```
pub trait RequestBuilderExt: Sized + sealed::Sealed {
    /// The same request with a token of this source in its `Authorization` header, in the place of any other; waits only
    /// while the source has no good token.
    ///
    /// # Errors
    /// When there is no token; the request is then not to be sent.
    fn m2m_token(self, source: &M2mTokenSource) -> impl Future<Output = Result<Self, M2mTokenError>> + Send;
}

impl RequestBuilderExt for RequestBuilder {
    async fn m2m_token(self, source: &M2mTokenSource) -> Result<Self, M2mTokenError> {
        let token = source.token().await?;
        let mut headers = HeaderMap::with_capacity(1);
        // What could not stand in a header was no token to begin with.
        if let Ok(mut value) = HeaderValue::from_str(token.authorization()) {
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(self.headers(headers))
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed {}
    impl Sealed for ::reqwest::RequestBuilder {}
}
