//! The layout of all pages of the console.

use axum::{http::StatusCode, response::Response};
use clerk_core::time::Timestamp;
use maud::{Markup, html};

use crate::http::{Forms, document};

const STYLE: &str = "
:root { color-scheme: light dark; --line: light-dark(#ddd, #3c3c43); --soft: light-dark(#666, #a6a6ad);
  --card: light-dark(#fff, #1c1c1f); --ground: light-dark(#f7f7f8, #111113); --accent: light-dark(#5b37e0, #a48fff); }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; background: var(--ground); }
header { border-bottom: 1px solid var(--line); background: var(--card); }
nav { max-width: 60rem; margin: auto; padding: .6rem 1rem; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: baseline; }
nav strong { margin-right: auto; } nav a, td a, p a { color: var(--accent); text-decoration: none; }
nav a:hover, td a:hover, p a:hover { text-decoration: underline; } nav a[aria-current] { color: inherit; font-weight: 600; }
main { max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.35rem; margin: 0 0 1rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .6rem; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .5rem .8rem; vertical-align: top; }
th { font-weight: 500; color: var(--soft); font-size: .85rem; } tr + tr > *, thead + tbody tr > * { border-top: 1px solid var(--line); }
code, textarea { font: .85rem/1.5 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
small, .note { color: var(--soft); } .mark { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; font-size: .8rem; }
form { display: inline; } form.fields { display: grid; gap: .8rem; max-width: 34rem; }
label { display: grid; gap: .2rem; } input, select, textarea { font: inherit; padding: .45rem .6rem; width: 100%;
  border: 1px solid var(--line); border-radius: .4rem; background: var(--card); color: inherit; }
input[type=checkbox] { width: auto; } textarea { min-height: 7rem; font: .85rem/1.5 ui-monospace, monospace; } textarea[readonly] { user-select: all; }
.mark, button { white-space: nowrap; }
button { font: inherit; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card);
  color: inherit; cursor: pointer; } button:hover { border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
footer { max-width: 60rem; margin: 3rem auto 1rem; padding: 0 1rem; color: var(--soft); font-size: .85rem; }
";

/// The pages of the navigation: path, name and access key.
const NAVIGATION: [(&str, &str, &str); 6] = [
    ("/", "Users", "u"),
    ("/mint", "Mint a token", "m"),
    ("/outbox", "Outbox", "o"),
    ("/webhooks", "Webhooks", "w"),
    ("/requests", "Requests", "r"),
    ("/settings", "Settings", "s"),
];

/// A page; `here` is its path in the navigation.
pub(super) fn page(status: StatusCode, here: &str, title: &str, content: &Markup) -> Response {
    let body = html! {
        header {
            nav {
                strong { "clerk-local" }
                @for (path, name, key) in NAVIGATION {
                    a href=(path) accesskey=(key) aria-current=[(path == here).then_some("page")] { (name) }
                }
            }
        }
        main {
            h1 { (title) }
            (content)
        }
        footer { "A local Clerk instance, for development and tests only." }
    };
    document(status, title, STYLE, Forms::Here, &body)
}

/// How long ago something was, in words.
pub(super) fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.since(at).as_secs();
    match seconds {
        0..=1 => "just now".to_owned(),
        2..=119 => format!("{seconds} seconds ago"),
        120..=7199 => format!("{} minutes ago", seconds / 60),
        7200..=172_799 => format!("{} hours ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_written_in_words() {
        let at = Timestamp::from_unix_seconds(0);
        for (seconds, text) in [
            (0, "just now"),
            (119, "119 seconds ago"),
            (120, "2 minutes ago"),
            (7200, "2 hours ago"),
            (200_000, "2 days ago"),
        ] {
            assert_eq!(ago(at, at + Duration::from_secs(seconds)), text);
        }
    }
}
