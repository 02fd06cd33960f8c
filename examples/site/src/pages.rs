//! The examples' pages.

use clerk_core::{Denied, Organization, Session};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::start::Site;

const STYLE: &str = "
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#666, #aaa); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
nav a { margin-right: 1rem; } h1 { font-size: 1.6rem; } th { text-align: left; padding-right: 2rem; color: var(--soft); font-weight: 400; }
td, th { border-bottom: 1px solid var(--line); padding-block: .4rem; } code { overflow-wrap: anywhere; }
a.button { display: inline-block; background: #6c47ff; color: white; padding: .5rem 1rem; border-radius: .5rem; text-decoration: none; }
";

/// A page of an example: a status code and its HTML.
#[derive(Debug, Clone)]
pub struct Page {
    /// The HTTP status code.
    pub status: u16,
    /// The HTML text.
    pub html: String,
}

fn page(status: u16, title: &str, content: &Markup) -> Page {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                nav { a href="/" { "Home" } a href="/members" { "Members" } a href="/admin" { "Admins" } }
                h1 { (title) }
                (content)
            }
        }
    };
    Page { status, html: markup.into_string() }
}

impl Site {
    /// The page that shows the signed-in user.
    #[must_use]
    pub fn home(&self, session: Option<&Session>) -> Page {
        let Some(session) = session else {
            return page(
                200,
                "You are not signed in",
                &html! { p { a.button href=(self.sign_in_url()) { "Sign in" } } },
            );
        };
        page(
            200,
            "You are signed in",
            &html! {
                table {
                    tr { th { "User" } td { code { (session.user_id()) } } }
                    tr { th { "Session" } td { code { (session.session_id()) } } }
                    @match session.organization() {
                        Some(organization) => {
                            tr { th { "Organization" } td { (organization.slug().unwrap_or_default()) " " code { (organization.id()) } } }
                            tr { th { "Role" } td { (organization.role().unwrap_or("none")) } }
                            tr { th { "Permissions" } td { (organization.permissions().collect::<Vec<_>>().join(", ")) } }
                        }
                        None => { tr { th { "Organization" } td { "none" } } }
                    }
                }
                p { a.button href=(self.sign_out_url()) { "Sign out" } }
            },
        )
    }

    /// The page for members of an organization.
    #[must_use]
    pub fn members(&self, organization: &Organization) -> Page {
        let name = organization.slug().unwrap_or_else(|| organization.id().as_str());
        page(200, "Members only", &html! { p { "You see this because you are a member of " strong { (name) } "." } })
    }

    /// The page for admins.
    #[must_use]
    pub fn admins(&self) -> Page {
        page(200, "Admins only", &html! { p { "You see this because your role is " strong { "org:admin" } "." } })
    }

    /// The page for an authentication error, in place of its JSON.
    #[must_use]
    pub fn error_page(&self, denied: &Denied) -> Page {
        match denied.status() {
            401 => page(401, "Please sign in", &html! { p { a.button href=(self.sign_in_url()) { "Sign in" } } }),
            403 => page(
                403,
                "This is not for you",
                &html! { p { "You are signed in, but without the role that this page requires." } },
            ),
            status => page(status, "Try again later", &html! { p { "Authentication is not possible at the moment." } }),
        }
    }
}
