//! Configuration: typed keys, environment variables, and the validated settings of an instance.

pub(crate) mod backend_api;
pub(crate) mod check;
pub(crate) mod development_hosts;
pub(crate) mod env;
mod error;
mod instance;
mod jwt_key;
mod pasted;
mod public_origin;
mod publishable_key;
mod secret_key;
pub(crate) mod url;
mod webhook_secret;

pub use env::{ENVIRONMENT_VARIABLES, webhook_signing_secrets};
pub use error::{ConfigError, ConfigErrorKind};
pub(crate) use instance::InstanceConfig;
pub use instance::account_portal;
pub use jwt_key::JwtKey;
pub use public_origin::PublicOrigin;
pub use publishable_key::{InstanceType, PublishableKey, cookie_suffix};
pub use secret_key::{MachineSecretKey, SecretKey};
pub use webhook_secret::WebhookSigningSecret;
