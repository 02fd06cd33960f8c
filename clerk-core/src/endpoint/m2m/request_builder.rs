//! [`RequestBuilderExt`]: adds tokens to requests of reqwest.

use ::reqwest::{
    RequestBuilder,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};

use super::{M2mTokenError, M2mTokenSource};

/// Adds a machine-to-machine token to a request of [reqwest](https://docs.rs/reqwest) 0.13.
///
/// The token is sent to the request's host. reqwest removes it when a redirect leads to another host.
///
/// ```no_run
/// use clerk_core::m2m::{M2mTokenSource, RequestBuilderExt};
///
/// # async fn run(source: M2mTokenSource, client: reqwest::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let response = client.get("https://api.example.com/job").m2m_token(&source).await?.send().await?;
/// # Ok(()) }
/// ```
pub trait RequestBuilderExt: Sized + sealed::Sealed {
    /// Sets the `Authorization` header to a token of this source, replacing any other. Waits only while the source has no
    /// valid token.
    ///
    /// # Errors
    /// When there is no token. Then do not send the request.
    fn m2m_token(self, source: &M2mTokenSource) -> impl Future<Output = Result<Self, M2mTokenError>> + Send;
}

impl RequestBuilderExt for RequestBuilder {
    async fn m2m_token(self, source: &M2mTokenSource) -> Result<Self, M2mTokenError> {
        let token = source.token().await?;
        let mut headers = HeaderMap::with_capacity(1);
        // A `BearerToken` is always a valid header value.
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
