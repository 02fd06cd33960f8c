//! What an example prints at the start.

use std::{error::Error, fmt::Write as _, io::Write as _};

use clerk_local::{LocalClerk, TokenBuilder};

use crate::{
    commands::{Commands, TOKEN_LIFETIME},
    start::{Site, npm_folder},
};

impl Site {
    /// Prints the address to open, and commands to paste.
    ///
    /// # Errors
    /// When the local instance lacks its initial users, or standard output is closed.
    pub fn print_instructions(&self) -> Result<(), Box<dyn Error>> {
        let mut text = format!("Open in a browser:\n\n  {}/\n\n{}", self.origin(), self.commands()?);
        if let Some(local) = self.local() {
            let url = local.frontend_api_url();
            writeln!(text, "Clerk's own session tokens are valid for a minute, and the cookies of the pages, too.")?;
            writeln!(text, "Its Clerk is a local instance at {url} (for development, no account needed).")?;
            writeln!(text, "Set CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY to use your own.")?;
            if npm_folder().is_none() {
                writeln!(
                    text,
                    "It has no clerk-js, so pages can send a form for a minute: node tests/e2e/fetch-clerk.js"
                )?;
            }
        }
        Ok(write!(std::io::stdout(), "{text}")?)
    }

    fn commands(&self) -> Result<Commands, Box<dyn Error>> {
        let (me, admin) = (format!("{}/api/me", self.origin()), format!("{}/api/admin", self.origin()));
        let commands = Commands::new();
        let Some(local) = self.local() else {
            return Ok(commands.request("401, signed out", &format!("curl -i {me}")).request(
                "200, within a minute after TOKEN=... from `await Clerk.session.getToken()` in the browser's console",
                &format!("curl -i -H \"Authorization: Bearer $TOKEN\" {me}"),
            ));
        };
        Ok(commands
            .export("ALICE", &self.printed_token(local, "alice")?.mint())
            .export("BOB", &self.printed_token(local, "bob")?.mint())
            .request("200, Alice", &format!("curl -i -H \"Authorization: Bearer $ALICE\" {me}"))
            .request("401, signed out", &format!("curl -i {me}"))
            .request("401, a changed token", &format!("curl -i -H \"Authorization: Bearer ${{ALICE}}x\" {me}"))
            .request("200, Alice is an admin", &format!("curl -i -H \"Authorization: Bearer $ALICE\" {admin}"))
            .request("403, Bob is only a member", &format!("curl -i -H \"Authorization: Bearer $BOB\" {admin}")))
    }

    /// A token for this example, with time to paste it.
    pub(crate) fn printed_token(&self, local: &LocalClerk, user: &str) -> Result<TokenBuilder, Box<dyn Error>> {
        Ok(local.token(user)?.authorized_party(self.origin()).lifetime(TOKEN_LIFETIME))
    }
}
