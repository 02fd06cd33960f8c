//! [`ProtectedResource`]: an OAuth resource server, such as an MCP server, and how clients learn where to get a token.

mod identifier;
mod metadata;

use std::{fmt, sync::Arc};

use identifier::Identifier;
use metadata::Document;

use crate::{
    auth::Policy,
    base::http_response::HttpResponse,
    clerk::{Clerk, authenticator::Authenticator},
    config::{ConfigError, ConfigErrorKind, url::absolute},
    flow::{Audience, Requirement},
    token::TokenType,
};

/// A resource that OAuth applications reach with access tokens of a Clerk instance: an API, or an
/// [MCP server](https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization).
///
/// It describes itself to clients that have no token yet with
/// [protected resource metadata](https://www.rfc-editor.org/rfc/rfc9728), names that document in the challenge of each
/// refusal, and accepts no tokens but those that were issued for it. Each framework's crate has a layer of its name for
/// the requests, and one for the metadata.
///
/// ```
/// use clerk_core::{Clerk, ProtectedResource};
///
/// # fn run(clerk: &Clerk) -> Result<(), clerk_core::ConfigError> {
/// let mcp = ProtectedResource::new(clerk, "https://api.example.com/mcp")?
///     .scopes(["notes:read"])?
///     .scopes_supported(["notes:read", "notes:write"])?
///     .resource_name("Notes");
/// assert_eq!(mcp.metadata_url(), "https://api.example.com/.well-known/oauth-protected-resource/mcp");
/// # Ok(()) }
/// # let clerk = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap());
/// # run(&clerk.publishable_key("pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse().unwrap()).build().unwrap()).unwrap();
/// ```
///
/// # Which tokens are accepted
///
/// OAuth access tokens of the instance, opaque or as JWT, whose `aud` names this resource. Clerk writes the `resource`
/// that the client asked for ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)) into `aud`, and none where it asked for
/// none: any OAuth application of the instance can get such a token, so they are refused unless
/// [`allow_missing_audience`](Self::allow_missing_audience) is set. A token for another resource is always refused.
/// Where [`ClerkBuilder::audiences`](crate::ClerkBuilder::audiences) are set, a token must name one of those besides.
#[derive(Clone)]
pub struct ProtectedResource(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    /// Accepts OAuth tokens, whosoever's.
    authenticator: Authenticator,
    identifier: Identifier,
    document: Document,
    rendered: Arc<str>,
    /// What each request needs.
    scopes: Arc<[Box<str>]>,
    policy: Policy,
    /// What the metadata lists instead of those.
    supported: Option<Vec<Box<str>>>,
    audience_optional: bool,
}

impl ProtectedResource {
    /// The resource that clients reach under this URL: that of the endpoint itself, and not its origin. It must be written
    /// as the clients write it, since they compare it as text.
    ///
    /// # Errors
    /// When the URL is not absolute, not encrypted though not on this machine, or has credentials, a query or a fragment;
    /// when the secret key or the publishable key is missing, without which OAuth tokens cannot be checked.
    pub fn new(clerk: &Clerk, url: &str) -> Result<Self, ConfigError> {
        let identifier = Identifier::parse(url)?;
        let authenticator = Authenticator::new(clerk.clone()).accepts(TokenType::OAuthToken)?;
        // `accepts` has asked for the publishable key, which names it.
        let server = clerk.frontend_api_url().unwrap_or_default();
        let document = Document {
            resource: identifier.as_str().into(),
            authorization_servers: vec![server.into()],
            bearer_methods_supported: ["header"],
            scopes_supported: Vec::new(),
            resource_name: None,
            resource_documentation: None,
            resource_policy_uri: None,
            resource_tos_uri: None,
        };
        Ok(Self(Arc::new(Inner {
            authenticator,
            identifier,
            rendered: document.rendered(),
            document,
            scopes: Arc::default(),
            policy: Policy::token(TokenType::OAuthToken),
            supported: None,
            audience_optional: false,
        })))
    }

    /// The scopes that every request needs. Clients without a token are told to ask for them, and those whose token lacks
    /// one are answered 403 with `insufficient_scope`. Single routes can ask for more with a [`Policy::scope`].
    ///
    /// # Errors
    /// When no scope can have one of the names.
    pub fn scopes<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Result<Self, ConfigError> {
        let inner = Arc::make_mut(&mut self.0);
        inner.policy = Policy::token(TokenType::OAuthToken);
        inner.scopes = checked(scopes)?.into();
        for scope in &*inner.scopes {
            inner.policy = inner.policy.clone().and(Policy::scope(scope)?);
        }
        Ok(self.rendered())
    }

