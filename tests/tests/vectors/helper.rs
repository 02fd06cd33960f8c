//! Vectors of the helper functions that the SDK exports.

use clerk_core::{
    TokenType,
    adapter::parse_cookies,
    browser::Redirects,
    config::{InstanceType, PublishableKey, account_portal, cookie_suffix},
    token::AcceptsToken,
};
use serde_json::{Map, Value, json};

use crate::{files::Vector, policy, report::Difference, request::Headers};

/// Why there is no value to compare.
enum NoValue {
    /// The function returned an error, as the SDK's function throws one.
    Error,
    /// This runner does not know the function.
    UnknownFunction,
}

use NoValue::{Error, UnknownFunction};

pub fn run(vector: &Vector) -> Vec<Difference> {
    let (expected, args) = (&vector.0["expected"], vector.0["args"].as_array().unwrap());
    let threw = !expected["error"].is_null();
    let function = vector.0["fn"].as_str().unwrap();
    match value(function, args) {
        Ok(names) if function == "constants" => names
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(group, names)| names.as_object().unwrap().iter().map(move |(name, value)| (group, name, value)))
            .filter(|(group, name, value)| expected["value"][&**group][&**name] != **value)
            .map(|(group, name, value)| {
                Difference::new(format!("{group}.{name}"), &expected["value"][&**group][&**name], value)
            })
            .collect(),
        Ok(value) if !threw && value == expected["value"] => Vec::new(),
        Err(Error) if threw => Vec::new(),
        Ok(value) => vec![Difference::new("value", expected, value)],
        Err(Error) => vec![Difference::new("value", expected, "refused")],
        Err(UnknownFunction) => vec![Difference::unknown_function(function)],
    }
}

