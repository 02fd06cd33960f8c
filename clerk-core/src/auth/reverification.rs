//! [`Reverification`]: how recently a user must have proved their identity.

use std::time::Duration;

use serde_json::{Value, json};

use super::session::FactorAges;
use crate::config::{ConfigError, ConfigErrorKind};

/// Which factors a user must have proved, and how recently.
///
/// The presets are those of [Clerk's page on reverification](https://clerk.com/docs/guides/secure/reverification).
/// If a level requires a second factor and the user has none, the first factor counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reverification {
    /// Both factors within 10 minutes.
    StrictMfa,
    /// The second factor within 10 minutes.
    Strict,
    /// The second factor within 60 minutes.
    Moderate,
    /// The second factor within 24 hours.
    Lax,
    /// Made by [`custom`](Self::custom).
    #[non_exhaustive]
    Custom {
        /// The factors.
        level: FactorLevel,
        /// Their maximum age.
        within: Duration,
    },
}

/// The factors that a [`Reverification`] requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactorLevel {
    /// The first factor.
    FirstFactor,
    /// The second factor; the first one if the user has no second.
    SecondFactor,
    /// Both factors; the first one if the user has no second.
    MultiFactor,
}

impl Reverification {
    /// Factors of this level, proved within this time.
    ///
    /// # Errors
    /// When the time is zero, which no session could satisfy.
    ///
    /// ```
    /// use clerk_core::auth::{FactorLevel, Reverification};
    /// use std::time::Duration;
    ///
    /// let recent = Reverification::custom(FactorLevel::FirstFactor, Duration::from_secs(5 * 60))?;
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    pub fn custom(level: FactorLevel, within: Duration) -> Result<Self, ConfigError> {
        if within.is_zero() {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidPolicy,
                "the time of a reverification must not be zero",
            ));
        }
        Ok(Self::Custom { level, within })
    }

    /// Whether the factors are recent enough; a factor as old as the limit is not.
    #[must_use]
    pub fn is_satisfied_by(self, ages: FactorAges) -> bool {
        let (level, within) = self.parts();
        let limit = within.as_secs_f64() / 60.0;
        let fresh = |age: Option<f64>| age.map(|minutes| minutes < limit);
        let (first, second) = ages.minutes();
        match (level, fresh(first), fresh(second)) {
            (_, None, None) => false,
            (FactorLevel::FirstFactor, first, _) => first == Some(true),
            (FactorLevel::SecondFactor, first, second) => second.or(first) == Some(true),
            (FactorLevel::MultiFactor, Some(first), second) => first && second != Some(false),
            (FactorLevel::MultiFactor, None, _) => false,
        }
    }

    /// The body of the 403 response that makes Clerk's front end (`useReverification`) ask the user to prove their
    /// identity again.
    ///
    /// ```
    /// use clerk_core::auth::Reverification;
    ///
    /// assert_eq!(
    ///     Reverification::Strict.refusal_body(),
    ///     concat!(
    ///         r#"{"clerk_error":{"metadata":{"reverification":"strict"},"#,
    ///         r#""reason":"reverification-error","type":"forbidden"}}"#
    ///     )
    /// );
    /// ```
    #[must_use]
    pub fn refusal_body(self) -> String {
        let wanted = match self {
            Self::StrictMfa => json!("strict_mfa"),
            Self::Strict => json!("strict"),
            Self::Moderate => json!("moderate"),
            Self::Lax => json!("lax"),
            Self::Custom { level, within } => json!({"level": level.as_str(), "afterMinutes": minutes(within)}),
        };
        json!({"clerk_error": {
            "type": "forbidden",
            "reason": "reverification-error",
            "metadata": {"reverification": wanted},
        }})
        .to_string()
    }

    const fn parts(self) -> (FactorLevel, Duration) {
        const MINUTE: u64 = 60;
        match self {
            Self::StrictMfa => (FactorLevel::MultiFactor, Duration::from_secs(10 * MINUTE)),
            Self::Strict => (FactorLevel::SecondFactor, Duration::from_secs(10 * MINUTE)),
            Self::Moderate => (FactorLevel::SecondFactor, Duration::from_secs(60 * MINUTE)),
            Self::Lax => (FactorLevel::SecondFactor, Duration::from_secs(24 * 60 * MINUTE)),
            Self::Custom { level, within } => (level, within),
        }
    }
}

impl FactorLevel {
    const fn as_str(self) -> &'static str {
        match self {
            Self::FirstFactor => "first_factor",
            Self::SecondFactor => "second_factor",
            Self::MultiFactor => "multi_factor",
        }
    }
}

/// Whole minutes as an integer, as Clerk's front end writes them.
fn minutes(within: Duration) -> Value {
    if within.as_secs() % 60 == 0 && within.subsec_nanos() == 0 {
        json!(within.as_secs() / 60)
    } else {
        json!(within.as_secs_f64() / 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn satisfied(reverification: Reverification, ages: [f64; 2]) -> bool {
        FactorAges::from_claim(ages).is_some_and(|ages| reverification.is_satisfied_by(ages))
    }

    #[test]
    fn a_factor_as_old_as_the_limit_is_too_old() {
        assert!(satisfied(Reverification::Strict, [9.0, -1.0]));
        assert!(!satisfied(Reverification::Strict, [10.0, -1.0]));
        assert!(satisfied(Reverification::Strict, [100.0, 9.0]));
        assert!(!satisfied(Reverification::Strict, [0.0, 10.0]));
        assert!(satisfied(Reverification::Lax, [-1.0, 1439.0]));
    }

    #[test]
    fn both_factors_must_be_recent_if_both_are_required() {
        assert!(satisfied(Reverification::StrictMfa, [0.0, 0.0]));
        assert!(satisfied(Reverification::StrictMfa, [5.0, -1.0]), "the user has no second factor");
        assert!(!satisfied(Reverification::StrictMfa, [-1.0, 5.0]));
        assert!(!satisfied(Reverification::StrictMfa, [5.0, 10.0]));
        assert!(!satisfied(Reverification::Lax, [-1.0, -1.0]), "nothing was ever proved");
    }
}
