//! The findings about a set-up: a pure function of the settings and of the responses of both APIs.

use super::{Finding, Severity, probe::Probe};
use crate::{
    backend::http::FetchErrorKind,
    config::{InstanceConfig, InstanceType, PublicOrigin, env, url::is_unencrypted},
    token::{TokenErrorKind, TokenRules, VerifyingKey},
};

/// The largest difference between the clocks without a warning, in milliseconds.
const CLOCK_WARNING_MS: u64 = 2_000;

/// All that is known about a set-up.
pub(crate) struct Setup<'a> {
    pub(crate) settings: &'a InstanceConfig,
    pub(crate) rules: &'a TokenRules,
    /// The key that verifies tokens instead of a JWKS.
    pub(crate) jwt_key: Option<&'a VerifyingKey>,
    /// The Backend API's response, if there is a secret key.
    pub(crate) backend: Option<Probe>,
    /// The Frontend API's response, if there is a publishable key.
    pub(crate) frontend: Option<Probe>,
    pub(crate) clock_skew: Option<i64>,
    /// How many tokens with a valid signature the settings have refused, for each reason.
    pub(crate) setting_refusals: Vec<(TokenErrorKind, u64)>,
}

pub(crate) fn check_setup(setup: &Setup<'_>) -> Vec<Finding> {
    let groups = [
        check_keys(setup),
        check_same_instance(setup),
        check_jwt_key(setup),
        check_clock(setup),
        check_parties(setup),
        check_own_origins(setup),
        check_setting_refusals(setup),
        check_instance(setup),
    ];
    groups.into_iter().flatten().chain(check_encryption(setup)).chain(check_satellite(setup)).collect()
}

fn ok(code: &'static str, text: impl Into<String>) -> Finding {
    Finding::new(Severity::Ok, code, text)
}

fn warning(code: &'static str, text: impl Into<String>) -> Finding {
    Finding::new(Severity::Warning, code, text)
}

fn error(code: &'static str, text: impl Into<String>) -> Finding {
    Finding::new(Severity::Error, code, text)
}

/// Whether the keys can be fetched from their configured source, and whether the secret key is accepted.
fn check_keys(setup: &Setup<'_>) -> Vec<Finding> {
    let from_backend = setup.backend.is_some();
    let Some(probe) = setup.backend.as_ref().or(setup.frontend.as_ref()) else { return Vec::new() };
    let url = &probe.url;
    let cause = match &probe.outcome {
        Ok(_) => {
            let reachable = ok("jwks-reachable", format!("the instance's keys come from {url}"));
            let accepted = from_backend.then(|| ok("secret-key-accepted", "the Backend API accepts the secret key"));
            return std::iter::once(reachable).chain(accepted).collect();
        }
        Err(cause) => *cause,
    };
    if from_backend && cause.kind() == FetchErrorKind::KeyRefused {
        return vec![error(
            "secret-key-refused",
            format!(
                "{url} refused the secret key ({cause}): copy CLERK_SECRET_KEY again from the Clerk dashboard, API keys"
            ),
        )];
    }
    let what = if from_backend { "CLERK_API_URL" } else { "CLERK_PUBLISHABLE_KEY, CLERK_PROXY_URL" };
    let text = format!("no keys from {url}: {cause}; check the network, its proxy, and {what}");
    vec![if setup.jwt_key.is_some() { warning("jwks-unreachable", text) } else { error("jwks-unreachable", text) }]
}

