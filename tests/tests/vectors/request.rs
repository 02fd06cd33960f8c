//! Vectors of `authenticateRequest`.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    AuthState, Authenticator, Clerk, ConfigError, TokenType,
    adapter::{HeaderSource, RequestState, RequestView},
    browser::OrganizationSync,
    config::SecretKey,
    setup::JwksPolicy,
    time::{ManualClock, Timestamp},
};
use http::Uri;
use serde_json::{Value, json};

use crate::{
    auth_object,
    backend::Backend,
    files::{API_VERSION, Vector},
    policy,
    report::Difference,
};

/// The timeout of a call to the loopback server, in real time. It is long, because no vector is about a timeout.
const TIMEOUT: Duration = Duration::from_secs(100);

/// Headers of a vector: names in lower case; each character of a value is one byte.
pub struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    pub fn of(request: &Value) -> Self {
        let header = |pair: &Value| {
            let latin1 = pair[1].as_str().unwrap().chars().map(|c| u8::try_from(u32::from(c)).unwrap());
            (pair[0].as_str().unwrap().to_ascii_lowercase(), latin1.collect())
        };
        Self(request["headers"].as_array().unwrap().iter().map(header).collect())
    }

    /// The request of a target that stands in its first line; the server's origin has the rest of its address.
    fn targeted<'a>(&'a self, method: &'a str, target: &'a Uri, origin: &'a str) -> RequestView<'a> {
        let (scheme, authority) = origin.split_once("://").unwrap();
        RequestView::new(method, target.path(), self)
            .with_query(target.query())
            .with_scheme(target.scheme_str().unwrap_or(scheme))
            .with_authority(Some(target.authority().map_or(authority, http::uri::Authority::as_str)))
    }

    pub fn view<'a>(&'a self, method: &'a str, url: &'a str) -> RequestView<'a> {
        let (scheme, rest) = url.split_once("://").unwrap();
        let target = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(target);
        let target = target.split('#').next().unwrap();
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        // A `Host` header wins over the URL.
        let named = self.0.iter().any(|(name, _)| name == "host");
        RequestView::new(method, if path.is_empty() { "/" } else { path }, self)
            .with_query(query)
            .with_scheme(scheme)
            .with_authority((!named).then_some(authority))
    }
}

impl HeaderSource for Headers {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        self.0.iter().filter(|(known, _)| known == name).for_each(|(_, value)| visitor(value));
    }

    fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.0.iter().for_each(|(name, value)| visitor(name, value));
    }
}

fn text<'a>(options: &'a Value, name: &str) -> Option<&'a str> {
    options[name].as_str().filter(|text| !text.is_empty())
}

/// A string or a list of strings.
fn texts<'a>(options: &'a Value, name: &str) -> Option<Vec<&'a str>> {
    let list: Vec<&str> = match &options[name] {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let list: Vec<&str> = list.into_iter().filter(|text| !text.is_empty()).collect();
    (!list.is_empty()).then_some(list)
}

