//! The table of intended differences between Clerk's SDK and this project.

use clerk_core::token::DecodedToken;
use serde_json::Value;

use crate::{files::Vector, report::Difference};

/// An intended difference.
pub struct Row {
    pub name: &'static str,
    pub ours: &'static str,
    pub why: &'static str,
    /// Whether this row explains the differences of a vector.
    matches: fn(&Case<'_>) -> bool,
}

/// A vector whose result differs.
struct Case<'a> {
    vector: &'a Value,
    differences: &'a [Difference],
}

/// The row that explains the differences. A vector of an unknown function was not compared, so that no row explains it.
pub fn row_for(vector: &Vector, differences: &[Difference]) -> Option<&'static Row> {
    if differences.iter().any(Difference::is_unknown_function) {
        return None;
    }
    let case = Case { vector: &vector.0, differences };
    ROWS.iter().find(|row| (row.matches)(&case))
}

/// The page of the guide that lists the differences.
pub fn page() -> String {
    let mut page = String::from(PAGE_HEAD);
    for Row { name, ours, why, .. } in ROWS {
        page.push_str(&format!("| {name} | {ours} | {why} |\n"));
    }
    page
}

const PAGE_HEAD: &str = "\
# Differences from Clerk's own SDK

These crates decide as Clerk's `@clerk/backend` does, except in the cases below. Each of them is shown by at least one
request of the recording in the repository's folder `parity`, with which `cargo test` compares them.

| what | here | why |
|---|---|---|
";

impl Case<'_> {
    fn group(&self) -> &str {
        self.vector["group"].as_str().unwrap()
    }

    fn expected(&self, member: &str) -> &Value {
        &self.vector["expected"][member]
    }

    fn difference(&self, field: &str) -> Option<&Difference> {
        self.differences.iter().find(|difference| difference.field == field)
    }

    /// Our value of a member that differs.
    fn ours(&self, field: &str) -> Option<&str> {
        self.difference(field).map(|difference| difference.actual.trim_matches('"'))
    }

    fn all(&self, field: impl Fn(&Difference) -> bool) -> bool {
        self.differences.iter().all(field)
    }

    fn headers(&self, name: &str) -> Vec<&str> {
        let headers = self.vector["request"]["headers"].as_array().or(self.vector["args"][0]["headers"].as_array());
        let named = headers.into_iter().flatten().filter(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case(name));
        named.map(|pair| pair[1].as_str().unwrap()).collect()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let headers = self.headers("cookie").join("; ");
        clerk_core::adapter::parse_cookies(&headers)
            .into_iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    fn url(&self) -> &str {
        self.vector["request"]["url"].as_str().unwrap_or_default()
    }

    /// Whether the request has a parameter or cookie whose name begins in this way.
    fn names(&self, name: &str) -> bool {
        self.url().contains(name) || self.headers("cookie").iter().any(|cookies| cookies.contains(name))
    }

    fn is_production(&self) -> bool {
        let options = &self.vector["options"];
        let starts = |option: &str, prefix| options[option].as_str().is_some_and(|key| key.starts_with(prefix));
        let is_development = starts("publishableKey", "pk_test_")
            || (options["publishableKey"].is_null() && starts("secretKey", "sk_test_"));
        !is_development
    }

    /// The browser's count of redirects; infinite if it is written in another way than in decimal.
    fn redirect_count(&self) -> f64 {
        let count = self.cookie("__clerk_redirect_count").unwrap_or_default();
        let count = count.trim();
        count.parse().unwrap_or(if ["0x", "0b", "0o"].iter().any(|prefix| count.starts_with(prefix)) {
            f64::INFINITY
        } else {
            0.0
        })
    }

    /// Whether only headers differ, and they are equal without markers and without the headers of the SDK's handshake that
    /// we leave out.
    fn has_equal_headers_otherwise(&self) -> bool {
        let Some(headers) = self.difference("headers").filter(|_| self.differences.len() == 1) else { return false };
        let parse = |text: &str| -> Vec<[String; 2]> { serde_json::from_str(text).unwrap() };
        let (mut expected, mut ours) = (parse(&headers.expected), parse(&headers.actual));
        expected.retain(|[name, _]| !name.starts_with("access-control-"));
        ours.retain(|[_, value]| !value.starts_with("__clerk_redirect_count_page="));
        if ours.iter().all(|[name, _]| name != "location") && self.names("__clerk_handshake") {
            // The page at once.
            expected.retain(|[name, _]| name != "location" && name != "cache-control");
        }
        // The result of an earlier handshake does not belong into the address to return to.
        expected.iter_mut().for_each(|[_, value]| {
            *value = without_parameters(value, &["__clerk_handshake", "__clerk_handshake_nonce"])
        });
        ours.iter_mut().for_each(|[_, value]| *value = without_parameters(value, &["__clerk_redirected"]));
        expected == ours
    }

    /// The token that the SDK accepted.
    fn accepted(&self) -> Option<DecodedToken> {
        DecodedToken::decode(self.expected("token").as_str()?).ok()
    }

    /// The scripted responses of an endpoint.
    fn responses(&self, endpoint: &str) -> Vec<String> {
        match &self.vector["bapi"][endpoint] {
            Value::Null => Vec::new(),
            Value::Array(responses) => responses.iter().map(ToString::to_string).collect(),
            response => vec![response.to_string()],
        }
    }

    fn only_we_refuse(&self) -> bool {
        self.expected("status") == "signed-in" && self.ours("status").is_some_and(|status| status != "signed-in")
    }

    /// Whether we refuse the request, and a token of the request or of Clerk's responses satisfies the condition.
    fn stricter_about(&self, condition: impl Fn(&DecodedToken) -> bool) -> bool {
        let status = self.ours("status").or_else(|| self.expected("status").as_str());
        status.is_some_and(|status| status != "signed-in")
            && (self.tokens().iter().any(&condition) || self.accepted().is_some_and(|token| condition(&token)))
    }

    /// All tokens of the request and of Clerk's responses, including those inside a handshake.
    fn tokens(&self) -> Vec<DecodedToken> {
        let mut found = Vec::new();
        find_tokens(&self.vector["request"], &mut found);
        find_tokens(&self.vector["bapi"], &mut found);
        found
    }
}

