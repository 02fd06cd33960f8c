//! The examples' pages.

use clerk_core::{Denied, Organization, Session};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::start::Site;

const STYLE: &str = "
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#666, #aaa); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
nav a { margin-right: 1rem; } h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; } li { margin-block: .4rem; } th { text-align: left; padding-right: 2rem; color: var(--soft); font-weight: 400; }
td, th { border-bottom: 1px solid var(--line); padding-block: .4rem; } code { overflow-wrap: anywhere; }
a.button, button { display: inline-block; background: #6c47ff; color: white; padding: .5rem 1rem; border: 0; border-radius: .5rem; text-decoration: none; font: inherit; }
textarea { display: block; box-sizing: border-box; width: 100%; margin-block: .4rem; font: inherit; }
";

/// Sends no form with an old session cookie.
const FORM: &str = include_str!("form.js");

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
    /// The page that shows the signed-in user, and what to try next.
    #[must_use]
    pub fn home(&self, session: Option<&Session>) -> Page {
        self.home_page(session, &html! {})
    }

    /// The same with a form, for an example with `POST /notes`.
    #[must_use]
    pub fn home_with_form(&self, session: Option<&Session>) -> Page {
        let form = html! {
            form method="post" action="/notes" {
                label { "Note" textarea name="text" rows="3" required {} }
                button { "Save" }
                p role="status" {}
            }
            (self.scripts())
        };
        self.home_page(session, &form)
    }

    fn home_page(&self, session: Option<&Session>, form: &Markup) -> Page {
        let Some(session) = session else {
            return page(
                200,
                "You are not signed in",
                &html! {
                    p { a.button href=(self.sign_in_url()) { "Sign in" } }
                    (self.next_steps(false))
                },
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
                (form)
                p { a.button href=(self.sign_out_url()) { "Sign out" } }
                (self.next_steps(true))
            },
        )
    }

    fn next_steps(&self, is_signed_in: bool) -> Markup {
        let local = self.local();
        html! {
            h2 { "Try next" }
            ol {
                @if !is_signed_in {
                    li {
                        "Press the button above."
                        @if local.is_some() {
                            " Choose " strong { "Alice" } ", an admin of the organization Acme, or " strong { "Bob" }
                            ", a member. There is no password."
                        }
                    }
                }
                li {
                    @if is_signed_in { "Open" } @else { "Then open" }
                    " the two pages at the top. The first wants a member of an organization, the second an admin:"
                    " others get 403."
                }
                @if is_signed_in { li { "Sign out and open one of them: you come to the sign-in page." } }
                li { "Paste the commands that the example printed. They do the same with the API under " code { "/api" } "." }
                @if let Some(local) = local {
                    li { "Look into the local Clerk instance: " a href=(local.frontend_api_url()) { "its console" } "." }
                }
                li { "Read the example's " code { "src/main.rs" } ": what protects the API is one screen." }
            }
        }
    }

    /// Clerk's script, clerk-js, which keeps the session cookie fresh while the page is open, and the form's own script.
    fn scripts(&self) -> Markup {
        let clerk = self.clerk();
        let (Some(frontend_api), Some(key)) = (clerk.frontend_api(), clerk.publishable_key()) else { return html! {} };
        // Clerk's host needs a scheme; of a proxy's URL or path, clerk-js must know.
        let proxy = frontend_api.contains('/').then_some(&frontend_api);
        let base = proxy.cloned().unwrap_or_else(|| format!("https://{frontend_api}"));
        html! {
            script defer src={ (base) "/npm/@clerk/clerk-js@6/dist/clerk.browser.js" } crossorigin="anonymous"
                data-clerk-publishable-key=(key.as_str()) data-clerk-proxy-url=[proxy] {}
            script type="module" { (PreEscaped(FORM)) }
        }
    }

    /// The page after the form was sent.
    #[must_use]
    pub fn saved(&self, session: &Session, text: &str) -> Page {
        page(200, "Saved", &html! { p { code { (session.user_id()) } " wrote:" } blockquote { (text) } })
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