/// The `Clerk` for these options, with settings that make it as lenient as the SDK.
pub fn clerk(
    options: &Value,
    env: &Value,
    api: &str,
    clock: Arc<ManualClock>,
    url: &str,
) -> Result<Clerk, ConfigError> {
    // The SDK caches keys for exactly five minutes, and fetches again for every unknown key.
    let five_minutes = Duration::from_secs(if options["skipJwksCache"] == true { 0 } else { 5 * 60 });
    let jwks = JwksPolicy::default()
        .refresh_after(five_minutes)
        .hard_limit(five_minutes)
        .unknown_key_cooldown(Duration::ZERO)
        .failure_cooldown(Duration::ZERO);
    let mut builder =
        Clerk::builder().clock(clock).jwks(jwks).api_url(&api_url(options, api))?.allow_missing_audience();
    // A small cache, because each vector has its own.
    builder = builder.http_timeout(TIMEOUT).token_cache(64);
    // For these two token types the SDK does not read the options for browsers.
    let no_browser = options["acceptsToken"] == "api_key" || options["acceptsToken"] == "m2m_token";
    let options = &if no_browser { without_browser(options) } else { options.clone() };
    let is_satellite = options["isSatellite"] == true && options["acceptsToken"] != "m2m_token";
    if let Some(key) = text(options, "publishableKey") {
        builder = builder.publishable_key(key.parse()?);
    }
    if let Some(secret) = text(options, "secretKey") {
        // The SDK accepts any string as a secret key, and keys of two instances as a pair.
        let mixed = secret.starts_with("sk_test_")
            != text(options, "publishableKey").is_some_and(|k| k.starts_with("pk_test_"));
        let key = secret.parse::<SecretKey>().ok().filter(|_| !mixed);
        builder = builder.secret_key(key.map_or_else(|| SecretKey::opaque(secret), Ok)?);
    }
    if let Some(key) = text(options, "jwtKey") {
        builder = builder.jwt_key(key.parse()?);
    }
    if let Some(key) = text(options, "machineSecretKey") {
        builder = builder.machine_secret_key(key.parse()?);
    }
    if let Some(version) = text(options, "apiVersion") {
        builder = builder.api_version(version)?;
    }
    if let Some(url) = text(options, "proxyUrl") {
        builder = builder.proxy_url(url)?;
    }
    if let Some(domain) = text(options, "domain") {
        builder = builder.domain(domain)?;
    }
    builder = builder.satellite(is_satellite).satellite_auto_sync(options["satelliteAutoSync"] == true);
    if let Some(url) = text(options, "signInUrl") {
        builder = builder.sign_in_url(url)?;
    }
    if let Some(url) = text(options, "signUpUrl") {
        builder = builder.sign_up_url(url)?;
    }
    if let Some(parties) = texts(options, "authorizedParties") {
        builder = builder.authorized_parties_verbatim(parties)?;
    }
    if let Some(audiences) = texts(options, "audience") {
        builder = builder.audiences(audiences)?;
    }
    builder = match texts(options, "issuer") {
        Some(issuers) => builder.issuers(issuers)?,
        None => builder.any_issuer(),
    };
    if let Some(skew) = options["clockSkewInMs"].as_f64() {
        builder = builder.unchecked_clock_skew(skew);
    }
    if !options["headerType"].is_null() {
        builder = builder.token_types(texts(options, "headerType").unwrap_or_default());
    }
    // The SDK redirects browsers to any URL in the query; our builder needs a list of allowed origins.
    if let Some(satellite) = satellite_in(url) {
        builder = builder.redirect_origins([satellite])?;
    }
    let variable = |name: &'static str| {
        env.get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .filter(|_| name.starts_with("VERCEL") || name == "CLERK_DISABLE_AUTO_PROXY")
    };
    builder.environment_from(&variable)?.build()
}

fn without_browser(options: &Value) -> Value {
    let mut options = options.clone();
    options["publishableKey"] = Value::Null;
    if options["isSatellite"] != true {
        options["proxyUrl"] = Value::Null;
    }
    options
}

fn satellite_in(url: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("__clerk_redirect_url="))?;
    let value = percent_decoded(value);
    let (scheme, rest) = value.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    matches!(scheme, "http" | "https").then(|| format!("{scheme}://{host}"))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(u8::from_str_radix(&format!("{}{}", *high as char, *low as char), 16).unwrap());
                rest = tail;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The address of the fake API for this vector: the script's address, followed by the path of the vector's `apiUrl`.
fn api_url(options: &Value, api: &str) -> String {
    let Some(url) = text(options, "apiUrl") else { return api.to_owned() };
    let Some((_, rest)) = url.split_once("://") else { return url.to_owned() };
    rest.split_once('/').map_or_else(|| api.to_owned(), |(_, path)| format!("{api}/{path}"))
}

fn accepts(options: &Value) -> Option<clerk_core::token::AcceptsToken> {
    let kind = |name: &str| match name {
        "api_key" => Some(TokenType::ApiKey),
        "m2m_token" => Some(TokenType::M2mToken),
        "oauth_token" => Some(TokenType::OAuthToken),
        "session_token" => Some(TokenType::SessionToken),
        _ => None,
    };
    match &options["acceptsToken"] {
        Value::String(name) if name == "any" => Some(clerk_core::token::AcceptsToken::Any),
        Value::String(name) => kind(name).map(Into::into),
        Value::Array(names) => Some(names.iter().filter_map(|name| kind(name.as_str()?)).collect::<Vec<_>>().into()),
        _ => None,
    }
}

fn authenticator(clerk: Clerk, options: &Value) -> Result<Authenticator, ConfigError> {
    let mut authenticator = Authenticator::new(clerk).reason_header(true); // as Clerk's SDK
    if let Some(accepts) = accepts(options) {
        authenticator = authenticator.accepts_tokens(accepts)?;
    }
    let sync = &options["organizationSyncOptions"];
    if sync.is_object() {
        let patterns = |name: &str| texts(sync, name).unwrap_or_default();
        let sync = OrganizationSync::new()
            .organization_patterns(patterns("organizationPatterns"))?
            .personal_account_patterns(patterns("personalAccountPatterns"))?;
        authenticator = authenticator.organization_sync(sync);
    }
    authenticator.pages()
}

