//! What a token must satisfy besides a good signature.

use std::time::Duration;

use super::{ClerkBuilder, Issuers, nonempty};
use crate::{
    backend::machine_tokens::MAX_LIFETIME,
    config::{ConfigError, ConfigErrorKind, url::origin},
    token::rules::ClockSkew,
};

/// The largest clock skew that can be configured: more would keep expired tokens alive longer than they live.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(60);

impl ClerkBuilder {
    /// The origins whose tokens are accepted: the `azp` claim must then be there and be one of them.
    ///
    /// Set it whenever other sites on your domain could hold a session cookie; see
    /// [Clerk's page](https://clerk.com/docs/guides/sessions/manual-jwt-verification).
    ///
    /// # Errors
    /// When one is no origin (`https://app.example.com`, without a path), or there is none.
    pub fn authorized_parties<I>(mut self, parties: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let parties: Vec<Box<str>> =
            parties.into_iter().map(|party| origin(party.as_ref())).collect::<Result<_, _>>()?;
        self.authorized_parties =
            Some(nonempty(parties, "name at least one origin, https://app.example.com for example")?);
        Ok(self)
    }

    /// Authorized parties that are no web origins, such as those of native applications: compared as they are written.
    ///
    /// # Errors
    /// When there is none.
    pub fn authorized_parties_verbatim<I>(mut self, parties: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let parties = parties.into_iter().map(|party| party.as_ref().into()).collect();
        self.authorized_parties = Some(nonempty(parties, "name at least one party")?);
        Ok(self)
    }

    /// The audiences that tokens may be meant for: the `aud` claim must then be there and hold one of them.
    ///
    /// # Errors
    /// When there is none.
    pub fn audiences<I>(mut self, audiences: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let audiences = audiences.into_iter().map(|audience| audience.as_ref().into()).collect();
        self.audiences = Some(nonempty(audiences, "name at least one audience")?);
        Ok(self)
    }

    /// Accepts tokens without any `aud` even when [audiences](Self::audiences) are set, as Clerk's own SDK does; an
    /// OAuth access token must always name one.
    #[must_use]
    pub fn allow_missing_audience(mut self) -> Self {
        self.audience_optional = true;
        self
    }

    /// The accepted `typ` headers of session tokens, which must then be there; `JWT` or none unless set.
    #[must_use]
    pub fn token_types<I>(mut self, types: I) -> Self
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.token_types = Some(types.into_iter().map(|typ| typ.as_ref().into()).collect());
        self
    }

    /// The accepted issuers, instead of the one that the publishable key, domain and proxy URL imply.
    ///
    /// # Errors
    /// When there is none.
    pub fn issuers<I>(mut self, issuers: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let issuers = issuers.into_iter().map(|issuer| issuer.as_ref().into()).collect();
        self.issuers = Issuers::Listed(nonempty(issuers, "name at least one issuer")?);
        Ok(self)
    }

    /// Accepts tokens of any issuer that the key verifies, as Clerk's own SDK does by default.
    #[must_use]
    pub fn any_issuer(mut self) -> Self {
        self.issuers = Issuers::Any;
        self
    }

    /// How far this machine's clock may be off; 5 s unless set, at most 60 s.
    ///
    /// # Errors
    /// When it is above 60 s.
    pub fn clock_skew(mut self, skew: Duration) -> Result<Self, ConfigError> {
        if skew > MAX_CLOCK_SKEW {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "clock skew above 60 s would accept tokens for twice their life: synchronise this machine's clock instead",
            ));
        }
        self.clock_skew = ClockSkew::from(skew);
        Ok(self)
    }

    /// How long an API key, an opaque M2M token or an opaque OAuth access token that Clerk called good is taken for good
    /// without asking again; not at all unless set, at most 60 s.
    ///
    /// Each look-up costs a round trip, and Clerk charges for it. The price of remembering is that a revoked token is
    /// accepted for this long, unless it is [forgotten](crate::Clerk::forget_machine_token); no token outlives its own
    /// expiration. Refusals are never remembered.
    ///
    /// At most 4096 tokens are remembered, those that end first giving way: about 4 MiB at 1 KiB each, and 32 MiB at
    /// worst, since what is larger than 8 KiB is looked up each time.
    ///
    /// ```
    /// use clerk_core::Clerk;
    /// use std::time::Duration;
    ///
    /// let builder = Clerk::builder().machine_token_cache(Duration::from_secs(10))?;
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// When it is above 60 s.
    pub fn machine_token_cache(mut self, life: Duration) -> Result<Self, ConfigError> {
        if life > MAX_LIFETIME {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "machine tokens are remembered for 60 s at most, because a revoked one is accepted for as long",
            ));
        }
        self.machine_token_cache = life;
        Ok(self)
    }

    /// Any skew at all, in milliseconds, as other SDKs take it: for the comparison with them alone.
    #[doc(hidden)]
    #[must_use]
    pub fn unchecked_clock_skew(mut self, milliseconds: f64) -> Self {
        self.clock_skew = ClockSkew::from_milliseconds(milliseconds);
        self
    }
}
