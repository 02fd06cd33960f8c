//! What to try with the two organization examples, which have the same routes.

use std::{error::Error, fmt::Write, time::Duration};

use clerk_core::time::{Clock, SystemClock};
use clerk_local::{LocalClerk, TokenBuilder};

use crate::start::Site;

/// Time to paste: Clerk's own tokens live for 60 s.
const LIFETIME: Duration = Duration::from_secs(3600);

impl Site {
    /// The examples' requests as `curl` commands, each with the status that it must get; with the real Clerk, where to
    /// get a token.
    ///
    /// # Errors
    /// When the local instance lacks a user that it starts with.
    pub fn organization_requests(&self) -> Result<String, Box<dyn Error>> {
        let Some(local) = self.local() else {
            return Ok(format!("Send session tokens of your instance to {}/invoices.\n", self.origin()));
        };
        let (admin, member, alone) =
            (self.lasting(local, "alice")?, self.lasting(local, "bob")?, self.lasting(local, "carol")?);
        let proved = |first, second| admin.clone().factor_ages(first, second).mint();
        let entitled = member.clone().claim("fea", "o:reports".into()).claim("pla", "o:pro".into()).mint();
        let support = admin.clone().factor_ages(0, 0).impersonated_by("user_support").mint();
        let key = |scope: &str| local.api_key("user_1").scopes([scope]).create();
        let mut text = String::new();
        for (expected, who, method, path, token) in [
            ("200", "a member has org:invoices:read", "GET", "/invoices", Some(member.clone().mint())),
            ("200", "an API key with the scope", "GET", "/invoices", Some(key("invoices:read"))),
            ("401", "nobody", "GET", "/invoices", None),
            ("403", "a user without organization", "GET", "/invoices", Some(alone.mint())),
            ("403 insufficient_scope", "an API key without the scope", "GET", "/invoices", Some(key("other"))),
            ("200", "an admin", "POST", "/invoices", Some(proved(0, 0))),
            ("403", "a member", "POST", "/invoices", Some(member.clone().mint())),
            ("200", "the organization has the feature and the plan", "GET", "/reports", Some(entitled)),
            ("403", "it has neither", "GET", "/reports", Some(member.mint())),
            ("200", "an admin who has just proved it", "DELETE", "/organization", Some(proved(1, -1))),
            (
                "403 reverification-error",
                "an admin who proved it an hour ago",
                "DELETE",
                "/organization",
                Some(proved(60, -1)),
            ),
            ("403", "support that acts as the admin", "DELETE", "/organization", Some(support)),
        ] {
            writeln!(text, "{expected}, {who}:\n\n  curl -i -X {method} {}{path}{}\n", self.origin(), header(token))?;
        }
        Ok(text)
    }

    fn lasting(&self, local: &LocalClerk, user: &str) -> Result<TokenBuilder, Box<dyn Error>> {
        let token = local.token(user)?.authorized_party(self.origin());
        Ok(token.expires_at(SystemClock.now() + LIFETIME))
    }
}

fn header(token: Option<String>) -> String {
    token.map(|token| format!(" -H 'Authorization: Bearer {token}'")).unwrap_or_default()
}
