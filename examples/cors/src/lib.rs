//! Shared by the two servers: the Clerk that they trust, and the front end, which has its own origin.

use std::{env, error::Error};

use axum::{Router, response::Html, routing::get};
use clerk_core::Clerk;
use clerk_local::LocalClerk;
use example_site::{Commands, Site, TOKEN_LIFETIME};
use maud::{DOCTYPE, PreEscaped, html};

/// A local instance, and the ports of the API and the front end.
#[derive(Debug)]
pub struct Demo {
    local: LocalClerk,
    clerk: Clerk,
    port: u16,
    front_end_port: u16,
}

impl Demo {
    /// Starts the instance and the front end.
    ///
    /// # Errors
    /// When a port is not available.
    pub async fn start(port: u16) -> Result<Self, Box<dyn Error>> {
        let front_end_port = match env::var("FRONT_END_PORT") {
            Ok(port) => port.parse().map_err(|_| format!("FRONT_END_PORT={port} is not a port"))?,
            Err(_) => port.checked_add(1).ok_or("PORT is the highest port: set FRONT_END_PORT")?,
        };
        let listener = tokio::net::TcpListener::from_std(Site::listen(front_end_port)?)?;
        let local = LocalClerk::start().await?;
        // Tokens are issued to the front end, so the API trusts the front end's origin.
        let front_end = format!("http://localhost:{front_end_port}");
        let clerk = local.clerk_builder()?.authorized_parties([front_end])?.build()?;
        clerk.warm_up().await?;
        let demo = Self { local, clerk, port, front_end_port };
        let page = demo.page()?;
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(async || Html(page)))).await });
        Ok(demo)
    }

    /// The Clerk that the API trusts.
    #[must_use]
    pub const fn clerk(&self) -> &Clerk {
        &self.clerk
    }

    /// The only origin whose pages may call the API.
    #[must_use]
    pub fn front_end(&self) -> String {
        format!("http://localhost:{}", self.front_end_port)
    }

    fn api(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// With clerk-js on the page, the token would come from `await Clerk.session.getToken()`.
    fn token(&self) -> Result<String, Box<dyn Error>> {
        let token = self.local.token("alice")?.authorized_party(&self.front_end());
        Ok(token.lifetime(TOKEN_LIFETIME).mint())
    }

    fn page(&self) -> Result<String, Box<dyn Error>> {
        let script =
            format!("const api = \"{}\", token = \"{}\";\n{}", self.api(), self.token()?, include_str!("front_end.js"));
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    title { "CORS" }
                    style { ":root { color-scheme: light dark } body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }" }
                }
                body {
                    h1 { "Calls of the API from this page" }
                    ul {}
                    script type="module" { (PreEscaped(script)) }
                }
            }
        };
        Ok(markup.into_string())
    }

    /// The pages to open, and commands to try.
    ///
    /// # Errors
    /// When the local instance lacks its initial user.
    pub fn instructions(&self) -> Result<String, Box<dyn Error>> {
        let (front_end, me) = (self.front_end(), format!("{}/me", self.api()));
        let origin = format!("-H 'Origin: {front_end}'");
        let asks = "-H 'Access-Control-Request-Method: GET' -H 'Access-Control-Request-Headers: authorization'";
        let commands = Commands::new()
            .export("ALICE", &self.token()?)
            .request("200, a preflight", &format!("curl -i -X OPTIONS {origin} {asks} {me}"))
            .request("200, with a token", &format!("curl -i {origin} -H \"Authorization: Bearer $ALICE\" {me}"))
            .request("401, without a token; the page may read the response", &format!("curl -i {origin} {me}"));
        Ok(format!(
            "Open in a browser; this page may call the API:\n\n  {front_end}/\n\n\
             The same page at an origin that may not call it:\n\n  http://127.0.0.1:{}/\n\n{commands}",
            self.front_end_port
        ))
    }
}
