//! Shared by the two servers: the Clerk that they trust, the page, and the messages on a socket.

mod message;
mod page;

use std::{error::Error, time::Duration};

use clerk_core::{
    Clerk, Session,
    browser::websocket::{PROTOCOL, token_protocol},
};
use clerk_local::LocalClerk;
use example_site::{Commands, TOKEN_LIFETIME};
pub use message::{Reply, reply_to};

/// How often a socket's session is checked with Clerk. Outside of a demo, a minute is enough.
pub const CHECK: Duration = Duration::from_secs(2);

/// The largest message in bytes. A token has about a thousand.
pub const MAX_MESSAGE: usize = 16 * 1024;

/// A local instance, and the `Clerk` of the app.
#[derive(Debug)]
pub struct Demo {
    local: LocalClerk,
    clerk: Clerk,
    port: u16,
}

impl Demo {
    /// Starts the instance.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(port: u16) -> Result<Self, Box<dyn Error>> {
        let local = LocalClerk::start().await?;
        let clerk = local.clerk_builder()?.authorized_parties([format!("http://localhost:{port}")])?.build()?;
        clerk.warm_up().await?;
        Ok(Self { local, clerk, port })
    }

    /// The Clerk that the app trusts.
    #[must_use]
    pub const fn clerk(&self) -> &Clerk {
        &self.clerk
    }

    /// A new token of a session. With clerk-js, a page would call `await session.getToken()`.
    #[must_use]
    pub fn fresh_token(&self, session: &Session) -> Option<String> {
        let token = self.local.token(session.user_id().as_str()).ok()?;
        Some(token.session_id(session.session_id().as_str()).authorized_party(&self.origin()).mint())
    }

    /// The page to open, and commands to try.
    ///
    /// # Errors
    /// When the local instance lacks its initial user.
    pub fn instructions(&self) -> Result<String, Box<dyn Error>> {
        let origin = self.origin();
        let token = self.local.token("alice")?.authorized_party(&origin).lifetime(TOKEN_LIFETIME).mint();
        let url = format!("ws://localhost:{}/ws", self.port);
        let prefix = token_protocol("");
        let script = format!(
            "const socket = new WebSocket(\"{url}\", [\"{PROTOCOL}\", \"{prefix}\" + process.env.ALICE]); \
             socket.onmessage = ({{ data }}) => console.log(data); \
             socket.onclose = ({{ code, reason }}) => console.log(code, reason)"
        );
        let upgrade = "-H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
                       -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='";
        let curl =
            format!("curl -i -m 2 -N {upgrade} -H \"Cookie: __session=$ALICE; __client_uat=1; __clerk_db_jwt=dvb_1\"");
        let commands = Commands::new()
            .export("ALICE", &token)
            .request("connects with a token among the subprotocols (Node 22)", &format!("node -e '{script}'"))
            .request("connects with a header", &format!("websocat -H \"Authorization: Bearer $ALICE\" {url}"))
            .request("101, cookies and the app's own origin", &format!("{curl} -H 'Origin: {origin}' {origin}/ws"))
            .request(
                "401, cookies and another origin",
                &format!("{curl} -H 'Origin: https://evil.example' {origin}/ws"),
            );
        Ok(format!(
            "Open in a browser, sign in, connect in both ways, and sign out in another tab:\n\n  {origin}/\n\n{commands}"
        ))
    }

    fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}
