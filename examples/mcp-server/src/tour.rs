//! A client of the official Rust SDK that knows only the server's URL.

use std::error::Error;

use clerk_local::LocalClerk;
use rmcp::{
    RoleClient, ServiceExt,
    model::CallToolRequestParams,
    service::{ClientInitializeError, RunningService},
    transport::{
        StreamableHttpClientTransport,
        auth::{AuthClient, AuthorizationRequest, OAuthState},
        streamable_http_client::StreamableHttpClientTransportConfig as TransportConfig,
    },
};
use url::Url;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// A connection to the server.
pub type Connection = RunningService<RoleClient, ()>;

/// The application's redirect URL. No server listens there; this client reads the redirect itself.
const CALLBACK: &str = "http://localhost:1/callback";

/// Connects with an access token, or without one.
///
/// # Errors
/// When the server rejects the connection, for example; the error then contains its challenge.
pub async fn connect(url: &str, token: Option<&str>) -> std::result::Result<Connection, Box<ClientInitializeError>> {
    let config = TransportConfig::with_uri(url);
    let config = match token {
        Some(token) => config.auth_header(token),
        None => config,
    };
    ().serve(StreamableHttpClientTransport::from_config(config)).await.map_err(Box::new)
}

/// Gets a connection from a challenge: reads the resource's and the authorization server's metadata, registers a
/// client, lets `user` approve it, and exchanges the code for a token.
///
/// # Errors
/// When one of the steps fails.
pub async fn authorize(local: &LocalClerk, url: &str, challenge: &str, user: &str) -> Result<Connection> {
    let mut oauth = OAuthState::new(url, None).await?;
    let request = AuthorizationRequest::new(CALLBACK).with_client_name("The tour").with_challenge(challenge);
    oauth.start_authorization(request.with_initial_scope_selection()).await?;
    let callback = approve(local, &oauth.get_authorization_url().await?, user).await?;
    oauth.handle_callback_url(&callback).await?;
    let manager = oauth.into_authorization_manager().ok_or("not authorized")?;
    let client = AuthClient::new(reqwest::Client::new(), manager);
    let transport = StreamableHttpClientTransport::with_client(client, TransportConfig::with_uri(url));
    Ok(().serve(transport).await?)
}

/// Does what the user's browser does: loads the page, chooses the user, and returns the redirect's URL.
async fn approve(local: &LocalClerk, page: &str, user: &str) -> Result<String> {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    browser.get(page).send().await?.error_for_status()?;
    let page = Url::parse(page)?;
    let user = local.user(user).ok_or("no such user")?;
    let form = url::form_urlencoded::Serializer::new(page.query().unwrap_or_default().to_owned())
        .append_pair("user_id", &user.id)
        .finish();
    let action = page.join("/oauth/authorize")?;
    let form = browser.post(action).header("content-type", "application/x-www-form-urlencoded").body(form);
    let response = form.send().await?.error_for_status()?;
    let location = response.headers().get("location").ok_or("no redirect")?;
    Ok(location.to_str()?.to_owned())
}

/// Calls the tool and returns its text.
///
/// # Errors
/// When the call fails.
pub async fn whoami(connection: &Connection) -> Result<String> {
    let result = connection.call_tool(CallToolRequestParams::new("whoami")).await?;
    let text = result.content.first().and_then(|content| content.as_text()).ok_or("no text")?;
    Ok(text.text.clone())
}
