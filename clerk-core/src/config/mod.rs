//! Configuration: typed keys, the environment, and the validated settings that the rules read.

pub(crate) mod check;
mod env;
mod error;
mod jwt_key;
mod public_origin;
mod publishable_key;
pub(crate) mod rules;
mod secret_key;
mod settings;
pub(crate) mod url;

pub use env::ENVIRONMENT_VARIABLES;
pub(crate) use env::{Environment, webhook_signing_secrets};
pub use error::{ConfigError, ConfigErrorKind};
pub use jwt_key::JwtKey;
pub use public_origin::PublicOrigin;
pub use publishable_key::{InstanceType, PublishableKey, cookie_suffix};
pub(crate) use rules::Rules;
pub use secret_key::{MachineSecretKey, SecretKey};
pub(crate) use settings::Settings;
pub use settings::account_portal;

pub use crate::flow::parse_cookies;
