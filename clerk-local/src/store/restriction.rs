//! [`ListedIdentifier`]: an entry of the allowlist or the blocklist.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Store, User, table::record};

/// An address, number, wallet or `*@domain` on the allowlist or the blocklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedIdentifier {
    /// `alid_...` or `blid_...`
    pub(crate) id: String,
    pub(crate) list: IdentifierList,
    pub(crate) identifier: String,
    /// The invitation that was sent, for the allowlist only.
    pub(crate) invitation_id: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum IdentifierList {
    Allowed,
    Blocked,
}

/// The characters that begin a subaddress.
const SUBADDRESS: [char; 3] = ['+', '=', '#'];

impl ListedIdentifier {
    /// Whether the entry matches an address or a number; a blocked address also matches its subaddresses.
    fn matches(&self, identifier: &str) -> bool {
        let identifier = identifier.to_lowercase();
        let Some((local, domain)) = identifier.rsplit_once('@') else { return self.identifier == identifier };
        if let Some(parent) = self.identifier.strip_prefix("*@*.") {
            return domain.strip_suffix(parent).is_some_and(|below| below.ends_with('.'));
        }
        if let Some(listed) = self.identifier.strip_prefix("*@") {
            return listed == domain;
        }
        let mailbox = local.split(SUBADDRESS).next().unwrap_or_default();
        self.identifier == identifier
            || (self.list == IdentifierList::Blocked && self.identifier == format!("{mailbox}@{domain}"))
    }

    /// The kind of identifier, as Clerk names it.
    pub(crate) fn kind(&self) -> &'static str {
        match &*self.identifier {
            identifier if identifier.starts_with('+') => "phone_number",
            identifier if identifier.starts_with("0x") => "web3_wallet",
            _ => "email_address",
        }
    }
}

impl Store {
    /// Whether the lists and settings forbid an address or a number. The allowlist overrides the blocklist; an invited
    /// address need not be on it.
    pub(crate) fn is_restricted(&self, identifier: &str, invited: bool) -> bool {
        let settings = self.settings();
        let has_subaddress = || identifier.split_once('@').is_some_and(|(local, _)| local.contains(SUBADDRESS));
        self.is_denied_by_lists(identifier, invited)
            || (settings.has_restriction("block_email_subaddresses") && has_subaddress())
    }

    fn is_denied_by_lists(&self, identifier: &str, invited: bool) -> bool {
        let settings = self.settings();
        let is_on = |list| self.listed_identifiers.find(|one| one.list == list && one.matches(identifier)).is_some();
        let by_allowlist = settings.has_restriction("allowlist");
        if by_allowlist && is_on(IdentifierList::Allowed) {
            return false;
        }
        (by_allowlist && !invited) || (settings.has_restriction("blocklist") && is_on(IdentifierList::Blocked))
    }

    /// The identifier for which the lists reject a user: a blocked one, or the first one when none is allowed.
    pub(crate) fn restricted_identifier<'u>(&self, user: &'u User) -> Option<&'u str> {
        if self.settings().has_restriction("allowlist_blocklist_disabled_on_sign_in") {
            return None;
        }
        let addresses = user.email_addresses.iter().map(|own| &*own.email_address);
        let identifiers = addresses.chain(user.phone_numbers.iter().map(|own| &*own.phone_number));
        let blocked = identifiers.clone().find(|one| self.is_denied_by_lists(one, true));
        let any_allowed = identifiers.clone().any(|one| !self.is_denied_by_lists(one, false));
        blocked.or_else(|| identifiers.clone().next().filter(|_| !any_allowed))
    }
}

