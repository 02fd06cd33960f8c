//! The table of deliberate differences.

use clerk_core::token::DecodedToken;
use serde_json::Value;

use crate::{files::Vector, report::Difference};

/// What we do differently, and why.
pub struct Row {
    pub name: &'static str,
    pub ours: &'static str,
    pub why: &'static str,
    /// Whether the vectors that the table was reviewed against hold such a case.
    pub met: bool,
    /// Whether all of a vector's differences are this one.
    matches: fn(&Case<'_>) -> bool,
}

/// A vector that was decided differently.
struct Case<'a> {
    vector: &'a Value,
    differences: &'a [Difference],
}

pub fn row_for(vector: &Vector, differences: &[Difference]) -> Option<&'static Row> {
    let case = Case { vector: &vector.0, differences };
    ROWS.iter().find(|row| (row.matches)(&case))
}

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

    /// Our side of a member that differs.
    fn ours(&self, field: &str) -> Option<&str> {
        self.difference(field).map(|difference| difference.actual.trim_matches('"'))
    }

    fn all(&self, field: impl Fn(&Difference) -> bool) -> bool {
        self.differences.iter().all(field)
    }

    fn headers(&self, name: &str) -> Vec<&str> {
        let headers = self.vector["request"]["headers"].as_array();
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

    /// The token that the SDK accepted.
    fn accepted(&self) -> Option<DecodedToken> {
        DecodedToken::decode(self.expected("token").as_str()?).ok()
    }

    /// The names, or the statuses, of what an endpoint answers.
    fn answers(&self, endpoint: &str) -> Vec<String> {
        match &self.vector["bapi"][endpoint] {
            Value::Null => Vec::new(),
            Value::Array(answers) => answers.iter().map(ToString::to_string).collect(),
            answer => vec![answer.to_string()],
        }
    }

    fn refused_ours(&self) -> bool {
        self.expected("status") == "signed-in" && self.ours("status").is_some_and(|status| status != "signed-in")
    }

    /// Whether one of the tokens that the request carries, or that Clerk's answers bring, is such a one, and we let
    /// nobody in.
    fn stricter_about(&self, such: impl Fn(&DecodedToken) -> bool) -> bool {
        let status = self.ours("status").or_else(|| self.expected("status").as_str());
        status.is_some_and(|status| status != "signed-in")
            && (self.tokens().iter().any(&such) || self.accepted().is_some_and(|token| such(&token)))
    }

    /// Every token of the request and of Clerk's answers, also those that a handshake brings.
    fn tokens(&self) -> Vec<DecodedToken> {
        let mut found = Vec::new();
        tokens_in(&self.vector["request"], &mut found);
        tokens_in(&self.vector["bapi"], &mut found);
        found
    }
}

