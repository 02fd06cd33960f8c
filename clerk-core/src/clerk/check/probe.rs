//! Asks both APIs, with one request to each.

use super::{
    CheckReport, Finding, Severity,
    findings::{Setup, check_setup},
};
use crate::{
    backend::{
        http::{FetchError, Transport},
        jwks::{JwksEndpoint, KeySet},
    },
    base::time::{Clock, Timestamp},
    clerk::Clerk,
    config::{SecretKey, url::ApiUrl},
    flow::Keys,
};

/// The response of a JWKS endpoint.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) url: ApiUrl,
    pub(crate) outcome: Result<KeySet, FetchError>,
    /// How far this machine's clock is ahead, in milliseconds.
    pub(crate) clock_skew: Option<i64>,
}

/// Asks both APIs, one after the other, and checks the responses and the settings.
pub(crate) async fn probe(clerk: &Clerk) -> CheckReport {
    let settings = clerk.settings();
    let with_secret = clerk.backend().and_then(|backend| Some((backend, backend.secret_key.clone()?)));
    let backend = match &with_secret {
        Some((backend, secret)) => {
            let transport = backend.transport.clone();
            let endpoint = JwksEndpoint::backend_api(&backend.api_url, &backend.api_version, secret.clone(), transport);
            Some(probe_endpoint(&endpoint, &**clerk.clock()).await)
        }
        None => None,
    };
    let mut findings = Vec::new();
    let frontend = match settings.frontend_api_url() {
        Some(url) => {
            let transport = match clerk.backend() {
                Some(backend) => Ok(backend.transport.clone()),
                None => Transport::new(clerk.http_timeout(), &url),
            };
            match transport {
                Ok(transport) => {
                    Some(probe_endpoint(&JwksEndpoint::frontend_api(&url, transport), &**clerk.clock()).await)
                }
                Err(error) => {
                    findings.push(Finding::new(Severity::Error, "https-client", error.to_string()));
                    None
                }
            }
        }
        None => None,
    };
    let jwt_key = match clerk.keys() {
        Keys::Fixed(key) => Some(&**key),
        Keys::None | Keys::Remote(_) => None,
    };
    let clock_skew = [&backend, &frontend].into_iter().flatten().find_map(|probe| probe.clock_skew);
    let setting_refusals = clerk.setting_refusals().counts().collect();
    let setup = Setup { settings, rules: clerk.rules(), jwt_key, backend, frontend, clock_skew, setting_refusals };
    findings.extend(check_setup(&setup));
    CheckReport::new(findings, clock_skew)
}

async fn probe_endpoint(endpoint: &JwksEndpoint, clock: &dyn Clock) -> Probe {
    let sent = clock.now();
    let response = endpoint.transport.get(endpoint.url.expose(), endpoint.secret.as_ref().map(SecretKey::expose)).await;
    let received = clock.now();
    let clock_skew = response.as_ref().ok().and_then(|response| Some(skew(sent, received, response.date()?)));
    let outcome = response
        .and_then(crate::backend::http::ApiResponse::into_ok)
        .and_then(|body| KeySet::parse(&body, received, None))
        .and_then(|keys| if keys.is_usable() { Ok(keys) } else { Err(FetchError::NoKeys) });
    Probe { url: endpoint.url.clone(), outcome, clock_skew }
}

/// By how much our clock is ahead of one that showed `date`, in whole seconds, at some time between `sent` and `received`:
/// the smallest difference that is possible.
fn skew(sent: Timestamp, received: Timestamp, date: Timestamp) -> i64 {
    let (sent, received) = (sent.unix_millis(), received.unix_millis());
    let (earliest, latest) = (date.unix_millis(), date.unix_millis().saturating_add(1000));
    if sent > latest {
        sent.saturating_sub(latest)
    } else if received < earliest {
        received.saturating_sub(earliest)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skew_is_the_smallest_possible_difference() {
        for (sent, received, date, expected) in [
            (10_000, 10_000, 10, 0),
            (10_999, 10_999, 10, 0),
            (10_000, 15_000, 12, 0),
            (13_500, 13_600, 10, 2_500),
            (7_000, 7_100, 10, -2_900),
            (i64::MIN, i64::MIN, 10, i64::MIN),
        ] {
            let at = Timestamp::from_unix_millis;
            assert_eq!(skew(at(sent), at(received), Timestamp::from_unix_seconds(date)), expected, "{sent} {received}");
        }
    }
}