record!(ListedIdentifier, "listed_identifier");

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(0);

    fn store(on: &[&str], listed: &[(IdentifierList, &str)]) -> Store {
        let mut store = Store::default();
        let mut settings = store.settings();
        on.iter().for_each(|name| drop(settings.restrictions.insert((*name).to_owned(), true.into())));
        store.instance_settings.put(settings);
        for (list, identifier) in listed {
            let (id, identifier) = (format!("{list:?}{identifier}"), (*identifier).to_owned());
            let listed =
                ListedIdentifier { id, list: *list, identifier, invitation_id: None, created_at: NOW, updated_at: NOW };
            store.listed_identifiers.put(listed);
        }
        store
    }

    #[test]
    fn lists_count_when_they_are_on() {
        let listed = [(IdentifierList::Allowed, "ada@example.com"), (IdentifierList::Blocked, "bob@example.com")];
        let off = store(&[], &listed);
        assert!(!off.is_restricted("eve@example.com", false) && !off.is_restricted("bob@example.com", false));
        let allow = store(&["allowlist"], &listed);
        assert!(allow.is_restricted("eve@example.com", false) && !allow.is_restricted("Ada@Example.com", false));
        assert!(!allow.is_restricted("eve@example.com", true), "an invited address need not be on it");
        let block = store(&["blocklist"], &listed);
        assert!(block.is_restricted("bob@example.com", false) && block.is_restricted("bob@example.com", true));
        assert!(!block.is_restricted("eve@example.com", false));
        assert!(store(&["allowlist"], &[]).is_restricted("ada@example.com", false), "an empty one rejects everyone");
    }

    #[test]
    fn the_allowlist_overrides_the_blocklist() {
        let both = store(
            &["allowlist", "blocklist"],
            &[(IdentifierList::Allowed, "a@b.c"), (IdentifierList::Blocked, "*@b.c")],
        );
        assert!(!both.is_restricted("a@b.c", false) && both.is_restricted("x@b.c", true));
    }

    #[test]
    fn domains_subdomains_subaddresses_and_numbers_are_listed() {
        let listed = [
            (IdentifierList::Blocked, "*@clerk.dev"),
            (IdentifierList::Blocked, "*@*.example.com"),
            (IdentifierList::Blocked, "john@example.org"),
            (IdentifierList::Blocked, "+15555550100"),
        ];
        let store = store(&["blocklist"], &listed);
        let blocked = ["a@clerk.dev", "A@CLERK.DEV", "a@x.example.com", "a@y.x.example.com", "john+x@example.org"];
        for one in blocked.into_iter().chain(["john=x@example.org", "john#@example.org", "+15555550100"]) {
            assert!(store.is_restricted(one, false), "{one}");
        }
        for one in ["a@notclerk.dev", "a@sub.clerk.dev", "a@example.com", "johnx@example.org", "x+john@example.org"] {
            assert!(!store.is_restricted(one, false), "{one}");
        }
    }

    #[test]
    fn subaddresses_can_be_blocked_alone() {
        let store = store(&["block_email_subaddresses"], &[]);
        for one in ["a+b@c.d", "a=b@c.d", "a#b@c.d"] {
            assert!(store.is_restricted(one, false), "{one}");
        }
        assert!(!store.is_restricted("a@c+d.e", false) && !store.is_restricted("+15555550100", false));
    }

    #[test]
    fn users_are_rejected_for_their_identifiers() {
        let mut user = User::new("user_1".to_owned(), NOW);
        user.add_email_address("ada@example.com", Some("admin"));
        user.add_phone_number("+15555550100", Some("admin"));
        let kept_out =
            |on: &[&str], listed: &[(IdentifierList, &str)]| store(on, listed).restricted_identifier(&user).is_some();
        let blocked = [(IdentifierList::Blocked, "+15555550100")];
        assert!(kept_out(&["blocklist"], &blocked) && !kept_out(&[], &blocked));
        assert!(!kept_out(&["blocklist", "allowlist_blocklist_disabled_on_sign_in"], &blocked));
        assert!(
            !kept_out(&["allowlist"], &[(IdentifierList::Allowed, "*@example.com")]),
            "one that is allowed is enough"
        );
        assert!(kept_out(&["allowlist"], &[(IdentifierList::Allowed, "*@example.org")]));
        assert!(store(&["allowlist"], &[]).restricted_identifier(&User::new("user_2".to_owned(), NOW)).is_none());
    }
}