/// Converts the state to the recorded form.
fn recorded(state: &RequestState) -> Value {
    let token = match state.auth() {
        AuthState::SignedIn(session) => Some(session.token()),
        AuthState::ApiKey(key) => Some(key.token()),
        AuthState::M2mToken(token) => Some(token.token()),
        AuthState::OAuthToken(token) => Some(token.token()),
        _ => None,
    };
    let mut headers: Vec<[String; 2]> = state
        .response_headers()
        .filter(|(name, _)| *name != "x-clerk-auth-message")
        .map(|(name, value)| [name.to_owned(), value.into_owned()])
        .collect();
    headers.sort_by(|one, other| one[0].cmp(&other[0]));
    json!({
        "status": state.status().as_str(),
        "reason": state.reason().map(ToString::to_string),
        "tokenType": state.auth().token_type().map(TokenType::as_str),
        "isAuthenticated": state.auth().is_authenticated(),
        "token": token,
        "headers": headers,
    })
}

/// Converts the calls to the recorded form.
pub fn outgoing(calls: &[Value], options: &Value, api: &str) -> Vec<Value> {
    let origin = text(options, "apiUrl").map_or("https://api.clerk.com".to_owned(), |url| {
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        format!("{scheme}://{}", rest.split(['/', '?']).next().unwrap())
    });
    let _ = api;
    calls
        .iter()
        .map(|call| {
            let mut recorded = json!({
                "method": call["method"],
                "url": format!("{origin}{}", call["target"].as_str().unwrap()),
                "headers": {"authorization": call["headers"]["authorization"]},
            });
            assert_eq!(call["headers"]["clerk-api-version"], API_VERSION);
            assert_eq!(call["headers"]["content-type"], "application/json");
            if !call["body"].is_null() {
                recorded["body"] = call["body"].clone();
            }
            recorded
        })
        .collect()
}

pub async fn run(vector: &Vector, index: usize, backend: &Backend) -> Vec<Difference> {
    let vector = &vector.0;
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_millis(vector["now_ms"].as_i64().unwrap())));
    let api = backend.script(index, &vector["bapi"]);
    let (options, request) = (&vector["options"], &vector["request"]);
    let url = request["url"].as_str().unwrap();
    let built = clerk(options, &vector["env"], &api, clock, url)
        .and_then(|clerk| Ok((clerk.clone(), authenticator(clerk, options)?)));
    let headers = Headers::of(request);
    let method = request["method"].as_str().unwrap();
    let target: Option<Result<Uri, _>> = request["target"].as_str().map(str::parse);
    let view = match &target {
        None => headers.view(method, url),
        Some(Ok(target)) => headers.targeted(method, target, url),
        Some(Err(_)) => {
            let refused = Difference::new("threw", &vector["expected"]["error"], "refused by the server");
            return if vector["expected"]["error"].is_null() { vec![refused] } else { Vec::new() };
        }
    };
    let (state, again) = match built {
        Ok((clerk, authenticator)) => {
            let first = authenticator.authenticate(&view).await;
            cache_tokens(&clerk, &headers);
            (Ok(first), authenticator.authenticate_now(&view))
        }
        Err(error) => (Err(error), None),
    };
    let calls = outgoing(&backend.take_outgoing(index), options, &api);
    let mut differences = compare_cached(state.as_ref().ok(), again.as_ref());
    differences.extend(compare(&vector["expected"], state, &calls));
    differences
}

/// Authenticates each token of a request alone, so that the valid ones are in the cache.
fn cache_tokens(clerk: &Clerk, headers: &Headers) {
    let words = headers.0.iter().flat_map(|(_, value)| value.split(|b| b" ;=,".contains(b)));
    for token in words.filter(|word| word.len() > 100) {
        let alone = Headers(vec![("authorization".to_owned(), [b"Bearer ", token].concat())]);
        drop(clerk.authenticate_now(&RequestView::new("GET", "/", &alone)));
    }
}

/// With cached tokens a request must have the same result as the first time, unless it needs a call again.
fn compare_cached(first: Option<&RequestState>, again: Option<&RequestState>) -> Vec<Difference> {
    match (first.map(recorded), again.map(recorded)) {
        (Some(first), Some(again)) if first != again => vec![Difference::new("with cached tokens", first, again)],
        _ => Vec::new(),
    }
}