/// The calls, with consecutive loads of the keys reduced to one.
fn merge_loads(calls: &str) -> Vec<Value> {
    let calls: Vec<Value> = serde_json::from_str(calls).unwrap();
    let mut kept: Vec<Value> = Vec::new();
    for call in calls {
        let load = call["url"].as_str().unwrap().split('?').next().unwrap().ends_with("/jwks");
        if !(load && kept.last() == Some(&call)) {
            kept.push(call);
        }
    }
    kept
}

/// An address without these parameters, in the address itself or in one in its query.
fn without_parameters(address: &str, names: &[&str]) -> String {
    let mut address = address.to_owned();
    for name in names {
        for (begin, ends) in [("%3F", &["&", "%26"][..]), ("%26", &["&", "%26"]), ("?", &["&"]), ("&", &["&"])] {
            let equals = if begin.starts_with('%') { "%3D" } else { "=" };
            if let Some(at) = address.find(&format!("{begin}{name}{equals}")) {
                let value = at + begin.len();
                let end = ends.iter().filter_map(|end| address[value..].find(end)).min();
                let end = end.map_or(address.len(), |end| value + end);
                let separator = if begin.starts_with('%') { "%26" } else { "&" };
                if begin.ends_with(['F', '?']) && address[end..].starts_with(separator) {
                    // The next parameter becomes the first.
                    address.replace_range(value..end + separator.len(), "");
                } else {
                    address.replace_range(at..end, "");
                }
            }
        }
    }
    address
}

/// Whether the calls are equal except for the headers of the request that a refresh sends on, of which we send fewer.
fn without_request_headers(difference: &Difference) -> bool {
    let parse = |text: &str| -> Vec<Value> { serde_json::from_str(text).unwrap() };
    let (mut expected, mut ours) = (parse(&difference.expected), parse(&difference.actual));
    let headers = |calls: &mut Vec<Value>| -> Vec<Value> {
        calls.iter_mut().filter_map(|call| Some(call.get_mut("body")?.get_mut("request_headers")?.take())).collect()
    };
    let (all, sent) = (headers(&mut expected), headers(&mut ours));
    let is_part = |(sent, all): (&Value, &Value)| {
        sent.as_object().is_some_and(|sent| {
            sent.iter().all(|(name, value)| all.get(name) == Some(value) && name != "cookie" && name != "authorization")
        })
    };
    expected == ours && sent.len() == all.len() && sent.iter().zip(&all).all(is_part)
}

/// Whether the calls of the Frontend API proxy are equal except for headers of the request that we do not send on.
fn without_dropped_headers(difference: &Difference) -> bool {
    const DROPPED: [&str; 6] =
        ["cf-connecting-ip", "clerk_secret_key", "expect", "true-client-ip", "x-client-ip", "x-real-ip"];
    let mut expected: Vec<Value> = serde_json::from_str(&difference.expected).unwrap();
    for call in &mut expected {
        call["headers"].as_object_mut().unwrap().retain(|name, value| {
            let is_address = || value.as_str().unwrap().parse::<std::net::IpAddr>().is_ok();
            !DROPPED.contains(&&**name) && (name != "x-forwarded-for" || is_address())
        });
    }
    expected == serde_json::from_str::<Vec<Value>>(&difference.actual).unwrap()
}