    /// The scopes that the metadata lists; those that [every request needs](Self::scopes) unless set. A client that is told
    /// of none in a challenge asks for all of these.
    ///
    /// # Errors
    /// When no scope can have one of the names.
    pub fn scopes_supported<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).supported = Some(checked(scopes)?);
        Ok(self.rendered())
    }

    /// The name that clients show to their users.
    #[must_use]
    pub fn resource_name(mut self, name: &str) -> Self {
        Arc::make_mut(&mut self.0).document.resource_name = Some(name.into());
        self.rendered()
    }

    /// A page for developers who use the resource.
    ///
    /// # Errors
    /// When it is no absolute http(s) URL.
    pub fn resource_documentation(mut self, url: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.resource_documentation = Some(page(url)?);
        Ok(self.rendered())
    }

    /// A page about what clients may do with the resource's data.
    ///
    /// # Errors
    /// When it is no absolute http(s) URL.
    pub fn resource_policy_uri(mut self, url: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.resource_policy_uri = Some(page(url)?);
        Ok(self.rendered())
    }

    /// The terms of service.
    ///
    /// # Errors
    /// When it is no absolute http(s) URL.
    pub fn resource_tos_uri(mut self, url: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.resource_tos_uri = Some(page(url)?);
        Ok(self.rendered())
    }

    /// The issuer that clients get their tokens from; the instance's Frontend API unless set. It must be the `issuer` of the
    /// instance's `/.well-known/oauth-authorization-server`, which clients compare with it.
    ///
    /// # Errors
    /// When it is no absolute http(s) URL.
    pub fn authorization_server(mut self, issuer: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.authorization_servers = vec![absolute(issuer)?];
        Ok(self.rendered())
    }

    /// Accepts tokens that name no audience at all: for clients that do not say which resource they want a token for.
    ///
    /// Whatever OAuth application of the instance a user has let in can then call this resource as that user; scopes
    /// alone keep it out.
    #[must_use]
    pub fn allow_missing_audience(mut self) -> Self {
        Arc::make_mut(&mut self.0).audience_optional = true;
        self
    }

    /// How requests for the resource are judged: OAuth tokens alone, meant for it, with the challenge that leads to the
    /// metadata. It only says who sent a request; [`requirement`](Self::requirement) refuses.
    #[must_use]
    pub fn authenticator(&self) -> Authenticator {
        let Inner { authenticator, identifier, scopes, .. } = &*self.0;
        let audience = Audience { resource: identifier.as_str().into(), optional: self.0.audience_optional };
        authenticator.clone().for_protected_resource(audience, self.metadata_url().into(), Arc::clone(scopes))
    }

    /// What is asked of every request: an OAuth token with the [scopes](Self::scopes).
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        Requirement::new(self.0.policy.clone())
    }

    /// The URL that names the resource.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.identifier.as_str()
    }

    /// The metadata: a JSON object.
    #[must_use]
    pub fn metadata(&self) -> &str {
        &self.0.rendered
    }

    /// Where clients find the metadata, as each challenge says.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        self.0.identifier.metadata_url()
    }

    /// The paths of the metadata: the one with the resource's own path behind it, and the origin's, where clients look too
    /// that were told of neither.
    #[must_use]
    pub fn metadata_paths(&self) -> Vec<String> {
        self.0.identifier.metadata_paths()
    }

    /// The answer to a request for the metadata, whatever its method, and `None` for any other path.
    ///
    /// ```
    /// # fn run(resource: &clerk_core::ProtectedResource) {
    /// let answer = resource.metadata_answer("GET", "/.well-known/oauth-protected-resource/mcp").unwrap();
    /// assert_eq!((answer.status(), answer.body()), (200, resource.metadata()));
    /// assert!(resource.metadata_answer("GET", "/mcp").is_none());
    /// # }
    /// ```
    #[must_use]
    pub fn metadata_answer(&self, method: &str, path: &str) -> Option<HttpResponse> {
        self.0.identifier.is_metadata_path(path).then(|| metadata::answer(method, &self.0.rendered))
    }

    fn rendered(mut self) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.document.scopes_supported = inner.supported.clone().unwrap_or_else(|| inner.scopes.to_vec());
        inner.rendered = inner.document.rendered();
        self
    }
}