/// A sequence of calls in which loads of the keys that follow each other count once.
fn loads_once(calls: &str) -> Vec<Value> {
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

fn is_outgoing(difference: &Difference) -> bool {
    difference.field == "outgoing" || difference.field.ends_with(": outgoing")
}

fn only_retries(difference: &Difference) -> bool {
    is_outgoing(difference) && loads_once(&difference.expected) == loads_once(&difference.actual)
}

fn tokens_in(json: &Value, found: &mut Vec<DecodedToken>) {
    match json {
        Value::String(text) => {
            let parts = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
            for token in parts.filter_map(|part| DecodedToken::decode(part).ok()) {
                tokens_in(&token.payload()["handshake"], found);
                found.push(token);
            }
        }
        Value::Array(list) => list.iter().for_each(|item| tokens_in(item, found)),
        Value::Object(members) => members.values().for_each(|item| tokens_in(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A date that the SDK's language cannot hold.
fn is_no_date(claim: &Value) -> bool {
    claim.as_f64().is_some_and(|seconds| seconds.abs() > 8.64e12)
}

/// An id that stands for itself in a path.
fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty() && !text.contains(['?', '#']))
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

pub const ROWS: &[Row] = &[
    Row {
        name: "quirks of the language that the SDK is written in",
        ours: "inherited members are no keys, and dates out of range are no dates",
        why: "a name that every object inherits resolves in a plain object, and a date beyond the year 275760 compares as neither earlier nor later; neither says anything about a token",
        met: true,
        matches: |case| {
            let dates = ["exp", "iat", "nbf"];
            case.vector["quirk"] == true
                || case.stricter_about(|token| dates.iter().any(|claim| is_no_date(&token.payload()[*claim])))
        },
    },
    Row {
        name: "exceptions of the language that the SDK is written in",
        ours: "what is malformed is refused or ignored like anything malformed, and nothing is thrown",
        why: "a header or payload that is `null`, a scope that is no text or a list of features without its colons make the SDK throw where it reads a member; nothing that a request holds may do that here",
        met: true,
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
            // With every answer good, or features that cannot be split, that reason stands for an exception.
            let caught = case.expected("reason") == "unexpected-error"
                && (case.vector["bapi"].as_object().is_none_or(|answers| answers.is_empty())
                    || case.tokens().iter().any(|token| {
                        let features = &token.payload()["fea"];
                        features
                            .as_str()
                            .map_or(!features.is_null(), |list| !list.split(',').all(|entry| entry.contains(':')))
                    }));
            let unreadable = case.group() == "handshake"
                && (case.vector["id"].as_str().unwrap().contains("header-null")
                    || case
                        .answers("handshake_payload")
                        .iter()
                        .any(|answer| answer.contains("directives_string") || answer.contains(r#""directives":""#)));
            let undefined =
                case.vector["fn"] == "reverificationError" && case.vector["args"].as_array().is_some_and(Vec::is_empty);
            threw || caught || unreadable || undefined
        },
    },
    Row {
        name: "scheme case and spacing",
        ours: "`bearer` and `BEARER` are Bearer, and several blanks may follow",
        why: "RFC 9110, section 11.1: schemes are case-insensitive; a service in front of us may write them as it likes",
        met: true,
        matches: |case| {
            case.headers("authorization").iter().any(|value| {
                let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value, "x"));
                scheme.eq_ignore_ascii_case("bearer") && (scheme != "Bearer" || rest.starts_with(' '))
            })
        },
    },
    Row {
        name: "a session token without sid",
        ours: "refused, as is one with an empty user id",
        why: "a token that names no session, or nobody, is none of a session: a JWT template without a category would pass for one",
        met: true,
        matches: |case| {
            case.expected("tokenType") == "session_token"
                && case.stricter_about(|token| {
                    let payload = token.payload();
                    payload.get("handshake").is_none() && !(is_id(&payload["sid"]) && is_text(&payload["sub"]))
                })
        },
    },
    Row {
        name: "crit",
        ours: "refused, whatever it names",
        why: "RFC 7515, section 4.1.11: an extension that is not understood must be refused, and we understand none",
        met: true,
        matches: |case| case.stricter_about(|token| token.header().get("crit").is_some()),
    },
    Row {
        name: "limits on token size, cookie count and JSON nesting",
        ours: "a token above 16 KiB is refused before anything is decoded",
        why: "browsers hold no cookie above 4 KiB, and work must not grow with what a stranger sends",
        met: false,
        matches: |case| {
            case.refused_ours() && case.expected("token").as_str().is_some_and(|token| token.len() > 16 * 1024)
        },
    },
    Row {
        name: "cat checked also after refresh and handshake",
        ours: "a template's token is no session, whichever way it came",
        why: "the SDK checks the category of what a request carries, but not of what a handshake or a refresh brings",
        met: true,
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
        ours: "configured issuers count for machines' tokens too",
        why: "the SDK ignores the option for them; a machine's token of another instance is as foreign as a browser's",
        met: true,
        matches: |case| {
            case.refused_ours()
                && case.expected("tokenType") != "session_token"
                && !case.vector["options"]["issuer"].is_null()
        },
    },
    Row {
        name: "revoked, expired and empty machine-token answers",
        ours: "refused",
        why: "the SDK looks at neither flag, and takes an answer without a token for a good one",
        met: true,
        matches: |case| {
            case.refused_ours()
                && case.expected("tokenType") != "session_token"
                && case.accepted().is_none()
                && matches!(case.ours("reason"), Some("token-invalid" | "unexpected-error"))
        },
    },
    Row {
        name: "content type with a charset",
        ours: "a body is read as JSON if it is JSON",
        why: "the SDK compares the header to the letter, and reads `application/json; charset=utf-8` as text",
        met: true,
        matches: |case| {
            ["m2m_verify", "oauth_verify", "api_key_verify", "refresh", "handshake_payload"]
                .into_iter()
                .any(|endpoint| case.answers(endpoint).iter().any(|answer| answer.contains("charset")))
        },
    },
    Row {
        name: "retries of a JWKS load",
        ours: "three attempts, and one where the answer will not change by itself (401, 403, 404, no JSON)",
        why: "the SDK tries five times whatever the answer was; a wrong secret key stays wrong",
        met: true,
        matches: |case| {
            let given_up = case.answers("jwks").first().is_some_and(|first| {
                first.contains("unauthorized") || first.contains("forbidden") || first.contains("401")
            }) && case.refused_ours();
            case.all(only_retries) || given_up
        },
    },
    Row {
        name: "what a JWKS load brings replaces the keys, and belongs to one instance",
        ours: "a key that is no longer listed is refused at once; two instances never share keys",
        why: "the SDK adds new keys to the old ones until all of them expire, and shares them by secret key; a removed key is removed for a reason",
        met: true,
        matches: |case| {
            case.group() == "sequence"
                && case.all(|difference| {
                    let (_, field) = difference.field.split_once(": ").unwrap();
                    match field {
                        "reason" => difference.actual.contains("jwk-kid-mismatch"),
                        "status" => difference.actual.contains("signed-out"),
                        "outgoing" => loads_once(&difference.actual).len() > loads_once(&difference.expected).len(),
                        _ => false,
                    }
                })
        },
    },
    Row {
        name: "infrastructure failure told apart from a bad token",
        ours: "503: nobody can tell whether the handshake is Clerk's",
        why: "the SDK throws in development, and in production goes on as if the browser had not come back from a handshake",
        met: true,
        matches: |case| {
            let ours = case.ours("reason").or_else(|| case.ours("threw")).unwrap_or_default();
            matches!(case.group(), "handshake" | "refresh")
                && !case.answers("jwks").is_empty()
                && ["secret-key-invalid", "jwk-remote-failed-to-load", "unexpected-error"]
                    .iter()
                    .any(|reason| ours.contains(reason))
        },
    },
    Row {
        name: "broken configuration told apart from a bad token",
        ours: "refused when the Clerk is built, with a text that says what to fix",
        why: "the SDK starts with it, and then refuses every token or sends browsers to an address that is none",
        met: true,
        matches: |case| case.all(|difference| difference.actual.contains("refused when built")),
    },
    Row {
        name: "a proxy URL whose scheme is in upper case",
        ours: "it is a URL like any other",
        why: "the SDK puts https:// in front of it",
        met: true,
        matches: |case| case.vector["options"]["proxyUrl"].as_str().is_some_and(|url| url.starts_with("HTTP")),
    },
    Row {
        name: "a loop counter above 3",
        ours: "the loop stays stopped",
        why: "the SDK compares with exactly 3, so that a browser with a higher count goes round for ever",
        met: true,
        matches: |case| {
            let count = case.cookie("__clerk_redirect_count").unwrap_or_default();
            let above = count.trim().parse::<f64>().is_ok_and(|count| count > 3.0) || count.contains("Infinity");
            above && case.expected("status") == "handshake" && case.ours("status") == Some("signed-out")
        },
    },
    Row {
        name: "`//host` paths, and return addresses that no configuration can name",
        ours: "the host stays the one that the request was for, and nobody is sent to `javascript:`",
        why: "a link decides neither which host a browser comes back to nor what it runs there",
        met: true,
        matches: |case| {
            let url = case.vector["request"]["url"]
                .as_str()
                .or_else(|| case.vector["args"][0]["url"].as_str())
                .unwrap_or_default();
            let path = url.splitn(4, '/').nth(3).unwrap_or_default();
            let target = url.split("__clerk_redirect_url=").nth(1).unwrap_or("http");
            path.starts_with('/') || path.starts_with('\\') || !target.starts_with("http")
        },
    },
    Row {
        name: "a feature or a plan without a name",
        ours: "cannot be asked for",
        why: "it is a mistake of whoever wrote the route, and the SDK lets in whoever's claim holds an empty entry",
        met: true,
        matches: |case| {
            case.all(|difference| {
                difference.field == r#"has({"feature":""})"# || difference.field == r#"has({"plan":""})"#
            })
        },
    },
    Row {
        name: "feature-permission masks",
        ours: "positions count over all of `fea`, as the documentation and four SDKs have it",
        why: "the JavaScript SDK counts the organization's features alone, and so grants other permissions when a user's feature comes first",
        met: false,
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
        name: "content type of the reverification answer",
        ours: "application/json",
        why: "it is JSON; the SDK leaves the default of plain text, and its front end reads either",
        met: true,
        matches: |case| case.vector["fn"] == "reverificationErrorResponse",
    },
    Row {
        name: "a webhook's timestamp that is no number",
        ours: "refused",
        why: "the SDK cuts off what follows the digits; Clerk writes nothing but digits, and what is signed should be what was sent",
        met: true,
        matches: |case| {
            let timestamp = case.headers("svix-timestamp").concat();
            case.group() == "webhook" && timestamp.trim().bytes().any(|byte| !byte.is_ascii_digit())
        },
    },
    Row {
        name: "a signed webhook that is no JSON object",
        ours: "refused when the event is asked for",
        why: "there is no event in it; the SDK makes up an empty one",
        met: true,
        matches: |case| {
            let body = case.vector["request"]["body"].as_str().unwrap_or_default();
            case.group() == "webhook" && serde_json::from_str::<Value>(body).is_ok_and(|value| !value.is_object())
        },
    },
    Row {
        name: "a webhook behind a byte order mark that was not signed",
        ours: "refused",
        why: "the raw body is what counts, and this is another one; the SDK decodes it as text first, which drops the mark",
        met: true,
        matches: |case| {
            let body = case.vector["request"]["body"].as_str().unwrap_or_default();
            case.group() == "webhook" && body.starts_with('\u{feff}')
        },
    },
    Row {
        name: "webhooks under the header names of Standard Webhooks",
        ours: "verified as those under Svix's names, which count where both are complete",
        why: "the signature is the same, and whoever sends on for Clerk may write those names",
        met: false,
        matches: |case| {
            let says = |name: String| case.headers(&name).iter().any(|value| !value.trim().is_empty());
            let complete =
                |family: &str| ["id", "timestamp", "signature"].iter().all(|name| says(format!("{family}-{name}")));
            case.group() == "webhook" && !complete("svix") && complete("webhook")
        },
    },
    Row {
        name: "a webhook's timestamp or id in another form than a sender writes",
        ours: "refused: whole seconds in digits, without a leading zero; an id of visible ASCII, without a full stop",
        why: "the SDK verifies the number that it reads and not what was sent, and full stops separate what is signed",
        met: false,
        matches: |case| {
            case.group() == "webhook" && case.ours("value").is_some_and(|ours| ours.contains("is malformed"))
        },
    },
    Row {
        name: "a webhook signing secret of less than 24 bytes",
        ours: "refused when it is read",
        why: "Standard Webhooks allows none: it could be guessed",
        met: false,
        matches: |case| case.group() == "webhook" && case.ours("value").is_some_and(|ours| ours.contains("too short")),
    },
];