fn is_outgoing(difference: &Difference) -> bool {
    difference.field == "outgoing" || difference.field.ends_with(": outgoing")
}

fn only_retries(difference: &Difference) -> bool {
    is_outgoing(difference) && merge_loads(&difference.expected) == merge_loads(&difference.actual)
}

fn find_tokens(json: &Value, found: &mut Vec<DecodedToken>) {
    match json {
        Value::String(text) => {
            let parts = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
            for token in parts.filter_map(|part| DecodedToken::decode(part).ok()) {
                find_tokens(&token.payload()["handshake"], found);
                found.push(token);
            }
        }
        Value::Array(list) => list.iter().for_each(|item| find_tokens(item, found)),
        Value::Object(members) => members.values().for_each(|item| find_tokens(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a claim is out of the range of JavaScript's dates.
fn is_out_of_range(claim: &Value) -> bool {
    claim.as_f64().is_some_and(|seconds| seconds.abs() > 8.64e12)
}

/// Whether a value is an id that can be part of a path.
fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty() && !text.contains(['?', '#']))
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn is_proxied(case: &Case<'_>) -> bool {
    case.group() == "frontend-api-proxy"
}

pub const ROWS: &[Row] = &[
    Row {
        name: "behaviour of JavaScript: inherited members, invalid dates",
        ours: "inherited members are not keys, and dates out of range are invalid",
        why: "in JavaScript every object inherits some names, and a date after the year 275760 compares as neither earlier nor later; both are accidents",
        matches: |case| {
            let dates = ["exp", "iat", "nbf"];
            case.vector["quirk"] == true
                || case.stricter_about(|token| dates.iter().any(|claim| is_out_of_range(&token.payload()[*claim])))
        },
    },
    Row {
        name: "exceptions of JavaScript",
        ours: "malformed values are refused or ignored; no request causes an exception",
        why: "the SDK throws if a header or payload is `null`, a scope is not a string, or a feature has no colon",
        matches: |case| {
            let thrown = [
                "Cannot destructure",
                "Cannot read properties",
                "is not a function",
                "Invalid claim element",
                "is not iterable",
            ];
            let texts = [case.expected("error"), case.expected("auth_error")];
            let threw = texts
                .iter()
                .any(|text| text.as_str().is_some_and(|text| thrown.iter().any(|part| text.contains(part))));
            // A recording has no words, but the class of the exception; an invalid URL has a code, too.
            let classes = ["error_name", "auth_error_name"].map(|name| case.expected(name));
            let threw = threw
                || (classes.iter().any(|class| *class == "TypeError") && case.expected("error_code").is_null())
                || !case.expected("auth_error_name").is_null();
            // If all responses are good, or a feature has no colon, this reason stands for an exception.
            let caught = case.expected("reason") == "unexpected-error"
                && (case.vector["bapi"].as_object().is_none_or(|responses| responses.is_empty())
                    || case.tokens().iter().any(|token| {
                        let features = &token.payload()["fea"];
                        features
                            .as_str()
                            .map_or(!features.is_null(), |list| !list.split(',').all(|entry| entry.contains(':')))
                    }));
            let unreadable = case.group() == "handshake"
                && (case.vector["id"].as_str().unwrap().contains("header-null")
                    || case.responses("handshake_payload").iter().any(|response| {
                        response.contains("directives_string") || response.contains(r#""directives":""#)
                    }));
            let undefined =
                case.vector["fn"] == "reverificationError" && case.vector["args"].as_array().is_some_and(Vec::is_empty);
            threw || caught || unreadable || undefined
        },
    },
    Row {
        name: "scheme case and spacing",
        ours: "`bearer` and `BEARER` are accepted, and several spaces may follow",
        why: "RFC 9110, section 11.1: schemes are case-insensitive; a proxy may write them in any case",
        matches: |case| {
            case.headers("authorization").iter().any(|value| {
                let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value, "x"));
                scheme.eq_ignore_ascii_case("bearer") && (scheme != "Bearer" || rest.starts_with(' '))
            })
        },
    },
    Row {
        name: "a session token without sid",
        ours: "refused, like a token with an empty user id",
        why: "a token without a session or a user is not a session token; otherwise a token of a JWT template without a category would be accepted",
        matches: |case| {
            case.expected("tokenType") == "session_token"
                && case.stricter_about(|token| {
                    let payload = token.payload();
                    payload.get("handshake").is_none() && !(is_id(&payload["sid"]) && is_text(&payload["sub"]))
                })
        },
    },
    Row {
        name: "a token with padding",
        ours: "refused",
        why: "RFC 7515, section 2: a token has no padding; with it one token has any number of spellings, and each would take a place of the cache",
        matches: |case| {
            let tokens = [case.headers("authorization").concat(), case.cookie("__session").unwrap_or_default()];
            let is_padded = tokens.iter().any(|token| token.split('.').count() == 3 && token.contains('='));
            is_padded && (case.only_we_refuse() || case.ours("reason") == Some("token-invalid"))
        },
    },
    Row {
        name: "machine tokens and handshake nonces that Clerk cannot have issued",
        ours: "refused without a call: after its prefix a token has 1 to 512 letters, digits, `-` and `_`, and a nonce likewise",
        why: "anyone can send such a text, and the Backend API would be called for each",
        matches: |case| {
            let is_issued = |text: &str| {
                (1..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
            };
            // The SDK joins repeated headers, and reads the word after the first space.
            let headers = case.headers("authorization").join(", ");
            let opaque = ["ak_", "mt_", "oat_"]
                .iter()
                .find_map(|prefix| headers.split(' ').find_map(|word| word.strip_prefix(prefix)));
            let url = case.vector["request"]["url"].as_str().unwrap_or_default();
            let nonce =
                url.split("__clerk_handshake_nonce=").nth(1).map(|rest| rest.split('&').next().unwrap_or_default());
            opaque.is_some_and(|text| !is_issued(text))
                || nonce.is_some_and(|text| !text.is_empty() && !is_issued(text))
        },
    },
    Row {
        name: "crit",
        ours: "refused with any value",
        why: "RFC 7515, section 4.1.11: unsupported extensions must be refused, and we support none",
        matches: |case| case.stricter_about(|token| token.header().get("crit").is_some()),
    },
    Row {
        name: "limits on token size, cookie count and JSON nesting",
        ours: "a token above 16 KiB is refused before anything is decoded",
        why: "browsers store no cookie above 4 KiB, and a client must not be able to cause unlimited work",
        matches: |case| {
            case.only_we_refuse() && case.expected("token").as_str().is_some_and(|token| token.len() > 16 * 1024)
        },
    },
    Row {
        name: "cat checked also after refresh and handshake",
        ours: "a token of a template is never a session, wherever it comes from",
        why: "the SDK checks the category of tokens in a request, but not of tokens from a handshake or a refresh",
        matches: |case| {
            case.difference("token").is_some()
                && case.accepted().is_some_and(|token| {
                    let category = &token.header()["cat"];
                    !(category.is_null() || *category == "cl_B7d4PD111AAA" || *category == "cl_I7d4PD111III")
                })
        },
    },
    Row {
        name: "issuer strictness",
        ours: "the configured issuers apply to machine tokens, too",
        why: "the SDK ignores the option for them; a machine token of another instance is as foreign as a session token",
        matches: |case| {
            case.only_we_refuse()
                && case.expected("tokenType") != "session_token"
                && !case.vector["options"]["issuer"].is_null()
        },
    },
    Row {
        name: "responses about machine tokens that are revoked, expired or empty",
        ours: "refused",
        why: "the SDK ignores both flags, and accepts a response without a token",
        matches: |case| {
            case.only_we_refuse()
                && case.expected("tokenType") != "session_token"
                && case.accepted().is_none()
                && matches!(case.ours("reason"), Some("token-invalid" | "unexpected-error"))
        },
    },
    Row {
        name: "content type with a charset",
        ours: "a JSON body is parsed with any content type",
        why: "the SDK accepts only `application/json`, and reads `application/json; charset=utf-8` as text",
        matches: |case| {
            ["m2m_verify", "oauth_verify", "api_key_verify", "refresh", "handshake_payload"]
                .into_iter()
                .any(|endpoint| case.responses(endpoint).iter().any(|response| response.contains("charset")))
        },
    },
    Row {
        name: "retries of a JWKS load",
        ours: "three attempts, or one if a repetition cannot help (401, 403, 404, not JSON) or must wait (`Retry-After`)",
        why: "the SDK tries five times after every failure; a wrong secret key stays wrong",
        matches: |case| {
            let given_up = case.responses("jwks").first().is_some_and(|first| {
                ["unauthorized", "forbidden", "401", "not_found", "not_json", "rate_limited"]
                    .iter()
                    .any(|part| first.contains(part))
            }) && case.only_we_refuse();
            // The SDK may hear in its fourth or fifth attempt that the secret key is wrong.
            let ended_early = case.responses("jwks").len() > 3
                && matches!(case.ours("reason"), Some("jwk-remote-failed-to-load" | "unexpected-error"));
            case.all(only_retries) || given_up || ended_early
        },
    },
    Row {
        name: "a JWKS load replaces all keys, and belongs to one `Clerk`",
        ours: "a key that is no longer listed is refused at once; two `Clerk`s never share keys",
        why: "the SDK adds new keys to the old ones until all of them expire, and shares them by secret key; Clerk removes a key for a reason",
        matches: |case| {
            case.group() == "sequence"
                && case.all(|difference| {
                    let (_, field) = difference.field.split_once(": ").unwrap();
                    match field {
                        "reason" => difference.actual.contains("jwk-kid-mismatch"),
                        "status" => difference.actual.contains("signed-out"),
                        "outgoing" => merge_loads(&difference.actual).len() > merge_loads(&difference.expected).len(),
                        _ => false,
                    }
                })
        },
    },
    Row {
        name: "infrastructure failures are distinguished from invalid tokens",
        ours: "503: the handshake token cannot be verified at the moment",
        why: "the SDK throws in development, and in production it continues as if there were no handshake",
        matches: |case| {
            let ours = case.ours("reason").or_else(|| case.ours("threw")).unwrap_or_default();
            matches!(case.group(), "handshake" | "refresh")
                && !case.responses("jwks").is_empty()
                && ["secret-key-invalid", "jwk-remote-failed-to-load", "unexpected-error"]
                    .iter()
                    .any(|reason| ours.contains(reason))
        },
    },
    Row {
        name: "a JWKS in which no key has an id",
        ours: "counts as a failed load, like an empty one",
        why: "no token can be verified with it, and 401 would say that the tokens are wrong",
        matches: |case| case.responses("jwks").iter().any(|response| response.contains("without_kid")),
    },
    Row {
        name: "the `object` of a response about a machine token",
        ours: "not read: the endpoint says what the response is",
        why: "the SDK makes another kind of object, or one without some members, and still calls the request signed in",
        matches: |case| {
            case.group() == "machine-opaque"
                && case.vector["id"].as_str().unwrap().ends_with("-object")
                && case.expected("status") == "signed-in"
        },
    },
    Row {
        name: "an empty list of paths for personal accounts",
        ours: "matches no path",
        why: "in the SDK it matches every path, so that each page would leave the organization",
        matches: |case| {
            let patterns = &case.vector["options"]["organizationSyncOptions"]["personalAccountPatterns"];
            patterns.as_array().is_some_and(Vec::is_empty)
        },
    },
    Row {
        name: "request targets that are no path",
        ours: "the server refuses what is no URI, and a target never causes an exception",
        why: "the SDK's adapters resolve any text against an address; a fragment never reaches a server",
        matches: |case| {
            let target = case.vector["request"]["target"].as_str();
            let threw = !case.expected("error").is_null();
            target.is_some_and(|target| threw || !target.starts_with('/') || target.contains(['#', '<']))
        },
    },
    Row {
        name: "a webhook signing secret of less than 24 bytes",
        ours: "refused when it is parsed",
        why: "Standard Webhooks requires 24 bytes; a shorter secret could be guessed",
        matches: |case| case.group() == "webhook" && case.ours("value").is_some_and(|ours| ours.contains("too short")),
    },
    Row {
        name: "invalid configuration is distinguished from invalid tokens",
        ours: "refused when the `Clerk` is built, with an error that names the remedy",
        why: "the SDK accepts it, and then refuses every token or redirects browsers to an invalid URL",
        matches: |case| case.all(|difference| difference.actual.contains("refused when built")),
    },
    Row {
        name: "a proxy URL whose scheme is in upper case",
        ours: "accepted as a URL",
        why: "the SDK adds https:// in front of it",
        matches: |case| case.vector["options"]["proxyUrl"].as_str().is_some_and(|url| url.starts_with("HTTP")),
    },
    Row {
        name: "a handshake's nonce that is used, unknown or cannot be looked up",
        ours: "a used or unknown one is ignored; without an answer of Clerk's 503, because the nonce is still good",
        why: "the SDK signs the user out in both cases, also beside a good session; an error of Clerk's must not do that",
        matches: |case| {
            let responses = case.responses("handshake_payload");
            case.names("__clerk_handshake_nonce")
                && !responses.iter().any(|response| response.contains(r#""directives":["#) && response.contains("200"))
        },
    },
    Row {
        name: "a handshake in the query, in production",
        ours: "ignored, unless the browser was sent to a handshake within the last seconds",
        why: "in production Clerk answers with a cookie; a link on another site must not sign a user in or out",
        matches: |case| {
            let url = case.url();
            case.is_production() && url.contains("__clerk_handshake") && case.redirect_count() == 0.0
        },
    },
    Row {
        name: "dates and issuer of a handshake token",
        ours: "checked where they are present: a token that is expired, older than five minutes or of another instance is ignored",
        why: "the SDK accepts one that is a year old; a browser returns at once, so an old one is a replay",
        matches: |case| {
            case.group() == "handshake"
                && case.tokens().iter().any(|token| {
                    let payload = token.payload();
                    payload.get("handshake").is_some()
                        && ["exp", "iat", "nbf", "iss"].iter().any(|claim| payload.get(*claim).is_some())
                })
        },
    },
    Row {
        name: "a handshake token that cannot be verified, in development",
        ours: "ignored, as in production; the log says so once a minute",
        why: "the SDK throws, so that any link shows an error page and writes to the log",
        matches: |case| case.names("__clerk_handshake") && !case.is_production() && !case.expected("error").is_null(),
    },
    Row {
        name: "an invalid address in `__clerk_redirect_url`",
        ours: "ignored",
        why: "the SDK throws; a stranger can write a link with one",
        matches: |case| case.url().contains("__clerk_redirect_url=") && !case.expected("error").is_null(),
    },
    Row {
        name: "the limit of redirects is for a navigation",
        ours: "a browser whose count is 3 is redirected once more, with a marker in the address that it returns to, and then never again",
        why: "the count is that of a browser: the fourth of several restored tabs is signed out by the SDK; a cookie that any client can send must not stop a redirect",
        matches: |case| {
            // A very large count is cut off.
            let is_cut = case.redirect_count() > 1000.0 && case.difference("headers").is_some();
            (case.redirect_count() >= 3.0 && case.ours("status") == Some("handshake")) || is_cut
        },
    },
    Row {
        name: "addresses of repeated redirects have a marker",
        ours: "`__clerk_redirected` in the address to return to, or the cookie `__clerk_redirect_count_page`; the rest is equal",
        why: "only so a navigation's own returns can be told from another tab's first request, and from a client that keeps no cookies",
        matches: |case| {
            case.difference("headers").is_some_and(|headers| {
                headers.actual.contains("__clerk_redirected") || headers.actual.contains("__clerk_redirect_count_page")
            }) && case.has_equal_headers_otherwise()
        },
    },
    Row {
        name: "a client that returns from a handshake without any cookie, in development",
        ours: "gets the page at once",
        why: "the SDK redirects it to the page without the nonce, where it comes as a stranger, and so on without an end",
        matches: |case| {
            case.names("__clerk_handshake")
                && !case.is_production()
                && case.headers("cookie").iter().all(|cookies| !cookies.contains("__"))
                && case.has_equal_headers_otherwise()
        },
    },
    Row {
        name: "CORS headers of a handshake",
        ours: "none",
        why: "a document needs none; the SDK answers every request with a nonce with `access-control-allow-origin: null` and credentials, beside the application's own header",
        matches: |case| case.has_equal_headers_otherwise(),
    },
    Row {
        name: "a token without azp where parties are configured",
        ours: "a reason of its own, and a document asks Clerk once for another token",
        why: "Clerk mints such tokens while a browser loads a page; to say that the token is another site's is wrong",
        matches: |case| {
            case.expected("reason") == "token-invalid-authorized-parties"
                && case.ours("reason") == Some("token-without-authorized-party")
        },
    },
    Row {
        name: "a refresh that Clerk does not answer",
        ours: "503, where a handshake cannot ask again",
        why: "the SDK signs the user out; an error of Clerk's must not do that",
        matches: |case| {
            let reason = case.expected("reason").as_str().unwrap_or_default();
            case.expected("status") == "signed-out"
                && reason.starts_with("session-token-expired-refresh-")
                && ["unexpected-error", "secret-key-invalid"].contains(&case.ours("reason").unwrap_or_default())
        },
    },
    Row {
        name: "the credential that a refresh renews",
        ours: "the one that has expired, as the same session; its id must be one segment of a path",
        why: "with an expired header the SDK renews the cookie's session, and so signs in another user, and it puts the unsigned id of that cookie into the path",
        matches: |case| {
            let has_both = !case.headers("authorization").is_empty() && case.cookie("__session").is_some();
            let sids = case.tokens().into_iter().filter_map(|token| token.payload()["sid"].as_str().map(str::to_owned));
            let sids: std::collections::BTreeSet<String> = sids.collect();
            !case.responses("refresh").is_empty()
                && (has_both || sids.len() > 1 || sids.iter().any(|sid| sid.contains('/')))
        },
    },
    Row {
        name: "headers that Clerk gets with a refresh",
        ours: "those that describe the device",
        why: "the SDK sends all of them, also `cookie` and `authorization`",
        matches: |case| case.all(|difference| is_outgoing(difference) && without_request_headers(difference)),
    },
    Row {
        name: "X-Forwarded-Port, X-Forwarded-Prefix, Forwarded, empty forwarding headers, and requests without `Host`",
        ours: "read where forwarding is trusted; an empty one counts as missing; without `Host`, as in HTTP/2, the target has the host",
        why: "the SDK ignores them, and throws the scheme away if the host is empty, so that a handshake returns to a wrong address",
        matches: |case| {
            let present = |name| !case.headers(name).is_empty();
            let is_empty = |name| {
                case.headers(name).iter().any(|value| value.split(',').next().unwrap_or_default().trim().is_empty())
            };
            present("x-forwarded-port")
                || present("x-forwarded-prefix")
                || present("forwarded")
                || is_empty("x-forwarded-host")
                || is_empty("x-forwarded-proto")
                // Over HTTP/2 the host is in the target.
                || (present("x-forwarded-proto") && !present("host"))
        },
    },
    Row {
        name: "`//host` paths, and redirect URLs that are not HTTP",
        ours: "the host of the request is kept, and no browser is redirected to `javascript:`",
        why: "a link must not choose the host that a browser returns to, nor run a script there",
        matches: |case| {
            let url = case.vector["request"]["url"]
                .as_str()
                .or_else(|| case.vector["args"][0]["url"].as_str())
                .unwrap_or_default();
            let target = case.vector["request"]["target"].as_str().and_then(|target| target.strip_prefix('/'));
            let path = target.unwrap_or_else(|| url.splitn(4, '/').nth(3).unwrap_or_default());
            let target = url.split("__clerk_redirect_url=").nth(1).unwrap_or("http");
            path.starts_with('/') || path.starts_with('\\') || !target.starts_with("http")
        },
    },
    Row {
        name: "a feature or a plan without a name",
        ours: "such a policy cannot be built",
        why: "it is a mistake in the application, and the SDK accepts every session whose claim has an empty entry",
        matches: |case| {
            case.all(|difference| {
                difference.field == r#"has({"feature":""})"# || difference.field == r#"has({"plan":""})"#
            })
        },
    },
    Row {
        name: "feature-permission masks",
        ours: "positions are counted over all of `fea`, like in the documentation and in four SDKs",
        why: "the JavaScript SDK counts only the organization's features, and so grants other permissions if a user's feature comes first",
        matches: |case| {
            let features = case.accepted().map(|token| token.payload()["fea"].as_str().unwrap_or_default().to_owned());
            features.is_some_and(|list| {
                list.split(',').any(|entry| {
                    let (scope, _) = entry.split_once(':').unwrap_or((entry, ""));
                    !scope.contains('o')
                })
            }) && case
                .all(|difference| difference.field == "auth.orgPermissions" || difference.field.starts_with("has("))
        },
    },
    Row {
        name: "content type of the reverification response",
        ours: "application/json",
        why: "it is JSON; the SDK leaves the default, plain text, and clerk-js reads both",
        matches: |case| case.vector["fn"] == "reverificationErrorResponse",
    },
    Row {
        name: "a PEM in CLERK_JWT_KEY whose line breaks are written as `\\n`, or whose label is `RSA PUBLIC KEY`",
        ours: "is read",
        why: "environment files and container settings often have it so, and it can mean nothing else",
        matches: |case| {
            case.group() == "keys"
                && case.vector["options"]["jwtKey"]
                    .as_str()
                    .is_some_and(|key| key.contains("\\n") || key.contains("RSA PUBLIC KEY"))
        },
    },
    Row {
        name: "the `object` of a webhook's envelope",
        ours: "stays as it was sent",
        why: "the SDK overwrites it with `event`, which hides what was signed",
        matches: |case| {
            let body = case.vector["request"]["body"].as_str().unwrap_or_default();
            case.group() == "webhook"
                && serde_json::from_str::<Value>(body)
                    .is_ok_and(|body| body["object"].as_str().is_some_and(|object| object != "event"))
        },
    },
    Row {
        name: "a webhook's timestamp that is not a number",
        ours: "refused",
        why: "the SDK ignores the text after the digits; Clerk sends only digits, and the signature should cover the sent value",
        matches: |case| {
            let timestamp = case.headers("svix-timestamp").concat();
            case.group() == "webhook" && timestamp.trim().bytes().any(|byte| !byte.is_ascii_digit())
        },
    },
    Row {
        name: "a signed webhook that is not a JSON object",
        ours: "refused when the event is parsed",
        why: "it contains no event; the SDK returns an empty one",
        matches: |case| {
            let body = case.vector["request"]["body"].as_str().unwrap_or_default();
            case.group() == "webhook" && serde_json::from_str::<Value>(body).is_ok_and(|value| !value.is_object())
        },
    },
    Row {
        name: "a webhook with a byte order mark that was not signed",
        ours: "refused",
        why: "the signature covers the raw body; the SDK decodes it as text first, which removes the mark",
        matches: |case| {
            let body = case.vector["request"]["body"].as_str().unwrap_or_default();
            case.group() == "webhook" && body.starts_with('\u{feff}')
        },
    },
    Row {
        name: "webhooks under the header names of Standard Webhooks",
        ours: "accepted like Svix's names, which are preferred if both are complete",
        why: "the signature is the same, and a service that forwards webhooks may use these names",
        matches: |case| {
            let present = |name: String| case.headers(&name).iter().any(|value| !value.trim().is_empty());
            let complete =
                |family: &str| ["id", "timestamp", "signature"].iter().all(|name| present(format!("{family}-{name}")));
            case.group() == "webhook" && !complete("svix") && complete("webhook")
        },
    },
    Row {
        name: "a webhook's timestamp or id in an unusual form",
        ours: "refused: a timestamp must be digits without a leading zero; an id must be visible ASCII without a dot",
        why: "the SDK verifies the parsed number instead of the sent text, and dots separate the signed parts",
        matches: |case| {
            case.group() == "webhook" && case.ours("value").is_some_and(|ours| ours.contains("is malformed"))
        },
    },
    Row {
        name: "ambiguous paths below the proxy of the Frontend API",
        ours: "400: encoded slashes, dots and backslashes, two slashes and broken percent signs are not forwarded",
        why: "two servers may read them as two paths, and the call has the secret key",
        matches: |case| is_proxied(case) && case.ours("code") == Some("proxy_path_mismatch"),
    },
    Row {
        name: "headers that the proxy of the Frontend API does not send on",
        ours: "others' claims about the client's address, names with an underscore that stand for reserved ones, `Expect`",
        why: "Clerk must not take a client's claim for the address that the proxy knows; some servers read an underscore as a hyphen",
        matches: |case| {
            is_proxied(case) && case.all(|difference| is_outgoing(difference) && without_dropped_headers(difference))
        },
    },
    Row {
        name: "the proxy URL that Clerk gets",
        ours: "has the origin that authentication has: `X-Forwarded-Host` counts alone, and `Host` counts",
        why: "the SDK reads the headers in two ways: its proxy needs both forwarding headers",
        matches: |case| {
            is_proxied(case)
                && case.all(is_outgoing)
                && (!case.headers("host").is_empty() || !case.headers("x-forwarded-host").is_empty())
        },
    },
    Row {
        name: "response headers of the Frontend API that the proxy drops",
        ours: "`Alt-Svc`, and any header with the secret key",
        why: "`Alt-Svc` names ports of another host; the key must not reach a browser",
        matches: |case| {
            is_proxied(case)
                && case.all(|difference| difference.field == "headers")
                && case.all(|difference| {
                    let pairs = |text: &str| -> Vec<[String; 2]> { serde_json::from_str(text).unwrap() };
                    let secret = case.vector["options"]["secretKey"].as_str().unwrap();
                    let mut expected = pairs(&difference.expected);
                    expected.retain(|[name, value]| name != "alt-svc" && !value.contains(secret));
                    expected == pairs(&difference.actual)
                })
        },
    },
    Row {
        name: "relative redirects of the Frontend API",
        ours: "relative to the address that was called",
        why: "RFC 9110, section 10.2.2; the SDK resolves them against the root",
        matches: |case| {
            let mut headers = case.vector["fapi"]["headers"].as_array().into_iter().flatten();
            is_proxied(case)
                && case.difference("headers").is_some()
                && headers.any(|pair| pair[0] == "location" && !pair[1].as_str().unwrap().contains('/'))
        },
    },
];
