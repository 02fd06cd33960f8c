//! Commands to try with the two organization examples, which have the same routes.

use std::{error::Error, fmt::Write, time::Duration};

use clerk_core::time::{Clock, SystemClock};
use clerk_local::{LocalClerk, TokenBuilder};

use crate::start::Site;

/// Time to paste a token; Clerk's own tokens live for 60 s.
const LIFETIME: Duration = Duration::from_secs(3600);

impl Site {
    /// The examples' requests as `curl` commands, each with its expected status. With the real Clerk, a hint instead.
    ///
    /// # Errors
    /// When the local instance lacks one of its initial users.
    pub fn organization_requests(&self) -> Result<String, Box<dyn Error>> {
        let Some(local) = self.local() else {
            return Ok(format!("Send session tokens of your instance to {}/invoices.\n", self.origin()));
        };
        let (admin, member, without_organization) = (
            self.long_lived_token(local, "alice")?,
            self.long_lived_token(local, "bob")?,
            self.long_lived_token(local, "carol")?,
        );
        let reverified = |first, second| admin.clone().factor_ages(first, second).mint();
        let entitled = member.clone().claim("fea", "o:reports".into()).claim("pla", "o:pro".into()).mint();
        let support = admin.clone().factor_ages(0, 0).impersonated_by("user_support").mint();
        let key = |scope: &str| local.api_key("user_1").scopes([scope]).create();
        let mut text = String::new();
        for (expected, caller, method, path, token) in [
            ("200", "a member with org:invoices:read", "GET", "/invoices", Some(member.clone().mint())),
            ("200", "an API key with the scope", "GET", "/invoices", Some(key("invoices:read"))),
            ("401", "signed out", "GET", "/invoices", None),
            ("403", "a user without organization", "GET", "/invoices", Some(without_organization.mint())),
            ("403 insufficient_scope", "an API key without the scope", "GET", "/invoices", Some(key("other"))),
            ("200", "an admin", "POST", "/invoices", Some(reverified(0, 0))),
            ("403", "a member", "POST", "/invoices", Some(member.clone().mint())),
            ("200", "a member of an organization with the feature and the plan", "GET", "/reports", Some(entitled)),
            ("403", "a member of an organization without them", "GET", "/reports", Some(member.mint())),
            ("200", "an admin who has just reverified", "DELETE", "/organization", Some(reverified(1, -1))),
            (
                "403 reverification-error",
                "an admin who reverified an hour ago",
                "DELETE",
                "/organization",
                Some(reverified(60, -1)),
            ),
            ("403", "a support user who impersonates the admin", "DELETE", "/organization", Some(support)),
        ] {
            writeln!(
                text,
                "{expected}, {caller}:\n\n  curl -i -X {method} {}{path}{}\n",
                self.origin(),
                header(token)
            )?;
        }
        Ok(text)
    }

    fn long_lived_token(&self, local: &LocalClerk, user: &str) -> Result<TokenBuilder, Box<dyn Error>> {
        let token = local.token(user)?.authorized_party(self.origin());
        Ok(token.expires_at(SystemClock.now() + LIFETIME))
    }
}

fn header(token: Option<String>) -> String {
    token.map(|token| format!(" -H 'Authorization: Bearer {token}'")).unwrap_or_default()
}