/// A refused configuration counts as if the SDK's call had thrown.
fn compare(expected: &Value, state: Result<RequestState, ConfigError>, calls: &[Value]) -> Vec<Difference> {
    let threw = !expected["error"].is_null();
    let state = match state {
        Ok(state) if !matches!(state.auth(), AuthState::Misconfigured(_)) => state,
        refused if threw => {
            drop(refused);
            return Vec::new();
        }
        Ok(state) => return vec![Difference::new("threw", false, format!("misconfigured: {:?}", state.reason()))],
        Err(error) => return vec![Difference::new("threw", false, format!("refused when built: {error}"))],
    };
    if threw {
        return vec![Difference::new("threw", &expected["error"], recorded(&state))];
    }
    let mut differences = Vec::new();
    let actual = recorded(&state);
    for field in ["status", "reason", "tokenType", "isAuthenticated", "token"] {
        if expected[field] != actual[field] {
            differences.push(Difference::new(field, &expected[field], &actual[field]));
        }
    }
    let headers: Vec<&Value> =
        expected["headers"].as_array().unwrap().iter().filter(|h| h[0] != "x-clerk-auth-message").collect();
    if json!(headers) != actual["headers"] {
        differences.push(Difference::new("headers", json!(headers), &actual["headers"]));
    }
    if json!(calls) != expected["outgoing"] {
        differences.push(Difference::new("outgoing", &expected["outgoing"], json!(calls)));
    }
    if let Some(error) = expected["auth_error"].as_str() {
        differences.push(Difference::new("auth_error", error, "an auth object"));
    } else if !expected["auth"].is_null() {
        for (name, expected, actual) in
            auth_object::differences(&expected["auth"], &auth_object::from_state(state.auth(), false))
        {
            differences.push(Difference::new(name, expected, actual));
        }
        if let Some(allowed) = expected.get("auth_pending_allowed") {
            for (name, expected, actual) in
                auth_object::differences(allowed, &auth_object::from_state(state.auth(), true))
            {
                differences.push(Difference::new(format!("pending allowed: {name}"), expected, actual));
            }
        }
    }
    for check in expected["has"].as_array().into_iter().flatten() {
        let wanted = policy::from_params(&check["params"]);
        let has = |session: Option<&clerk_core::Session>| {
            wanted.as_ref().zip(session).is_some_and(|(policy, session)| session.has(policy))
        };
        let strict = has(state.auth().session().ok());
        let lenient = has(state.auth().session_or_pending());
        let expected_lenient = check.get("result_pending_allowed").unwrap_or(&check["result"]);
        if check["result"] != strict || *expected_lenient != lenient {
            let result = json!([check["result"], expected_lenient]);
            differences.push(Difference::new(format!("has({})", check["params"]), result, json!([strict, lenient])));
        }
    }
    differences
}

pub async fn run_sequence(vector: &Vector, index: usize, backend: &Backend) -> Vec<Difference> {
    let steps = vector.0["steps"].as_array().unwrap();
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(0)));
    let mut built: Vec<(Value, Clerk)> = Vec::new();
    let mut differences = Vec::new();
    for (number, (step, expected)) in steps.iter().zip(vector.0["expected"].as_array().unwrap()).enumerate() {
        clock.set(Timestamp::from_unix_millis(step["now_ms"].as_i64().unwrap()));
        let api = backend.script(index, &step["bapi"]);
        let (options, request) = (&step["options"], &step["request"]);
        let url = request["url"].as_str().unwrap();
        // The SDK has one cache per process, with address and secret as its key; we have one cache per `Clerk`.
        let key = json!([
            options["apiUrl"],
            options["apiVersion"],
            options["secretKey"],
            options["publishableKey"],
            options["jwtKey"],
            options["skipJwksCache"]
        ]);
        if !built.iter().any(|(known, _)| *known == key) {
            match clerk(options, &Value::Null, &api, clock.clone(), url) {
                Ok(clerk) => built.push((key.clone(), clerk)),
                Err(error) => {
                    let refused = format!("refused when built: {error}");
                    differences.push(Difference::new(format!("{number}: threw"), false, refused));
                    continue;
                }
            }
        }
        let clerk = built.iter().find(|(known, _)| *known == key).unwrap().1.clone();
        let headers = Headers::of(request);
        let view = headers.view(request["method"].as_str().unwrap(), url);
        let state = authenticator(clerk, options).unwrap().authenticate(&view).await;
        let actual = recorded(&state);
        for field in ["status", "reason", "tokenType"] {
            if expected[field] != actual[field] {
                differences.push(Difference::new(format!("{number}: {field}"), &expected[field], &actual[field]));
            }
        }
        let calls: Vec<Value> = outgoing(&backend.take_outgoing(index), options, &api)
            .into_iter()
            .map(|call| json!({"method": call["method"], "url": call["url"], "authorization": call["headers"]["authorization"]}))
            .collect();
        let shortened: Vec<Value> = expected["outgoing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|call| json!({"method": call["method"], "url": call["url"], "authorization": call["authorization"]}))
            .collect();
        if calls != shortened {
            differences.push(Difference::new(format!("{number}: outgoing"), json!(shortened), json!(calls)));
        }
    }
    differences
}
