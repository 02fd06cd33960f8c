//! [`ProtectedResource`]: an OAuth resource server, such as an MCP server, and the metadata that tells
//! clients where to get a token.

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

/// A resource that accepts OAuth access tokens of a Clerk instance: an API, or an
/// [MCP server](https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization).
///
/// Clients without a token find [protected resource metadata](https://www.rfc-editor.org/rfc/rfc9728) through the challenge
/// in each 401 and 403 response. Only tokens that were issued for this resource are accepted. Each framework's crate has a
/// layer of the same name for the requests, and one for the metadata.
///
/// ```
/// use clerk_core::{Clerk, ProtectedResource};
///
/// # fn run(clerk: &Clerk) -> Result<(), clerk_core::ConfigError> {
/// let mcp = ProtectedResource::new(clerk, "https://api.example.com/mcp")?
///     .scopes(["notes:read"])?
///     .scopes_supported(["notes:read", "notes:write"])?
///     .resource_name("Notes");
/// assert_eq!(
///     mcp.metadata_url(),
///     "https://api.example.com/.well-known/oauth-protected-resource/mcp"
/// );
/// # Ok(()) }
/// # let clerk = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap());
/// # run(&clerk.publishable_key("pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse().unwrap()).build().unwrap()).unwrap();
/// ```
///
/// # Which tokens are accepted
///
/// OAuth access tokens of the instance, opaque or as JWT, whose `aud` names this resource. Clerk sets `aud` to the
/// `resource` that the client requested ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)). If the client requested none,
/// the token has no `aud`. Any OAuth application of the instance can get such a token, so it is refused unless you set
/// [`allow_missing_audience`](Self::allow_missing_audience). A token for another resource is always refused. If
/// [`ClerkBuilder::audiences`](crate::ClerkBuilder::audiences) is set, a token must also name one of those audiences.
#[derive(Clone)]
pub struct ProtectedResource(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    /// Accepts all OAuth tokens of the instance.
    authenticator: Authenticator,
    identifier: Identifier,
    document: Document,
    rendered: Arc<str>,
    /// The scopes that each request needs.
    scopes: Arc<[Box<str>]>,
    policy: Policy,
    /// The scopes that the metadata lists instead.
    supported: Option<Vec<Box<str>>>,
    audience_optional: bool,
}

