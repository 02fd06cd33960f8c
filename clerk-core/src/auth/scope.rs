//! [`Scope`]: whether a feature or plan in a token belongs to the organization or to the user.

/// Owner of a feature or a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Organization,
    User,
}

impl Scope {
    /// This scope alone, or both for `None`.
    pub(super) fn one_or_both(scope: Option<Self>) -> impl Iterator<Item = Self> {
        [Self::Organization, Self::User].into_iter().filter(move |one| scope.is_none_or(|scope| scope == *one))
    }

    /// The name in an entry like `o:invoices`; `None` if the entry does not belong to this scope.
    pub(super) fn name_in(self, entry: &str) -> Option<&str> {
        let (scopes, name) = entry.trim().split_once(':')?;
        let belongs = match self {
            Self::Organization => matches!(scopes, "o" | "ou" | "uo"),
            Self::User => matches!(scopes, "u" | "ou" | "uo"),
        };
        belongs.then_some(name)
    }

    /// The names of this scope in a list like `o:invoices,u:beta,uo:shared`.
    pub(super) fn names_in(self, list: Option<&str>) -> impl Iterator<Item = &str> {
        list.into_iter()
            .flat_map(|list| list.split(','))
            .filter_map(move |entry| self.name_in(entry))
            .filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_entries_belong_to_both_scopes() {
        let list = Some("o:invoices, u:beta,uo:shared,ou:both,x:other,o:,plain");
        let names = |scope: Scope| scope.names_in(list).collect::<Vec<_>>();
        assert_eq!(names(Scope::Organization), ["invoices", "shared", "both"]);
        assert_eq!(names(Scope::User), ["beta", "shared", "both"]);
    }
}
