//! The settings that come from the environment, or from another place under the same names.

use super::ClerkBuilder;
use crate::config::{ConfigError, Environment};

impl ClerkBuilder {
    /// Applies the environment's settings; see [`ENVIRONMENT_VARIABLES`](crate::config::ENVIRONMENT_VARIABLES).
    ///
    /// # Errors
    /// When a variable is malformed; the error names it.
    pub fn environment(self) -> Result<Self, ConfigError> {
        self.environment_from(&|name| std::env::var(name).ok())
    }

    /// Applies the settings of another place that has them under the names of the
    /// [environment](crate::config::ENVIRONMENT_VARIABLES).
    ///
    /// # Errors
    /// When a value is malformed; the error names it.
    pub fn environment_from(self, read: &dyn Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        Environment::new(read).configure(self)
    }
}