impl ProtectedResource {
    /// A resource with this URL: the URL of the endpoint, not only its origin. Write it as the clients do, because they
    /// compare it as text.
    ///
    /// # Errors
    /// When the URL is not absolute, is http and not a loopback address, or has credentials, a query or a fragment; or when
    /// the secret key or the publishable key is missing, which are needed to verify OAuth tokens.
    pub fn new(clerk: &Clerk, url: &str) -> Result<Self, ConfigError> {
        let identifier = Identifier::parse(url)?;
        let authenticator = Authenticator::new(clerk.clone()).accepts_tokens(TokenType::OAuthToken)?;
        // `accepts` has checked that there is a publishable key, which holds the URL.
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
            rendered: document.render(),
            document,
            scopes: Arc::default(),
            policy: Policy::token(TokenType::OAuthToken),
            supported: None,
            audience_optional: false,
        })))
    }

    /// The scopes that every request needs. The challenge tells clients without a token to request them. A token without
    /// one of them is answered with 403 `insufficient_scope`. A route can require more with [`Policy::scope`].
    ///
    /// # Errors
    /// When one of them is not a valid scope.
    pub fn scopes<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Result<Self, ConfigError> {
        let inner = Arc::make_mut(&mut self.0);
        inner.policy = Policy::token(TokenType::OAuthToken);
        inner.scopes = check_scopes(scopes)?.into();
        for scope in &*inner.scopes {
            inner.policy = inner.policy.clone().and(Policy::try_scope(scope)?);
        }
        Ok(self.render())
    }

    /// The scopes that the metadata lists. Default: the scopes that [every request needs](Self::scopes). A client requests
    /// all of them if the challenge names no scopes.
    ///
    /// # Errors
    /// When one of them is not a valid scope.
    pub fn scopes_supported<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).supported = Some(check_scopes(scopes)?);
        Ok(self.render())
    }

    /// The name that clients show to their users.
    #[must_use]
    pub fn resource_name(mut self, name: &str) -> Self {
        Arc::make_mut(&mut self.0).document.resource_name = Some(name.into());
        self.render()
    }

    /// The URL of a documentation page for developers.
    ///
    /// # Errors
    /// When it is not an absolute http(s) URL.
    pub fn resource_documentation(mut self, url: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.resource_documentation = Some(absolute_page(url)?);
        Ok(self.render())
    }

    /// The URL of a page with the policy for the resource's data.
    ///
    /// # Errors
    /// When it is not an absolute http(s) URL.
    pub fn resource_policy_uri(mut self, url: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.resource_policy_uri = Some(absolute_page(url)?);
        Ok(self.render())
    }

    /// The URL of the terms of service.
    ///
    /// # Errors
    /// When it is not an absolute http(s) URL.
    pub fn resource_tos_uri(mut self, url: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.resource_tos_uri = Some(absolute_page(url)?);
        Ok(self.render())
    }

    /// The issuer of the tokens. Default: the instance's Frontend API. It must equal the `issuer` in the instance's
    /// `/.well-known/oauth-authorization-server`, because clients compare them.
    ///
    /// # Errors
    /// When it is not an absolute http(s) URL.
    pub fn authorization_server(mut self, issuer: &str) -> Result<Self, ConfigError> {
        Arc::make_mut(&mut self.0).document.authorization_servers = vec![absolute(issuer)?];
        Ok(self.render())
    }

    /// Accepts tokens without an audience, for clients that do not request a resource.
    ///
    /// Then any OAuth application that a user has authorized can call this resource as that user. Only scopes restrict it.
    #[must_use]
    pub fn allow_missing_audience(mut self) -> Self {
        Arc::make_mut(&mut self.0).audience_optional = true;
        self
    }

    /// The authenticator of the resource: accepts only OAuth tokens for it, with a challenge that names the metadata.
    ///
    /// It only authenticates a request. The [`requirement`](Self::requirement) refuses it.
    #[must_use]
    pub fn authenticator(&self) -> Authenticator {
        let Inner { authenticator, identifier, scopes, .. } = &*self.0;
        let audience = Audience { resource: identifier.as_str().into(), optional: self.0.audience_optional };
        authenticator.clone().for_protected_resource(audience, self.metadata_url().into(), Arc::clone(scopes))
    }

    /// The requirement for every request: an OAuth token with the [scopes](Self::scopes).
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        Requirement::new(self.0.policy.clone())
    }

    /// The resource's URL.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.identifier.as_str()
    }

    /// The metadata as JSON text.
    #[must_use]
    pub fn metadata(&self) -> &str {
        &self.0.rendered
    }

    /// The URL of the metadata, as named in each challenge.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        self.0.identifier.metadata_url()
    }

    /// The paths of the metadata: one ends with the resource's own path, the other is that of the origin. Clients that have
    /// seen no challenge try both.
    #[must_use]
    pub fn metadata_paths(&self) -> Vec<String> {
        self.0.identifier.metadata_paths()
    }

    /// Builds the response to a request for the metadata, for any method. `None` for any other path.
    ///
    /// ```
    /// # fn run(resource: &clerk_core::ProtectedResource) {
    /// let path = "/.well-known/oauth-protected-resource/mcp";
    /// let response = resource.metadata_response("GET", path).unwrap();
    /// assert_eq!((response.status(), response.body()), (200, resource.metadata()));
    /// assert!(resource.metadata_response("GET", "/mcp").is_none());
    /// # }
    /// ```
    #[must_use]
    pub fn metadata_response(&self, method: &str, path: &str) -> Option<HttpResponse> {
        self.0.identifier.is_metadata_path(path).then(|| metadata::respond(method, &self.0.rendered))
    }

    fn render(mut self) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.document.scopes_supported = inner.supported.clone().unwrap_or_else(|| inner.scopes.to_vec());
        inner.rendered = inner.document.render();
        self
    }
}

impl fmt::Debug for ProtectedResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtectedResource").field("document", &self.0.document).finish_non_exhaustive()
    }
}

fn check_scopes<S: AsRef<str>>(scopes: impl IntoIterator<Item = S>) -> Result<Vec<Box<str>>, ConfigError> {
    scopes.into_iter().map(|scope| Policy::try_scope(scope.as_ref()).map(|_| scope.as_ref().into())).collect()
}

/// Checks the URL of a page, and keeps it as written. Unlike [`config::url::page`](crate::config::url::page) it refuses
/// relative URLs, because clients read the metadata outside of any page.
fn absolute_page(url: &str) -> Result<Box<str>, ConfigError> {
    match url::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(url.into()),
        _ => Err(ConfigError::new(
            ConfigErrorKind::InvalidUrl,
            "the URL of a page must be an absolute http or https URL",
        )),
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
    fn the_metadata_can_be_read_from_every_origin_and_not_changed() {
        let resource = resource();
        let header = |response: &HttpResponse, wanted: &str| {
            response.headers().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
        };
        for path in resource.metadata_paths() {
            for (method, status, body) in [
                ("GET", 200, true),
                ("HEAD", 200, true),
                ("OPTIONS", 204, false),
                ("POST", 405, false),
                ("get", 405, false),
            ] {
                let response = resource.metadata_response(method, &path).unwrap();
                assert_eq!(
                    (response.status(), response.body() == resource.metadata()),
                    (status, body),
                    "{method} {path}"
                );
                assert_eq!(header(&response, "access-control-allow-origin").as_deref(), Some("*"));
                assert_eq!(header(&response, "allow").is_some(), status == 405);
            }
        }
        assert!(resource.metadata_response("GET", "/mcp").is_none());
    }

    #[test]
    fn invalid_settings_are_refused() {
        assert!(resource().scopes(["a b"]).is_err() && resource().scopes_supported(["a\"b"]).is_err());
        assert!(resource().resource_documentation("/docs").is_err());
        assert!(resource().authorization_server("clerk.example.com").is_err());
        let keyless = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).build().unwrap();
        let error = ProtectedResource::new(&keyless, "https://api.example.com/mcp").unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::MissingKeys);
    }
}
