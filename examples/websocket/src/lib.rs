//! Shared by the two servers: the Clerk that they trust, the page, and the messages on a socket.

mod message;
mod page;

use std::{error::Error, time::Duration};

use clerk_core::{
    Clerk, Session,
    browser::websocket::{PROTOCOL, token_protocol},
};
use clerk_local::LocalClerk;
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

    /// Commands to try, ready to paste.
    ///
    /// # Errors
    /// When the local instance lacks its initial user.
    pub fn instructions(&self) -> Result<String, Box<dyn Error>> {
        let origin = self.origin();
        // An hour instead of Clerk's 60 s, so that there is time to paste the token.
        let token = self.local.token("alice")?.authorized_party(&origin).lifetime(Duration::from_secs(3600)).mint();
        let url = format!("ws://localhost:{}/ws", self.port);
        let with_token = token_protocol(&token);
        let upgrade = "-H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='";
        let cookies = format!("-H 'Cookie: __session={token}; __client_uat=1; __clerk_db_jwt=dvb_1'");
        Ok(format!(
            "Open in a browser, sign in, connect in both ways, and sign out in another tab:\n\n  {origin}/\n\n\
             Connects with a token among the subprotocols (Node 22):\n\n  \
             node -e 'const socket = new WebSocket(\"{url}\", [\"{PROTOCOL}\", \"{with_token}\"]); socket.onmessage = ({{ data }}) => console.log(data); socket.onclose = ({{ code, reason }}) => console.log(code, reason)'\n\n\
             Connects with a header:\n\n  websocat {url} -H 'Authorization: Bearer {token}'\n\n\
             101, cookies and the app's own origin:\n\n  curl -i -m 2 -N {origin}/ws {upgrade} {cookies} -H 'Origin: {origin}'\n\n\
             401, cookies and another origin:\n\n  curl -i {origin}/ws {upgrade} {cookies} -H 'Origin: https://evil.example'\n\n"
        ))
    }

    fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}
