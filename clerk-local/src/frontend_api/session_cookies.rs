//! The cookies of a browser for an app, one `Set-Cookie` line each.

use crate::{
    shared::Shared,
    store::{Client, Session},
};

/// A year, in seconds: a session ends with its token's lifetime, not with its cookie.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// All of a browser's cookies for the app at this origin, plain and with the instance's suffix. Scripts can read them,
/// as clerk-js requires, except the one that refreshes.
pub(crate) fn for_client(shared: &Shared, client: &Client, origin: &str) -> Vec<String> {
    let session = shared.store().current_session(client, shared.clock.now()).cloned();
    for_session(shared, client, session.as_ref(), origin)
}

/// The same for this session of the browser, the current one or not.
pub(crate) fn for_session(shared: &Shared, client: &Client, session: Option<&Session>, origin: &str) -> Vec<String> {
    let suffix = shared.publishable_key.cookie_suffix();
    let mut cookies = plain_and_suffixed("__clerk_db_jwt", &client.dev_browser, &suffix);
    let mint = |session: &Session| match shared.settings().cookies_without_azp {
        false => session_token(shared, session, origin),
        true => Some(shared.session_token(session)?.mint()),
    };
    match session.and_then(|session| Some((mint(session)?, &session.refresh_token))) {
        Some((token, refresh_token)) => {
            cookies.extend(plain_and_suffixed("__client_uat", &client.updated_at.unix_seconds().to_string(), &suffix));
            cookies.push(format!("__refresh_{suffix}={refresh_token}; Path=/; SameSite=Lax; Max-Age={YEAR}; HttpOnly"));
            cookies.extend(plain_and_suffixed("__session", &token, &suffix));
        }
        None => cookies.extend(clear_session(shared)),
    }
    cookies
}

/// A token of a session for the app at this origin; `None` when its user was deleted.
pub(crate) fn session_token(shared: &Shared, session: &Session, origin: &str) -> Option<String> {
    Some(shared.session_token(session)?.authorized_party(origin).mint())
}

/// Cookies that end a session. `__client_uat` is 0, which means signed out; without it, the app would not know.
pub(crate) fn clear_session(shared: &Shared) -> Vec<String> {
    let suffix = shared.publishable_key.cookie_suffix();
    let mut cookies = plain_and_suffixed("__client_uat", "0", &suffix);
    for name in ["__session".to_owned(), format!("__session_{suffix}"), format!("__refresh_{suffix}")] {
        cookies.push(format!("{name}=; Path=/; SameSite=Lax; Max-Age=0"));
    }
    cookies
}

/// The cookie that identifies a browser to the instance itself; with https, also from pages of other sites.
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
