//! Host names of development instances and of their account portals, in their present and their old form.

/// Domains of the oldest development instances. Clerk's own staff also uses them.
const OLD_DOMAINS: [&str; 3] = [".lcl.dev", ".lclstage.dev", ".lclclerk.com"];

/// Domains of the account portals of present development instances.
const PORTAL_DOMAINS: [&str; 3] = [".accounts.dev", ".accountsstage.dev", ".accounts.lclclerk.com"];

/// Whether this host is in a domain of the oldest development instances.
#[must_use]
pub fn is_in_old_domain(host: &str) -> bool {
    ends_with_any(host, &OLD_DOMAINS)
}

/// Whether the Frontend API of a development instance has this host name.
pub(super) fn is_development_frontend_api(host: &str) -> bool {
    let old = host.starts_with("clerk.") && is_in_old_domain(host) && !host.ends_with(".prod.lclclerk.com");
    old || is_present_frontend_api(&host.to_ascii_lowercase())
}

/// Whether the account portal of a development instance has this host name.
pub(crate) fn is_development_portal(host: &str) -> bool {
    let old = host.starts_with("accounts.") && is_in_old_domain(host);
    let instance = |domain: &&str| host.strip_suffix(domain);
    old || PORTAL_DOMAINS.iter().filter_map(instance).any(|instance| !instance.ends_with(".clerk"))
}

/// `<word>-<word>-<number>.clerk.accounts.dev` and similar names.
fn is_present_frontend_api(host: &str) -> bool {
    let Some((name, rest)) = host.split_once(".clerk.accounts") else { return false };
    let mut parts = name.split('-');
    let mut word = || parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()));
    let words = word() && word();
    let number =
        parts.next().is_some_and(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    let stage = rest.strip_suffix("dev").or_else(|| rest.strip_suffix("com"));
    words
        && number
        && parts.next().is_none()
        && stage.is_some_and(|stage| stage.bytes().all(|b| b.is_ascii_lowercase() || b == b'.'))
}

fn ends_with_any(host: &str, suffixes: &[&str]) -> bool {
    suffixes.iter().any(|suffix| host.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_portals_are_known_by_their_names() {
        for host in ["happy-otter-42.accounts.dev", "accounts.foo.bar-13.lcl.dev", "x.accounts.lclclerk.com"] {
            assert!(is_development_portal(host), "{host}");
        }
        for host in ["happy-otter-42.clerk.accounts.dev", "accounts.dev", "accounts.example.com", "evil.dev"] {
            assert!(!is_development_portal(host), "{host}");
        }
    }
}
