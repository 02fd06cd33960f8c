//! Verified machine tokens: [`ApiKey`], [`M2mToken`] and [`OAuthToken`].

use std::{fmt, sync::Arc};

use serde::de::DeserializeOwned;

use super::{
    actor::{Actor, Delegation},
    ids::{OrgId, UserId},
};

/// The data of all three types.
#[derive(Default)]
pub(crate) struct MachineData {
    pub(crate) id: Box<str>,
    pub(crate) subject: Box<str>,
    pub(crate) scopes: Vec<Box<str>>,
    /// The audiences of an OAuth token; `None` if the claim has the wrong type.
    pub(crate) audiences: Option<Vec<Box<str>>>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) client_id: Option<Box<str>>,
    /// Who acts for the user of an OAuth token.
    pub(crate) delegation: Option<Delegation>,
    /// JSON; `null` without claims.
    pub(crate) claims: Box<str>,
    pub(crate) token: Box<str>,
}

macro_rules! machine {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Arc<MachineData>);

        impl $name {
            pub(crate) fn new(data: MachineData) -> Self {
                Self(Arc::new(data))
            }

            pub(crate) fn data(&self) -> &MachineData {
                &self.0
            }

            /// The token's id, for logs and for revoking it.
            #[must_use]
            pub fn id(&self) -> &str {
                &self.0.id
            }

            /// The user, organization or machine that the token belongs to.
            #[must_use]
            pub fn subject(&self) -> &str {
                &self.0.subject
            }

            /// The scopes that the token was granted.
            pub fn scopes(&self) -> impl Iterator<Item = &str> {
                self.0.scopes.iter().map(|scope| &**scope)
            }

            /// Whether the token was granted this scope.
            #[must_use]
            pub fn has_scope(&self, scope: &str) -> bool {
                self.scopes().any(|granted| granted == scope)
            }

            /// The token itself, to pass it on to a service that trusts the same instance.
            #[must_use]
            pub fn token(&self) -> &str {
                &self.0.token
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("id", &self.id())
                    .field("subject", &self.subject())
                    .field("scopes", &self.0.scopes)
                    .finish_non_exhaustive()
            }
        }
    };
}

machine! {
    /// A verified API key of a user or an organization.
    ///
    /// See [Clerk's page on API keys](https://clerk.com/docs/guides/development/machine-auth/api-keys).
    ApiKey
}
machine! {
    /// A verified machine-to-machine token.
    ///
    /// See [Clerk's page on M2M tokens](https://clerk.com/docs/guides/development/machine-auth/m2m-tokens).
    M2mToken
}
machine! {
    /// A verified access token of an OAuth application.
    ///
    /// See [Clerk's page on OAuth tokens](https://clerk.com/docs/guides/development/machine-auth/oauth-tokens).
    OAuthToken
}

impl ApiKey {
    /// The key's name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The user, if the key belongs to a user.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.subject().starts_with("user_").then(|| UserId::new(self.subject()))
    }

    /// The organization, if the key belongs to an organization.
    #[must_use]
    pub fn org_id(&self) -> Option<OrgId> {
        self.subject().starts_with("org_").then(|| OrgId::new(self.subject()))
    }

    /// The claims that the key was created with, as your type.
    ///
    /// # Errors
    /// When they do not match that type. The claims of a key without claims are `null`.
    pub fn claims<C: DeserializeOwned>(&self) -> Result<C, serde_json::Error> {
        serde_json::from_str(&self.0.claims)
    }
}

impl M2mToken {
    /// The machine that sent the request, `mch_...`.
    #[must_use]
    pub fn machine_id(&self) -> &str {
        self.subject()
    }

    /// The claims that the token was created with, as your type.
    ///
    /// # Errors
    /// When they do not match that type. The claims of a token without claims are `null`.
    pub fn claims<C: DeserializeOwned>(&self) -> Result<C, serde_json::Error> {
        serde_json::from_str(&self.0.claims)
    }
}

impl OAuthToken {
    /// The user on whose behalf the application acts.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        UserId::new(self.subject())
    }

    /// Who acts for the user, if the token was issued by a token exchange
    /// ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)): an agent, for example. [`Actor::chain`] has all of them.
    ///
    /// [`Policy::not_impersonated`](crate::Policy::not_impersonated) and
    /// [`Policy::not_an_agent`](crate::Policy::not_an_agent) refuse such tokens.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.0.delegation.as_ref()?.actor.as_ref()
    }

    /// The resources that the application requested the token for
    /// ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)); empty if it named none.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        self.0.audiences.iter().flatten().map(|audience| &**audience)
    }

    /// The OAuth application, if the token names it.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.0.client_id.as_deref()
    }
}