/// Whether both keys belong to one instance. Keys of two instances are both valid, but every token is refused.
fn check_same_instance(setup: &Setup<'_>) -> Vec<Finding> {
    let Some(backend) = &setup.backend else { return Vec::new() };
    let Some(frontend) = &setup.frontend else {
        return vec![warning(
            "publishable-key-missing",
            "tokens of any issuer are accepted if the key verifies them, and pages have no handshake: set CLERK_PUBLISHABLE_KEY",
        )];
    };
    match (&backend.outcome, &frontend.outcome) {
        (Ok(ours), Ok(theirs)) if ours.kids().any(|kid| theirs.find(kid).is_some()) => {
            vec![ok("keys-match", "the secret key and the publishable key belong to one instance")]
        }
        (Ok(_), Ok(_)) => vec![error(
            "keys-mismatch",
            format!(
                "{} and {} publish different keys, so CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY belong to two instances: copy both from the same page of the Clerk dashboard, API keys",
                backend.url, frontend.url
            ),
        )],
        (_, Err(cause)) => vec![warning(
            "frontend-api-unreachable",
            format!(
                "no keys from {}: {cause}; so it is unknown whether the secret key and the publishable key belong to one instance: check the network, its proxy, CLERK_PUBLISHABLE_KEY and CLERK_PROXY_URL",
                frontend.url
            ),
        )],
        (Err(_), Ok(_)) => Vec::new(),
    }
}

fn check_jwt_key(setup: &Setup<'_>) -> Vec<Finding> {
    let Some(key) = setup.jwt_key else { return Vec::new() };
    let mut sets =
        [&setup.backend, &setup.frontend].into_iter().flatten().filter_map(|probe| probe.outcome.as_ref().ok());
    let Some(first) = sets.next() else {
        // With only a JWT key there is no JWKS to compare it with.
        if setup.backend.is_none() && setup.frontend.is_none() {
            return Vec::new();
        }
        return vec![warning(
            "jwt-key-not-compared",
            "CLERK_JWT_KEY is used unchecked: no JWKS could be fetched to compare it with",
        )];
    };
    if std::iter::once(first).chain(sets).any(|keys| keys.contains_public_key(key)) {
        return vec![ok("jwt-key-matches", "CLERK_JWT_KEY is a key of the instance")];
    }
    vec![error(
        "jwt-key-mismatch",
        "CLERK_JWT_KEY is not one of the instance's keys: it belongs to another instance, or was replaced; copy it again from the Clerk dashboard, API keys, JWKS public key",
    )]
}

fn check_clock(setup: &Setup<'_>) -> Vec<Finding> {
    let has_response = [&setup.backend, &setup.frontend].into_iter().flatten().any(|probe| probe.outcome.is_ok());
    let Some(skew) = setup.clock_skew else {
        let text = "the responses have no Date header to compare this machine's clock with";
        return has_response.then(|| warning("clock-not-measured", text)).into_iter().collect();
    };
    let off = skew.unsigned_abs();
    let direction = if skew > 0 { "ahead of" } else { "behind" };
    let text =
        format!("this machine's clock is {}.{:03} s {direction} Clerk's: synchronise it (NTP)", off / 1000, off % 1000);
    vec![if i128::from(off) > -i128::from(setup.rules.clock_skew.nbf_leeway) {
        error("clock-wrong", format!("{text}, or valid tokens are refused"))
    } else if off > CLOCK_WARNING_MS {
        warning("clock-off", text)
    } else {
        ok("clock-right", "this machine's clock agrees with Clerk's")
    }]
}

fn check_parties(setup: &Setup<'_>) -> Vec<Finding> {
    vec![match &setup.rules.authorized_parties {
        Some(parties) => {
            ok("authorized-parties-set", format!("accepted tokens are those issued to {}", parties.join(", ")))
        }
        None if setup.rules.has_parties() => {
            ok("authorized-parties-set", "accepted tokens are those that ClerkBuilder::authorized_parties_if accepts")
        }
        None => warning(
            "authorized-parties-missing",
            "tokens issued to any site of the instance are accepted: name your app's origins in CLERK_AUTHORIZED_PARTIES",
        ),
    }]
}

