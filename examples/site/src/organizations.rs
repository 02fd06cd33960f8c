//! Commands to try with the two organization examples, which have the same routes.

use std::{error::Error, io::Write};

use crate::{
    commands::{Commands, TOKEN_LIFETIME},
    start::Site,
};

impl Site {
    /// Prints a request for each case. With the real Clerk, a hint instead.
    ///
    /// # Errors
    /// When the local instance lacks one of its initial users, or standard output is closed.
    pub fn print_organization_requests(&self) -> Result<(), Box<dyn Error>> {
        let mut out = std::io::stdout();
        let Some(local) = self.local() else {
            return Ok(writeln!(out, "Send session tokens of your instance to {}/invoices.", self.origin())?);
        };
        let (admin, member) = (self.printed_token(local, "alice")?, self.printed_token(local, "bob")?);
        let key = |scope: &str| local.api_key("user_1").scopes([scope]).lifetime(TOKEN_LIFETIME).create();
        let mut commands = Commands::new();
        for (variable, token) in [
            ("ADMIN", admin.clone().factor_ages(60, -1).mint()),
            ("REVERIFIED_ADMIN", admin.clone().factor_ages(1, -1).mint()),
            ("SUPPORT", admin.factor_ages(0, 0).impersonated_by("user_support").mint()),
            ("MEMBER", member.clone().mint()),
            ("PRO_MEMBER", member.claim("fea", "o:reports".into()).claim("pla", "o:pro".into()).mint()),
            ("OUTSIDER", self.printed_token(local, "carol")?.mint()),
            ("API_KEY", key("invoices:read")),
            ("OTHER_API_KEY", key("other")),
        ] {
            commands = commands.export(variable, &token);
        }
        for (expected, caller, method, path, variable) in [
            ("200", "a member with org:invoices:read", "GET", "/invoices", "MEMBER"),
            ("200", "an API key with the scope", "GET", "/invoices", "API_KEY"),
            ("401", "signed out", "GET", "/invoices", ""),
            ("403", "a user without organization", "GET", "/invoices", "OUTSIDER"),
            ("403 insufficient_scope", "an API key without the scope", "GET", "/invoices", "OTHER_API_KEY"),
            ("200", "an admin", "POST", "/invoices", "ADMIN"),
            ("403", "a member", "POST", "/invoices", "MEMBER"),
            ("200", "a member of an organization with the feature and the plan", "GET", "/reports", "PRO_MEMBER"),
            ("403", "a member of an organization without them", "GET", "/reports", "MEMBER"),
            ("200", "an admin who has just reverified", "DELETE", "/organization", "REVERIFIED_ADMIN"),
            ("403 reverification-error", "an admin who reverified an hour ago", "DELETE", "/organization", "ADMIN"),
            ("403", "a support user who impersonates the admin", "DELETE", "/organization", "SUPPORT"),
        ] {
            let method = if method == "GET" { String::new() } else { format!(" -X {method}") };
            let header = if variable.is_empty() { "" } else { &format!(" -H \"Authorization: Bearer ${variable}\"") };
            let command = format!("curl -i{method}{header} {}{path}", self.origin());
            commands = commands.request(&format!("{expected}, {caller}"), &command);
        }
        Ok(write!(out, "{commands}")?)
    }
}
