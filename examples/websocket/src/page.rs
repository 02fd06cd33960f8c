//! The page with a small client.

use clerk_core::{
    Session,
    browser::websocket::{PROTOCOL, TOKEN_PREFIX},
};
use maud::{DOCTYPE, PreEscaped, html};

use crate::Demo;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
button, a.button { font: inherit; border: 0; background: #6c47ff; color: white; padding: .5rem 1rem; border-radius: .5rem; text-decoration: none; margin-right: .5rem; }
pre { border: 1px solid light-dark(#ddd, #444); padding: 1rem; min-height: 10rem; white-space: pre-wrap; }
";

impl Demo {
    /// The page: a client if a user is signed in, otherwise a sign-in link.
    #[must_use]
    pub fn page(&self, session: Option<&Session>) -> String {
        let page_url = format!("{}/", self.origin());
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head { meta charset="utf-8"; title { "WebSocket" } style { (PreEscaped(STYLE)) } }
                body {
                    @match session {
                        None => {
                            h1 { "You are signed out" }
                            p { a.button href=(self.local.sign_in_url(&page_url)) { "Sign in" } }
                        }
                        Some(session) => {
                            h1 { "You are " (session.user_id()) }
                            p {
                                button #cookie { "Connect with cookies" }
                                button #token { "Connect with a token" }
                                button #hello { "Say hello" }
                                a.button target="_blank" href=(self.local.sign_out_url(&page_url)) { "Sign out" }
                            }
                            pre {}
                            script { (PreEscaped(format!("const protocol = \"{PROTOCOL}\", tokenPrefix = \"{TOKEN_PREFIX}\";\n{}", include_str!("client.js")))) }
                        }
                    }
                }
            }
        };
        markup.into_string()
    }
}