/// Whether tokens that are issued to this application are accepted, where the settings name its origin.
fn check_own_origins(setup: &Setup<'_>) -> Vec<Finding> {
    let settings = setup.settings;
    if !setup.rules.has_parties() {
        return Vec::new();
    }
    let public = match &settings.public_origin {
        PublicOrigin::Fixed(url) => url::Url::parse(url).ok().map(|url| url.origin().ascii_serialization()),
        PublicOrigin::Forwarded | PublicOrigin::Host => None,
    };
    let is_live = instance_type(setup) == Some(InstanceType::Production);
    let satellite = settings.domain.as_ref().filter(|_| settings.is_satellite && is_live);
    let own = public.into_iter().chain(satellite.map(|domain| format!("https://{domain}")));
    let missing = own.filter(|own| !setup.rules.accepts_party(own));
    let finding = |own| {
        error(
            "own-origin-not-authorized",
            format!(
                "{} lacks this application's own origin {own}, so no user can sign in: add it",
                env::AUTHORIZED_PARTIES
            ),
        )
    };
    missing.map(finding).collect()
}

/// Whether the settings have refused tokens that Clerk signed. One of another application is right to be refused.
fn check_setting_refusals(setup: &Setup<'_>) -> Vec<Finding> {
    let finding = |(kind, count): &(TokenErrorKind, u64)| {
        let problem = crate::token::TokenError::new(*kind);
        warning(
            "tokens-refused",
            format!("{count} tokens with a valid signature were refused since the start: {problem}"),
        )
    };
    setup.setting_refusals.iter().map(finding).collect()
}

fn check_instance(setup: &Setup<'_>) -> Vec<Finding> {
    let finding = instance_type(setup).map(|instance| match instance {
        InstanceType::Development => ok("development-keys", "a development instance: not for production"),
        InstanceType::Production => ok("production-keys", "a production instance"),
    });
    finding.into_iter().collect()
}

/// The instance's type, if a key names it.
fn instance_type(setup: &Setup<'_>) -> Option<InstanceType> {
    let settings = setup.settings;
    let has_type = settings.publishable_key.is_some() || settings.secret_instance_type.is_some();
    has_type.then(|| settings.instance_type())
}

/// Cookies and tokens of a production instance must travel encrypted.
fn check_encryption(setup: &Setup<'_>) -> Option<Finding> {
    let settings = setup.settings;
    if instance_type(setup) != Some(InstanceType::Production) {
        return None;
    }
    let parties = setup.rules.authorized_parties.iter().flatten().map(|party| ("CLERK_AUTHORIZED_PARTIES", party));
    let urls = [("CLERK_SIGN_IN_URL", &settings.sign_in_url), ("CLERK_SIGN_UP_URL", &settings.sign_up_url)];
    let urls = urls.into_iter().filter_map(|(name, url)| Some((name, url.as_ref()?)));
    let origins = settings.redirect_origins.iter().map(|origin| ("CLERK_REDIRECT_ORIGINS", origin));
    let mut names: Vec<&str> =
        parties.chain(urls).chain(origins).filter(|(_, url)| is_unencrypted(url)).map(|(name, _)| name).collect();
    names.dedup();
    (!names.is_empty()).then(|| {
        let text = "sessions of a production instance would travel unencrypted: use https";
        warning("unencrypted", format!("{} has an http URL; {text}", names.join(", ")))
    })
}

