//! The cookies that an app gets about a browser, one `Set-Cookie` line each.

use crate::{
    shared::Shared,
    store::{Active, Browser},
};

/// A year, in seconds: what ends a session is the token's minute, and not its cookie.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// All of a browser's cookies for the app at this origin: plain and with the instance's suffix, readable by scripts as
/// Clerk's own front end wants them, but for the one that refreshes.
pub(crate) fn all(shared: &Shared, browser: &Browser, origin: &str) -> Vec<String> {
    let suffix = shared.publishable_key.cookie_suffix();
    let mut cookies = twice("__clerk_db_jwt", &browser.dev_browser, &suffix);
    let token = browser.session.as_ref().and_then(|session| {
        let token = shared.token(&session.user_id)?.session_id(&session.id).authorized_party(origin);
        let token = match &session.organization {
            Active::First => token,
            Active::None => token.no_organization(),
            Active::Id(id) => token.organization(id),
        };
        Some((token.lifetime(shared.token_lifetime).mint(), &session.refresh_token))
    });
    match token {
        Some((token, refresh_token)) => {
            cookies.extend(twice("__client_uat", &browser.updated_at.unix_seconds().to_string(), &suffix));
            cookies.push(format!("__refresh_{suffix}={refresh_token}; Path=/; SameSite=Lax; Max-Age={YEAR}; HttpOnly"));
            cookies.extend(twice("__session", &token, &suffix));
        }
        None => cookies.extend(signed_out(shared)),
    }
    cookies
}

/// What takes a session away. Zero tells apps that the browser is signed out, and not that they do not know.
pub(crate) fn signed_out(shared: &Shared) -> Vec<String> {
    let suffix = shared.publishable_key.cookie_suffix();
    let mut cookies = twice("__client_uat", "0", &suffix);
    for name in ["__session".to_owned(), format!("__session_{suffix}"), format!("__refresh_{suffix}")] {
        cookies.push(format!("{name}=; Path=/; SameSite=Lax; Max-Age=0"));
    }
    cookies
}

/// The cookie that identifies a browser to the instance itself.
pub(crate) fn client(browser: &Browser) -> String {
    format!("__client={}; Path=/; SameSite=Lax; Max-Age={YEAR}; HttpOnly", browser.client)
}

fn twice(name: &str, value: &str, suffix: &str) -> Vec<String> {
    [name.to_owned(), format!("{name}_{suffix}")]
        .map(|name| format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={YEAR}"))
        .into()
}
