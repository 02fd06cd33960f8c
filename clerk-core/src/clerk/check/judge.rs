//! What is wrong with a set-up: a pure function of the settings and of what the two APIs answered.

use url::Url;

use super::{Finding, Severity, probe::Probe};
use crate::{
    backend::http::FetchError,
    config::{InstanceType, Settings, url::unencrypted},
    token::{Rules, VerifyingKey},
};

/// How far off a clock may be before it is worth a word, in milliseconds.
const WORTH_A_WORD: u64 = 2_000;

/// Everything that is known.
pub(crate) struct Setup<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) rules: &'a Rules,
    /// The key that tokens are verified with, in the place of a JWKS.
    pub(crate) jwt_key: Option<&'a VerifyingKey>,
    /// The Backend API's answer, if there is a secret key to ask it with.
    pub(crate) backend: Option<Probe>,
    /// The Frontend API's answer, if a publishable key names it.
    pub(crate) frontend: Option<Probe>,
    pub(crate) clock_skew: Option<i64>,
}

pub(crate) fn judge(setup: &Setup<'_>) -> Vec<Finding> {
    let groups = [source(setup), same_instance(setup), jwt_key(setup), clock(setup), parties(setup), instance(setup)];
    groups.into_iter().flatten().chain(encryption(setup)).chain(satellite(setup)).collect()
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

/// Whether the keys can be had from where they are configured to come from, and what that says about the secret key.
fn source(setup: &Setup<'_>) -> Vec<Finding> {
    let of_backend = setup.backend.is_some();
    let Some(probe) = setup.backend.as_ref().or(setup.frontend.as_ref()) else { return Vec::new() };
    let url = &probe.url;
    let cause = match &probe.outcome {
        Ok(_) => {
            let reachable = ok("jwks-reachable", format!("the instance's keys come from {url}"));
            let accepted = of_backend.then(|| ok("secret-key-accepted", "the Backend API accepts the secret key"));
            return std::iter::once(reachable).chain(accepted).collect();
        }
        Err(cause) => *cause,
    };
    if of_backend && matches!(cause, FetchError::SecretKeyRefused | FetchError::Status(401 | 403)) {
        return vec![error(
            "secret-key-refused",
            format!(
                "{url} refused the secret key ({cause}): copy CLERK_SECRET_KEY again from the Clerk dashboard, API keys"
            ),
        )];
    }
    let what = if of_backend { "CLERK_API_URL" } else { "CLERK_PUBLISHABLE_KEY, CLERK_PROXY_URL" };
    let text = format!("no keys from {url}: {cause}; check the network, its proxy, and {what}");
    vec![if setup.jwt_key.is_some() { warning("jwks-unreachable", text) } else { error("jwks-unreachable", text) }]
}

/// Whether both keys are of one instance: of two, both keys are good, and every token is refused.
fn same_instance(setup: &Setup<'_>) -> Vec<Finding> {
    let Some(backend) = &setup.backend else { return Vec::new() };
    let Some(frontend) = &setup.frontend else {
        return vec![warning(
            "publishable-key-missing",
            "tokens of any issuer are accepted that the key verifies, and pages have no handshake: set CLERK_PUBLISHABLE_KEY",
        )];
    };
    match (&backend.outcome, &frontend.outcome) {
        (Ok(ours), Ok(theirs)) if ours.kids().any(|kid| theirs.find(kid).is_some()) => {
            vec![ok("keys-match", "the secret key and the publishable key are of one instance")]
        }
        (Ok(_), Ok(_)) => vec![error(
            "keys-mismatch",
            format!(
                "{} and {} publish different keys, so CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY are of two instances: copy both from the same page of the Clerk dashboard, API keys",
                backend.url, frontend.url
            ),
        )],
        (_, Err(cause)) => vec![warning(
            "frontend-api-unreachable",
            format!(
                "no keys from {}: {cause}; whether the secret key and the publishable key are of one instance is not known: check the network, its proxy, CLERK_PUBLISHABLE_KEY and CLERK_PROXY_URL",
                frontend.url
            ),
        )],
        (Err(_), Ok(_)) => Vec::new(),
    }
}

fn jwt_key(setup: &Setup<'_>) -> Vec<Finding> {
    let Some(key) = setup.jwt_key else { return Vec::new() };
    let mut sets =
        [&setup.backend, &setup.frontend].into_iter().flatten().filter_map(|probe| probe.outcome.as_ref().ok());
    let Some(first) = sets.next() else {
        // With a JWT key alone there is nothing to ask.
        if setup.backend.is_none() && setup.frontend.is_none() {
            return Vec::new();
        }
        return vec![warning(
            "jwt-key-not-compared",
            "CLERK_JWT_KEY is used as it is: no JWKS could be had to compare it with",
        )];
    };
    if std::iter::once(first).chain(sets).any(|keys| keys.contains_public_key(key)) {
        return vec![ok("jwt-key-matches", "CLERK_JWT_KEY is a key of the instance")];
    }
    vec![error(
        "jwt-key-mismatch",
        "CLERK_JWT_KEY is none of the instance's keys: it is another instance's, or was replaced since; copy it again from the Clerk dashboard, API keys, JWKS public key",
    )]
}

fn clock(setup: &Setup<'_>) -> Vec<Finding> {
    let answered = [&setup.backend, &setup.frontend].into_iter().flatten().any(|probe| probe.outcome.is_ok());
    let Some(skew) = setup.clock_skew else {
        let text = "the answers have no Date header to compare this machine's clock with";
        return answered.then(|| warning("clock-not-measured", text)).into_iter().collect();
    };
    let off = skew.unsigned_abs();
    let direction = if skew > 0 { "ahead of" } else { "behind" };
    let text =
        format!("this machine's clock is {}.{:03} s {direction} Clerk's: synchronise it (NTP)", off / 1000, off % 1000);
    vec![if i128::from(off) > -i128::from(setup.rules.clock_skew.of_beginning) {
        error("clock-wrong", format!("{text}, or good tokens are refused"))
    } else if off > WORTH_A_WORD {
        warning("clock-off", text)
    } else {
        ok("clock-right", "this machine's clock agrees with Clerk's")
    }]
}

fn parties(setup: &Setup<'_>) -> Vec<Finding> {
    vec![match &setup.rules.authorized_parties {
        Some(parties) => {
            ok("authorized-parties-set", format!("tokens are accepted that were issued to {}", parties.join(", ")))
        }
        None => warning(
            "authorized-parties-missing",
            "tokens issued to any site of the instance are accepted: name your app's origins in CLERK_AUTHORIZED_PARTIES",
        ),
    }]
}

fn instance(setup: &Setup<'_>) -> Vec<Finding> {
    let finding = named_type(setup).map(|instance| match instance {
        InstanceType::Development => ok("development-keys", "a development instance: not for production"),
        InstanceType::Production => ok("production-keys", "a production instance"),
    });
    finding.into_iter().collect()
}

/// The kind of the instance, if a key says so.
fn named_type(setup: &Setup<'_>) -> Option<InstanceType> {
    let settings = setup.settings;
    let named = settings.publishable_key.is_some() || settings.secret_instance_type.is_some();
    named.then(|| settings.instance_type())
}

/// Cookies and tokens of a production instance are for encrypted connections.
fn encryption(setup: &Setup<'_>) -> Option<Finding> {
    let settings = setup.settings;
    if named_type(setup) != Some(InstanceType::Production) {
        return None;
    }
    let parties = setup.rules.authorized_parties.iter().flatten().map(|party| ("CLERK_AUTHORIZED_PARTIES", party));
    let urls = [
        ("CLERK_PROXY_URL", &settings.proxy_url),
        ("CLERK_SIGN_IN_URL", &settings.sign_in_url),
        ("CLERK_SIGN_UP_URL", &settings.sign_up_url),
    ];
    let urls = urls.into_iter().filter_map(|(name, url)| Some((name, url.as_ref()?)));
    let origins = settings.redirect_origins.iter().map(|origin| ("CLERK_REDIRECT_ORIGINS", origin));
    let mut names: Vec<&str> =
        parties.chain(urls).chain(origins).filter(|(_, url)| unencrypted(url)).map(|(name, _)| name).collect();
    names.dedup();
    (!names.is_empty()).then(|| {
        let text = "with a production instance sessions would travel unencrypted: use https";
        warning("unencrypted", format!("{} has an http address; {text}", names.join(", ")))
    })
}

/// A satellite's users sign in on the primary domain.
fn satellite(setup: &Setup<'_>) -> Option<Finding> {
    let settings = setup.settings;
    if !settings.is_satellite {
        return None;
    }
    let at_home = settings.sign_in_url.as_deref().is_some_and(|sign_in| match Url::parse(sign_in) {
        Ok(sign_in) => settings
            .domain
            .as_deref()
            .is_some_and(|domain| sign_in[url::Position::BeforeHost..url::Position::AfterPort] == *domain),
        // A path is on the satellite itself.
        Err(_) => true,
    });
    Some(if at_home {
        error(
            "satellite-sign-in-url",
            "CLERK_SIGN_IN_URL lies on the satellite itself, where nobody can sign in: it must be the absolute address of the primary domain's sign-in page",
        )
    } else {
        ok("satellite-set", "a satellite; its users sign in on the primary domain")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PublishableKey, clerk::ClerkBuilder};

    /// What is found out without any answer.
    fn codes(change: impl FnOnce(ClerkBuilder) -> ClerkBuilder, skew: Option<i64>) -> Vec<&'static str> {
        let live = PublishableKey::new(InstanceType::Production, "clerk.example.com").unwrap();
        let clerk = change(ClerkBuilder::default().publishable_key(live)).build().unwrap();
        let (settings, rules) = (clerk.settings(), clerk.rules());
        let setup = Setup { settings, rules, jwt_key: None, backend: None, frontend: None, clock_skew: skew };
        judge(&setup).iter().map(Finding::code).collect()
    }

    #[test]
    fn a_production_instance_wants_encryption_off_this_machine() {
        let unencrypted = |change: fn(ClerkBuilder) -> ClerkBuilder| codes(change, None).contains(&"unencrypted");
        assert!(!unencrypted(|builder| builder));
        assert!(!unencrypted(|builder| builder
            .authorized_parties(["https://a.test", "http://localhost:3000"])
            .unwrap()));
        assert!(unencrypted(|builder| builder.authorized_parties(["https://a.test", "http://a.test"]).unwrap()));
        assert!(unencrypted(|builder| builder.proxy_url("http://a.test/__clerk").unwrap()));
        assert!(!unencrypted(|builder| builder.proxy_url("/__clerk").unwrap()));
        let development = |builder: ClerkBuilder| {
            let key = PublishableKey::new(InstanceType::Development, "a.clerk.accounts.dev").unwrap();
            builder.publishable_key(key).authorized_parties(["http://a.test"]).unwrap()
        };
        assert!(!codes(development, None).contains(&"unencrypted"));
    }

    #[test]
    fn nobody_can_sign_in_on_a_satellite() {
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
    fn clocks_may_be_off_as_far_as_is_tolerated() {
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