/// Users of a satellite sign in on the primary domain.
fn check_satellite(setup: &Setup<'_>) -> Option<Finding> {
    let settings = setup.settings;
    if !settings.is_satellite {
        return None;
    }
    let is_on_satellite = settings.signs_in_on_satellite(|sign_in| {
        let domain = settings.domain.as_deref();
        domain.is_some_and(|domain| sign_in[url::Position::BeforeHost..url::Position::AfterPort] == *domain)
    });
    Some(if is_on_satellite {
        error(
            "satellite-sign-in-url",
            "CLERK_SIGN_IN_URL lies on the satellite itself, where users cannot sign in: it must be the absolute URL of the primary domain's sign-in page",
        )
    } else {
        ok("satellite-set", "a satellite; its users sign in on the primary domain")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clerk::ClerkBuilder, config::PublishableKey};

    /// The codes of the findings without any response.
    fn codes(change: impl FnOnce(ClerkBuilder) -> ClerkBuilder, skew: Option<i64>) -> Vec<&'static str> {
        let live = PublishableKey::new(InstanceType::Production, "clerk.example.com").unwrap();
        let clerk = change(ClerkBuilder::default().publishable_key(live)).build().unwrap();
        let (settings, rules, setting_refusals) = (clerk.settings(), clerk.rules(), Vec::new());
        let setup =
            Setup { settings, rules, jwt_key: None, backend: None, frontend: None, clock_skew: skew, setting_refusals };
        check_setup(&setup).iter().map(Finding::code).collect()
    }

    #[test]
    fn a_production_instance_needs_https_except_on_this_machine() {
        let unencrypted = |change: fn(ClerkBuilder) -> ClerkBuilder| codes(change, None).contains(&"unencrypted");
        assert!(!unencrypted(|builder| builder));
        assert!(!unencrypted(|builder| builder
            .authorized_parties(["https://a.test", "http://localhost:3000"])
            .unwrap()));
        assert!(unencrypted(|builder| builder.authorized_parties(["https://a.test", "http://a.test"]).unwrap()));
        assert!(unencrypted(|builder| builder.sign_in_url("http://a.test/sign-in").unwrap()));
        let development = |builder: ClerkBuilder| {
            let key = PublishableKey::new(InstanceType::Development, "a.clerk.accounts.dev").unwrap();
            builder.publishable_key(key).authorized_parties(["http://a.test"]).unwrap()
        };
        assert!(!codes(development, None).contains(&"unencrypted"));
    }

    #[test]
    fn the_parties_must_have_the_applications_own_origin() {
        for (parties, missing) in [
            (&["https://app.test"][..], false),
            (&["https://a.test", "https://app.test"], false),
            (&["https://a.test"], true),
            (&[], false),
        ] {
            let with = |builder: ClerkBuilder| {
                let builder = builder.public_origin(PublicOrigin::fixed("https://app.test").unwrap());
                if parties.is_empty() { builder } else { builder.authorized_parties(parties).unwrap() }
            };
            assert_eq!(codes(with, None).contains(&"own-origin-not-authorized"), missing, "{parties:?}");
        }
        let satellite = |builder: ClerkBuilder| {
            let builder = builder.satellite(true).domain("satellite.test").unwrap();
            builder.authorized_parties(["https://app.test"]).unwrap()
        };
        assert!(codes(satellite, None).contains(&"own-origin-not-authorized"));
    }

    #[test]
    fn users_cannot_sign_in_on_a_satellite() {
        for (sign_in, code) in [
            (Some("https://primary.test/sign-in"), "satellite-set"),
            (None, "satellite-set"),
            (Some("https://satellite.test/sign-in"), "satellite-sign-in-url"),
            (Some("/sign-in"), "satellite-sign-in-url"),
        ] {
            let satellite = |builder: ClerkBuilder| {
                let builder = builder.satellite(true).domain("satellite.test").unwrap();
                match sign_in {
                    Some(url) => builder.sign_in_url(url).unwrap(),
                    None => builder,
                }
            };
            assert!(codes(satellite, None).contains(&code), "{sign_in:?}");
        }
        assert!(!codes(|builder| builder, None).iter().any(|code| code.starts_with("satellite")));
    }

    #[test]
    fn clocks_may_differ_by_the_clock_skew() {
        let clock = |skew, tolerated| {
            let with = |builder: ClerkBuilder| builder.clock_skew(std::time::Duration::from_secs(tolerated)).unwrap();
            codes(with, Some(skew)).into_iter().find(|code| code.starts_with("clock")).unwrap()
        };
        for (skew, tolerated, code) in [
            (0, 5, "clock-right"),
            (2_000, 5, "clock-right"),
            (-2_001, 5, "clock-off"),
            (5_000, 5, "clock-off"),
            (5_001, 5, "clock-wrong"),
            (-5_001, 5, "clock-wrong"),
            (30_000, 60, "clock-off"),
            (1_500, 1, "clock-wrong"),
            (i64::MIN, 60, "clock-wrong"),
        ] {
            assert_eq!(clock(skew, tolerated), code, "{skew} {tolerated}");
        }
    }
}
