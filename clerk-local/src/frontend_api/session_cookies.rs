//! The cookies that an app gets about a browser, one `Set-Cookie` line each.

use crate::{
    shared::Shared,
    store::{Client, Session},
};

/// A year, in seconds: what ends a session is the token's minute, and not its cookie.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// All of a browser's cookies for the app at this origin: plain and with the instance's suffix, readable by scripts as
/// Clerk's own front end wants them, but for the one that refreshes.
pub(crate) fn for_client(shared: &Shared, client: &Client, origin: &str) -> Vec<String> {
    let session = shared.store().current_session(client, shared.clock.now()).cloned();
    for_session(shared, client, session.as_ref(), origin)
}

/// The same when a session of the browser is meant, the current one or not.
pub(crate) fn for_session(shared: &Shared, client: &Client, session: Option<&Session>, origin: &str) -> Vec<String> {
    let suffix = shared.publishable_key.cookie_suffix();
    let mut cookies = plain_and_suffixed("__clerk_db_jwt", &client.dev_browser, &suffix);
    match session.and_then(|session| Some((session_token(shared, session, origin)?, &session.refresh_token))) {
        Some((token, refresh_token)) => {
            cookies.extend(plain_and_suffixed("__client_uat", &client.updated_at.unix_seconds().to_string(), &suffix));
            cookies.push(format!("__refresh_{suffix}={refresh_token}; Path=/; SameSite=Lax; Max-Age={YEAR}; HttpOnly"));
            cookies.extend(plain_and_suffixed("__session", &token, &suffix));
        }
        None => cookies.extend(clear_session(shared)),
    }
    cookies
}

/// A token of a session for the app at this origin; `None` when its user is gone.
pub(crate) fn session_token(shared: &Shared, session: &Session, origin: &str) -> Option<String> {
    Some(shared.session_token(session)?.authorized_party(origin).mint())
}

/// What takes a session away. Zero tells apps that the browser is signed out, and not that they do not know.
pub(crate) fn clear_session(shared: &Shared) -> Vec<String> {
    let suffix = shared.publishable_key.cookie_suffix();
    let mut cookies = plain_and_suffixed("__client_uat", "0", &suffix);
    for name in ["__session".to_owned(), format!("__session_{suffix}"), format!("__refresh_{suffix}")] {
        cookies.push(format!("{name}=; Path=/; SameSite=Lax; Max-Age=0"));
    }
    cookies
}

/// The cookie that identifies a browser to the instance itself, from pages of other sites, too, where that takes https.
pub(crate) fn client_cookie(shared: &Shared, client: &Client) -> String {
    let is_secure = shared.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    let reach = if is_secure { "SameSite=None; Secure" } else { "SameSite=Lax" };
    format!("__client={}; Path=/; {reach}; Max-Age={YEAR}; HttpOnly", client.cookie)
}

fn plain_and_suffixed(name: &str, value: &str, suffix: &str) -> Vec<String> {
    [name.to_owned(), format!("{name}_{suffix}")]
        .map(|name| format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={YEAR}"))
        .into()
}