/// The names that are the same in the SDK; its other names belong to its frameworks.
fn names() -> Value {
    use clerk_core::adapter::names::{cookie, header, query};
    json!({
        "Cookies": {
            "Session": cookie::SESSION, "Refresh": cookie::REFRESH, "ClientUat": cookie::CLIENT_UAT,
            "Handshake": cookie::HANDSHAKE, "DevBrowser": cookie::DEV_BROWSER,
            "RedirectCount": cookie::REDIRECT_COUNT, "HandshakeNonce": cookie::HANDSHAKE_NONCE,
        },
        "QueryParameters": {
            "ClerkSynced": query::SYNCED, "SuffixedCookies": query::SUFFIXED_COOKIES,
            "ClerkRedirectUrl": query::REDIRECT_URL, "DevBrowser": query::DEV_BROWSER, "Handshake": query::HANDSHAKE,
            "HandshakeHelp": query::HANDSHAKE_HELP, "LegacyDevBrowser": query::LEGACY_DEV_BROWSER,
            "HandshakeReason": query::HANDSHAKE_REASON, "HandshakeNonce": query::HANDSHAKE_NONCE,
            "HandshakeFormat": query::HANDSHAKE_FORMAT, "Session": query::SESSION,
        },
        "Headers": {
            "AuthMessage": header::AUTH_MESSAGE, "AuthReason": header::AUTH_REASON, "AuthStatus": header::AUTH_STATUS,
        },
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Calls our form of a function of the SDK.
fn value(function: &str, args: &[Value]) -> Result<Value, NoValue> {
    let first = args.first().unwrap_or(&Value::Null);
    Ok(match function {
        "isPublishableKey" => PublishableKey::decode(text(first)).is_some().into(),
        "parsePublishableKey" => return parse_publishable_key(text(first), args.get(1).unwrap_or(&Value::Null)),
        "getCookieSuffix" => cookie_suffix(text(first)).into(),
        "instanceTypeOf" => {
            let kind = InstanceType::of_key(text(first)).filter(|_| !text(first).starts_with("sk_"));
            json!({"isDevelopmentFromPublishableKey": kind == Some(InstanceType::Development), "isProductionFromPublishableKey": kind == Some(InstanceType::Production)})
        }
        "secretKeyType" => {
            let kind = InstanceType::of_key(text(first)).filter(|_| !text(first).starts_with("pk_"));
            json!({"isDevelopmentFromSecretKey": kind == Some(InstanceType::Development), "isProductionFromSecretKey": kind == Some(InstanceType::Production)})
        }
        "buildPublishableKey" => {
            PublishableKey::encode(InstanceType::of_frontend_api(text(first)), text(first)).ok_or(Error)?.into()
        }
        "publishableKeyFromHost" => {
            let configured = args.get(1).and_then(Value::as_str).and_then(|key| key.parse::<PublishableKey>().ok());
            PublishableKey::for_host(text(first), configured.as_ref()).map_err(|_| Error)?.as_str().into()
        }
        "buildAccountsBaseUrl" if text(first).is_empty() => "".into(),
        "buildAccountsBaseUrl" => account_portal(text(first)).into(),
        "cookies" => {
            let cookies = parse_cookies(text(first)).into_iter().map(|(name, value)| (name, value.into()));
            Value::Object(cookies.collect::<Map<_, _>>())
        }
        "clerkUrl" => clerk_url(first),
        "isMachineToken" => {
            let token = text(first);
            let by_prefix = ["mt_", "oat_", "ak_"].iter().any(|prefix| token.starts_with(prefix));
            json!({"isMachineTokenByPrefix": by_prefix, "isMachineToken": TokenType::of_machine(token).is_some()})
        }
        "isTokenTypeAccepted" => {
            kind(first).is_some_and(|kind| accepts(&args[1]).is_some_and(|accepts| accepts.accepts(kind))).into()
        }
        "getAuthObjectForAcceptedToken" => narrow(first, &args[1]),
        "createRedirect" => return redirect(first, &args[1], &args[2]),
        "reverificationError" => match policy::reverification_of(first) {
            Some(reverification) => serde_json::from_str(&reverification.refusal_body()).unwrap(),
            None => Value::Null,
        },
        "reverificationErrorResponse" => {
            let denied = clerk_core::Denied::reverification(policy::reverification_of(first).unwrap());
            let content_type = denied.headers().find(|(name, _)| *name == "content-type").unwrap().1;
            let body: Value = serde_json::from_str(&denied.body()).unwrap();
            json!({"status": denied.status(), "headers": [["content-type", content_type]], "body": body})
        }
        "getSuffixedCookieName" => clerk_core::adapter::names::cookie::with_suffix(text(first), text(&args[1])).into(),
        "constants" => names(),
        _ => return Err(UnknownFunction),
    })
}

fn parse_publishable_key(text: &str, options: &Value) -> Result<Value, NoValue> {
    let fatal = options["fatal"] == true;
    let Some((instance_type, host)) = PublishableKey::decode(text) else {
        return if fatal { Err(Error) } else { Ok(Value::Null) };
    };
    let name = match instance_type {
        InstanceType::Development => "development",
        InstanceType::Production => "production",
    };
    let mut builder = clerk_core::Clerk::builder().satellite(options["isSatellite"] == true);
    if let Ok(key) = text.parse() {
        builder = builder.publishable_key(key);
    }
    if let Some(url) = options["proxyUrl"].as_str().filter(|url| !url.is_empty()) {
        builder = builder.proxy_url(url).map_err(|_| Error)?;
    }
    if let Some(domain) = options["domain"].as_str().filter(|domain| !domain.is_empty()) {
        builder = builder.domain(domain).map_err(|_| Error)?;
    }
    Ok(json!({"instanceType": name, "frontendApi": builder.frontend_api().unwrap_or(host)}))
}

fn clerk_url(request: &Value) -> Value {
    let headers = Headers::of(request);
    let view = headers.view("GET", request["url"].as_str().unwrap());
    view.public_url(&clerk_core::config::PublicOrigin::Forwarded).into()
}

fn kind(value: &Value) -> Option<TokenType> {
    [TokenType::ApiKey, TokenType::M2mToken, TokenType::OAuthToken, TokenType::SessionToken]
        .into_iter()
        .find(|kind| value == kind.as_str())
}

fn accepts(value: &Value) -> Option<AcceptsToken> {
    match value {
        Value::String(name) if name == "any" => Some(AcceptsToken::Any),
        Value::Array(names) => Some(names.iter().filter_map(kind).collect::<Vec<_>>().into()),
        Value::Null => Some(AcceptsToken::default()),
        name => kind(name).map(Into::into),
    }
}

/// The auth object if its token type is accepted, otherwise the signed-out object of the accepted type.
fn narrow(object: &Value, accepted: &Value) -> Value {
    let accepts = accepts(accepted).unwrap();
    let accepted = accepts == AcceptsToken::Any || kind(&object["tokenType"]).is_some_and(|kind| accepts.accepts(kind));
    if accepted {
        return object.clone();
    }
    match accepts {
        AcceptsToken::Only(TokenType::ApiKey) => {
            json!({"id": null, "subject": null, "scopes": null, "isAuthenticated": false, "tokenType": "api_key", "name": null, "claims": null, "userId": null, "orgId": null})
        }
        AcceptsToken::Only(TokenType::M2mToken) => {
            json!({"id": null, "subject": null, "scopes": null, "isAuthenticated": false, "tokenType": "m2m_token", "claims": null, "machineId": null})
        }
        AcceptsToken::Only(TokenType::OAuthToken) => {
            json!({"id": null, "subject": null, "scopes": null, "isAuthenticated": false, "tokenType": "oauth_token", "userId": null, "clientId": null})
        }
        AcceptsToken::Only(_) => {
            json!({"tokenType": "session_token", "sessionClaims": null, "sessionId": null, "sessionStatus": null, "userId": null, "actor": null, "orgId": null, "orgRole": null, "orgSlug": null, "orgPermissions": null, "factorVerificationAge": null, "isAuthenticated": false})
        }
        _ => json!({"isAuthenticated": false, "tokenType": null}),
    }
}

fn redirect(options: &Value, function: &Value, params: &Value) -> Result<Value, NoValue> {
    let mut redirects =
        Redirects::new().satellite(options["isSatellite"] == true).pending(options["sessionStatus"] == "pending");
    if let Ok(key) = text(&options["publishableKey"]).parse() {
        redirects = redirects.publishable_key(key);
    }
    let given = |name: &str| options[name].as_str().filter(|text| !text.is_empty());
    if let Some(url) = given("baseUrl") {
        redirects = redirects.base_url(url);
    }
    if let Some(url) = given("signInUrl") {
        redirects = redirects.sign_in_url(url);
    }
    if let Some(url) = given("signUpUrl") {
        redirects = redirects.sign_up_url(url);
    }
    if let Some(token) = given("devBrowserToken") {
        redirects = redirects.dev_browser(token);
    }
    let back = params["returnBackUrl"].as_str();
    let url = if function == "redirectToSignIn" { redirects.to_sign_in(back) } else { redirects.to_sign_up(back) };
    url.map(Into::into).map_err(|_| Error)
}