fn checked<S: AsRef<str>>(scopes: impl IntoIterator<Item = S>) -> Result<Vec<Box<str>>, ConfigError> {
    scopes.into_iter().map(|scope| Policy::scope(scope.as_ref()).map(|_| scope.as_ref().into())).collect()
}

/// A page's address goes out as it was written.
fn page(url: &str) -> Result<Box<str>, ConfigError> {
    match url::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(url.into()),
        _ => {
            Err(ConfigError::new(ConfigErrorKind::InvalidUrl, "a page's address must be an absolute http or https URL"))
        }
    }
}

impl fmt::Debug for ProtectedResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtectedResource").field("document", &self.0.document).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn clerk() -> Clerk {
        let key = "pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse().unwrap();
        Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).publishable_key(key).build().unwrap()
    }

    fn resource() -> ProtectedResource {
        ProtectedResource::new(&clerk(), "https://api.example.com/mcp").unwrap()
    }

    fn document(resource: &ProtectedResource) -> Value {
        serde_json::from_str(resource.metadata()).unwrap()
    }

    #[test]
    fn the_metadata_names_the_endpoint_and_the_instance() {
        assert_eq!(
            document(&resource()),
            json!({
                "resource": "https://api.example.com/mcp",
                "authorization_servers": ["https://example.clerk.accounts.dev"],
                "bearer_methods_supported": ["header"],
            })
        );
        let whole = resource()
            .scopes(["a"])
            .and_then(|resource| resource.scopes(["b"]))
            .and_then(|resource| resource.resource_documentation("https://example.com/docs?x=1"))
            .and_then(|resource| resource.resource_policy_uri("https://example.com/policy"))
            .and_then(|resource| resource.resource_tos_uri("https://example.com/tos"))
            .and_then(|resource| resource.authorization_server("https://clerk.example.com/"))
            .unwrap()
            .resource_name("Notes \"2\"");
        assert_eq!(
            document(&whole),
            json!({
                "resource": "https://api.example.com/mcp",
                "authorization_servers": ["https://clerk.example.com"],
                "bearer_methods_supported": ["header"],
                "scopes_supported": ["b"],
                "resource_name": "Notes \"2\"",
                "resource_documentation": "https://example.com/docs?x=1",
                "resource_policy_uri": "https://example.com/policy",
                "resource_tos_uri": "https://example.com/tos",
            })
        );
        let listed = whole.scopes_supported(["a", "b", "c"]).and_then(|resource| resource.scopes(["d"])).unwrap();
        assert_eq!(document(&listed)["scopes_supported"], json!(["a", "b", "c"]));
    }

    #[test]
    fn a_proxied_instance_is_named_by_its_proxy() {
        let proxied = |url: &str| {
            let key = "pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse().unwrap();
            let builder = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).publishable_key(key);
            let clerk = builder.proxy_url(url).unwrap().build().unwrap();
            let resource = ProtectedResource::new(&clerk, "https://api.example.com/mcp").unwrap();
            document(&resource)["authorization_servers"][0].clone()
        };
        assert_eq!(proxied("https://app.example.com/__clerk"), "https://app.example.com/__clerk");
        assert_eq!(proxied("/__clerk"), "https://example.clerk.accounts.dev");
    }

    #[test]
    fn everybody_may_read_the_metadata_and_nobody_may_do_more() {
        let resource = resource();
        let header = |answer: &HttpResponse, wanted: &str| {
            answer.headers().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
        };
        for path in resource.metadata_paths() {
            for (method, status, body) in [
                ("GET", 200, true),
                ("HEAD", 200, true),
                ("OPTIONS", 204, false),
                ("POST", 405, false),
                ("get", 405, false),
            ] {
                let answer = resource.metadata_answer(method, &path).unwrap();
                assert_eq!((answer.status(), answer.body() == resource.metadata()), (status, body), "{method} {path}");
                assert_eq!(header(&answer, "access-control-allow-origin").as_deref(), Some("*"));
                assert_eq!(header(&answer, "allow").is_some(), status == 405);
            }
        }
        assert!(resource.metadata_answer("GET", "/mcp").is_none());
    }

    #[test]
    fn what_cannot_work_is_refused() {
        assert!(resource().scopes(["a b"]).is_err() && resource().scopes_supported(["a\"b"]).is_err());
        assert!(resource().resource_documentation("/docs").is_err());
        assert!(resource().authorization_server("clerk.example.com").is_err());
        let keyless = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).build().unwrap();
        let error = ProtectedResource::new(&keyless, "https://api.example.com/mcp").unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::MissingKeys);
    }
}
