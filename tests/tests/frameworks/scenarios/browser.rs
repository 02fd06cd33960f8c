//! What a browser gets: which of its cookies count, where it is redirected to, and which headers it sees.

use std::time::Duration;

use super::{
    NOW,
    table::{Config, Headers, Table},
};

const HANDSHAKE: &str = "/v1/client/handshake?redirect_url=";

pub(super) fn rows(table: &mut Table) {
    ignored_nonces(table);
    input_of_strangers(table);
    public_addresses(table);
    parties(table);
    organizations_of_paths(table);
    unsafe_methods(table);
    another_users_cookies(table);
}

/// The cookies of a signed-in browser; `more` are others, with their separator.
fn cookies(token: &str, more: &str) -> (&'static str, Vec<u8>) {
    let uat = NOW.unix_seconds() - 500;
    ("cookie", format!("__session={token}; __client_uat={uat}; __clerk_db_jwt=dvb_1{more}").into_bytes())
}

fn header(name: &'static str, value: &str) -> (&'static str, Vec<u8>) {
    (name, value.as_bytes().to_vec())
}

/// A page load with these headers.
fn document(headers: impl Into<Headers>) -> Headers {
    let mut headers = headers.into();
    headers.push(header("sec-fetch-dest", "document"));
    headers
}

fn ignored_nonces(table: &mut Table) {
    let good = table.token().mint();
    let used = cookies(&good, "; __clerk_handshake_nonce=used");
    for destination in ["document", "empty"] {
        let destination = header("sec-fetch-dest", destination);
        for (path, cookies) in [("/me?__clerk_handshake_nonce=used", cookies(&good, "")), ("/me", used.clone())] {
            table.row(200, "a used nonce does not sign out", path, vec![destination.clone(), cookies]).config =
                Config::Pages;
        }
    }
    let expired = cookies(&table.token().expired(Duration::from_secs(200)).mint(), "");
    table
        .row(307, "a used nonce is not read again", "/me?__clerk_handshake_nonce=used", document([expired]))
        .answer("location", HANDSHAKE)
        .answer("location", "redirect_url=http%3A%2F%2Flocalhost%2Fme%3F__clerk_redirected%3D")
        .config = Config::Pages;
}

fn input_of_strangers(table: &mut Table) {
    for path in ["/maybe?__clerk_handshake_nonce=junk", "/maybe?__clerk_handshake=junk"] {
        for (status, destination) in [(307, "document"), (200, "empty")] {
            let headers = vec![header("sec-fetch-dest", destination), header("origin", "https://evil.example")];
            table
                .row(status, "a junk nonce gets no CORS headers", path, headers)
                .answer("access-control-allow-origin", None)
                .answer("access-control-allow-credentials", None)
                .config = Config::Pages;
        }
    }
    let good = table.token().mint();
    for (path, junk) in [
        ("/maybe", "; __clerk_redirect_count=3"),
        ("/maybe", "; __clerk_redirect_count=Infinity; __clerk_redirect_count_page=h.1.x; __clerk_sent_to_sign_in=1"),
        ("/maybe", "; __clerk_handshake=junk"),
        ("/maybe?__clerk_handshake=junk", ""),
        ("/maybe?__clerk_handshake=e30.e30.AAAA", ""),
        ("/maybe?__clerk_redirect_url=junk", ""),
        ("/maybe?__clerk_redirected=hs.1768478400.AAAAAAAAAAAAAAAAAAAAAA", ""),
    ] {
        let unknown = document([header("cookie", junk.trim_start_matches("; "))]);
        table.row(307, "junk is no error", path, unknown).answer("location", HANDSHAKE).config = Config::Pages;
        // With a marker the browser is redirected to the page without it.
        let (status, location) =
            if path.contains("redirected") { (307, Some("http://localhost/maybe")) } else { (200, None) };
        let known = document([cookies(&good, junk)]);
        table.row(status, "junk does not sign out", path, known).answer("location", location).config = Config::Pages;
    }
}

fn public_addresses(table: &mut Table) {
    for (headers, back) in [
        (
            &[("x-forwarded-host", "app.test"), ("x-forwarded-proto", "https"), ("x-forwarded-port", "8443")][..],
            "redirect_url=https%3A%2F%2Fapp.test%3A8443%2Fme&",
        ),
        (
            &[("x-forwarded-host", "app.test"), ("x-forwarded-prefix", "/shop")],
            "redirect_url=http%3A%2F%2Fapp.test%2Fshop%2Fme&",
        ),
        (&[("forwarded", "host=app.test;proto=https")], "redirect_url=https%3A%2F%2Fapp.test%2Fme&"),
        (&[("x-forwarded-host", ""), ("x-forwarded-proto", "https")], "redirect_url=https%3A%2F%2Flocalhost%2Fme&"),
    ] {
        let headers: Headers = headers.iter().map(|(name, value)| header(name, value)).collect();
        table
            .row(307, "the way back is the public address", "/me", document(headers))
            .answer("location", HANDSHAKE)
            .answer("location", back)
            .config = Config::Pages;
    }
}

fn parties(table: &mut Table) {
    let token = table.token().without("azp").mint();
    table
        .row(307, "a cookie without azp: Clerk is asked for another", "/me", document([cookies(&token, "")]))
        .answer("location", HANDSHAKE)
        .config = Config::Parties;
    let counted = cookies(&token, "; __clerk_redirect_count=1");
    let row = table.row(401, "a cookie without azp, from Clerk", "/me", document([counted]));
    row.config = Config::Parties;
    row.body = "authorized_parties_or_none";
}

fn organizations_of_paths(table: &mut Table) {
    let token = table.token().mint();
    let asks_for_json = vec![cookies(&token, ""), header("accept", "application/json")];
    let bearer = vec![header("authorization", &format!("Bearer {token}"))];
    for (config, status) in [(Config::Sync, 200), (Config::SyncOrRefuse, 403)] {
        for (method, path) in [("GET", "/organization"), ("DELETE", "/policy/signed-in")] {
            for headers in [&asks_for_json, &bearer] {
                let row = table.row(status, "the path names another organization", path, headers.clone());
                (row.config, row.method) = (config, method);
            }
        }
        table.row(401, "the path names an organization, signed out", "/organization", vec![]).config = config;
    }
    // Without `refuse_others` the frameworks differ: only actix decodes a path to find its route.
    table.row(403, "the encoded path names another organization", "/%6Frganization", asks_for_json).config =
        Config::SyncOrRefuse;
}

fn unsafe_methods(table: &mut Table) {
    let token = table.token().mint();
    for (status, method, site) in [
        (200, "POST", "same-origin"),
        (200, "POST", "none"),
        (401, "POST", "cross-site"),
        (401, "DELETE", "same-site"),
        (200, "GET", "cross-site"),
    ] {
        for (status, credential) in
            [(status, cookies(&token, "")), (200, header("authorization", &format!("Bearer {token}")))]
        {
            let headers = vec![credential, header("sec-fetch-site", site)];
            let row = table.row(status, "a request of another site's page", "/policy/signed-in", headers);
            (row.config, row.method) = (Config::SameOrigin, method);
        }
    }
}

fn another_users_cookies(table: &mut Table) {
    let expired = table.token().expired(Duration::from_secs(60)).mint();
    let refresh = format!("; __refresh_{}=r", table.local.publishable_key().cookie_suffix());
    let bobs = cookies(&table.local.token("bob").unwrap().mint(), &refresh);
    let headers = vec![header("authorization", &format!("Bearer {expired}")), bobs];
    table.row(200, "an expired header beside another user's cookies", "/maybe", headers).body = "signed out";
}
