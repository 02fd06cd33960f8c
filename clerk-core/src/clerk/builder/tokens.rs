//! InstanceConfig for what a token must satisfy besides a valid signature.

use std::{sync::Arc, time::Duration};

use super::{ClerkBuilder, Issuers};
use crate::{
    backend::machine_tokens::MAX_LIFETIME,
    config::{ConfigError, ConfigErrorKind, url::origin},
    token::rules::{ClockSkew, PartyCheck},
};

/// The largest clock skew: a larger one would accept tokens for more than twice their lifetime.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(60);

impl ClerkBuilder {
    /// The origins whose tokens are accepted: a token must then have an `azp` claim, with one of them.
    ///
    /// Set it whenever other sites on your domain could get a session cookie; see
    /// [Clerk's page](https://clerk.com/docs/guides/sessions/manual-jwt-verification).
    ///
    /// # Errors
    /// When one is not an origin (`https://app.example.com`, without a path), or the list is empty.
    pub fn authorized_parties<I>(mut self, parties: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let parties: Vec<Box<str>> =
            parties.into_iter().map(|party| origin(party.as_ref())).collect::<Result<_, _>>()?;
        self.party_optional = false;
        self.authorized_parties =
            Some(nonempty(parties, "name at least one origin, https://app.example.com for example")?);
        Ok(self)
    }

    /// Like [`authorized_parties`](Self::authorized_parties), and tokens without an `azp` claim are accepted as well.
    ///
    /// Clerk leaves `azp` out of the cookies that it sets while a browser loads a page, because such a request names no
    /// origin, and out of tokens that the Backend API makes. Such a token is refused otherwise, and a page then asks Clerk
    /// once for another one. The choice: with it, a site of your instance that is not listed could use a token without
    /// `azp`, if it gets one; without it, users with such a cookie are signed out until clerk-js has renewed it. In
    /// `CLERK_AUTHORIZED_PARTIES` the entry `none` stands for it.
    ///
    /// ```
    /// use clerk_core::Clerk;
    ///
    /// let builder = Clerk::builder().authorized_parties_or_none(["https://app.example.com"])?;
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// When one is not an origin (`https://app.example.com`, without a path), or the list is empty.
    pub fn authorized_parties_or_none<I>(self, parties: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        Ok(Self { party_optional: true, ..self.authorized_parties(parties)? })
    }

    /// Further authorized parties, which this function accepts: the preview deployments of a hosting provider, for example,
    /// whose names are not known before. It is called once for each new token, with its `azp` claim.
    ///
    /// ```
    /// use clerk_core::Clerk;
    ///
    /// // Not any name under vercel.app: that would accept tokens issued to the sites of others.
    /// let builder = Clerk::builder().authorized_parties_if(|origin| {
    ///     origin.starts_with("https://my-app-") && origin.ends_with("-my-team.vercel.app")
    /// });
    /// ```
    #[must_use]
    pub fn authorized_parties_if(mut self, accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.party_check = Some(PartyCheck(Arc::new(accepts)));
        self
    }

    /// Authorized parties that are not web origins, such as native applications. They are compared byte for byte.
    ///
    /// # Errors
    /// When the list is empty.
    pub fn authorized_parties_verbatim<I>(mut self, parties: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let parties = parties.into_iter().map(|party| party.as_ref().into()).collect();
        self.authorized_parties = Some(nonempty(parties, "name at least one party")?);
        Ok(self)
    }

    /// The accepted audiences: a token must then have an `aud` claim, with one of them.
    ///
    /// # Errors
    /// When the list is empty.
    pub fn audiences<I>(mut self, audiences: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let audiences = audiences.into_iter().map(|audience| audience.as_ref().into()).collect();
        self.audiences = Some(nonempty(audiences, "name at least one audience")?);
        Ok(self)
    }

    /// Accepts tokens without an `aud` claim even when [audiences](Self::audiences) are set, as Clerk's own SDK does. An OAuth
    /// access token must always have one.
    #[must_use]
    pub fn allow_missing_audience(mut self) -> Self {
        self.audience_optional = true;
        self
    }

