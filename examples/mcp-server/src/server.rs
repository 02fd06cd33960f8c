//! The MCP server: one tool, for callers with an access token.

use std::sync::Arc;

use axum::Router;
use clerk_axum::{AuthState, Clerk, ConfigError, ProtectedResource, ProtectedResourceLayer, ResourceMetadataLayer};
use http::request::Parts;
use rmcp::{
    ErrorData, ServerHandler,
    handler::server::tool::Extension,
    tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};

/// The app, with its MCP endpoint at this URL.
///
/// # Errors
/// When the instance's keys are missing, or the URL is invalid for a resource.
// ANCHOR: app
pub fn app(clerk: &Clerk, url: &str) -> Result<Router, ConfigError> {
    let resource = ProtectedResource::new(clerk, url)?.scopes(["profile"])?.resource_name("Who am I");
    let app = Router::new()
        .nest_service("/mcp", StreamableHttpService::new(|| Ok(WhoAmI), sessions(), config()))
        .layer(ProtectedResourceLayer::new(&resource)) // requires a token for the resource
        .layer(ResourceMetadataLayer::new(&resource)); // says where to get one
    Ok(app)
}
// ANCHOR_END: app

fn sessions() -> Arc<LocalSessionManager> {
    Arc::default()
}

/// No MCP sessions: each request is authenticated by its own token.
fn config() -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default().with_legacy_session_mode(false)
}

/// The server's tools.
#[derive(Debug, Clone, Copy)]
pub struct WhoAmI;

#[tool_router]
impl WhoAmI {
    /// Returns the caller. The HTTP request's extensions contain the layer's authentication state.
    #[tool(description = "Says which user and which application called")]
    async fn whoami(&self, Extension(request): Extension<Parts>) -> Result<String, ErrorData> {
        let state = request.extensions.get::<AuthState>();
        let token = state.and_then(|state| state.oauth_token().ok());
        let token = token.ok_or_else(|| ErrorData::internal_error("the layer is missing", None))?;
        Ok(format!("{} through {}", token.user_id(), token.client_id().unwrap_or("an unknown application")))
    }
}

#[tool_handler]
impl ServerHandler for WhoAmI {}