    /// The accepted `typ` headers of session tokens, which must then have one (default: `JWT`, or no `typ`).
    #[must_use]
    pub fn token_types<I>(mut self, types: I) -> Self
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.token_types = Some(types.into_iter().map(|typ| typ.as_ref().into()).collect());
        self
    }

    /// The accepted issuers (default: the one that follows from publishable key, domain and proxy URL).
    ///
    /// # Errors
    /// When the list is empty.
    pub fn issuers<I>(mut self, issuers: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let issuers = issuers.into_iter().map(|issuer| issuer.as_ref().into()).collect();
        self.issuers = Issuers::Listed(nonempty(issuers, "name at least one issuer")?);
        Ok(self)
    }

    /// Accepts tokens of any issuer if the key verifies them, as Clerk's own SDK does by default.
    #[must_use]
    pub fn any_issuer(mut self) -> Self {
        self.issuers = Issuers::Any;
        self
    }

    /// How much this machine's clock may differ from Clerk's (default: 5 s, at most 60 s).
    ///
    /// # Errors
    /// When it is above 60 s.
    pub fn clock_skew(mut self, skew: Duration) -> Result<Self, ConfigError> {
        if skew > MAX_CLOCK_SKEW {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "a clock skew above 60 s would accept tokens for twice their lifetime: synchronise this machine's clock instead",
            ));
        }
        self.clock_skew = ClockSkew::from(skew);
        Ok(self)
    }

    /// How old the claims of a session token may be (default: any age).
    ///
    /// Clerk's edge can renew a session token without its database, and copies the claims of the token before it: a role
    /// that was taken away stays in them. [`Session::claims_as_of`](crate::Session::claims_as_of) says when Clerk read them.
    /// A token with older claims is refused like an expired one: a browser that opens a page gets a new one by a handshake,
    /// other requests are signed out. The [clock skew](Self::clock_skew) is added.
    ///
    /// ```
    /// use clerk_core::Clerk;
    /// use std::{sync::Arc, time::Duration};
    ///
    /// let builder = Clerk::builder().max_claims_age(Duration::from_secs(300));
    /// ```
    #[must_use]
    pub const fn max_claims_age(mut self, age: Duration) -> Self {
        self.max_claims_age = Some(age);
        self
    }

    /// How long a valid API key, opaque M2M token or opaque OAuth access token is cached (default: not at all, at most 60 s).
    ///
    /// Each look-up costs a round trip, and Clerk charges for it. But a revoked token in the cache is accepted until this time
    /// is over, unless you [remove](crate::Clerk::forget_machine_token) it. A token is never accepted after its own
    /// expiration, and refusals are not cached.
    ///
    /// At most 4096 tokens are cached, and a full cache drops the oldest. That takes about 4 MiB with tokens of 1 KiB, and at
    /// most 32 MiB, because tokens of more than 8 KiB are not cached.
    ///
    /// ```
    /// use clerk_core::Clerk;
    /// use std::{sync::Arc, time::Duration};
    ///
    /// let builder = Clerk::builder().machine_token_cache(Duration::from_secs(10))?;
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// When it is above 60 s.
    pub fn machine_token_cache(mut self, lifetime: Duration) -> Result<Self, ConfigError> {
        if lifetime > MAX_LIFETIME {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "machine tokens are cached for 60 s at most, because a revoked one is accepted that long",
            ));
        }
        self.machine_token_cache = lifetime;
        Ok(self)
    }

    /// Any clock skew, in milliseconds, as other SDKs accept it. Only for tests that compare with them.
    #[doc(hidden)]
    #[must_use]
    pub fn unchecked_clock_skew(mut self, milliseconds: f64) -> Self {
        self.clock_skew = ClockSkew::from_milliseconds(milliseconds);
        self
    }
}

fn nonempty(list: Vec<Box<str>>, problem: &str) -> Result<Box<[Box<str>]>, ConfigError> {
    if list.is_empty() {
        return Err(ConfigError::new(ConfigErrorKind::InvalidSetting, problem));
    }
    Ok(list.into())
}
