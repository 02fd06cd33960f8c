//! Clerk's Backend API: its default address and the version that these crates are written for.

/// The Backend API's URL by default.
pub(crate) const DEFAULT_API_URL: &str = "https://api.clerk.com";

/// The version in the Backend API's paths by default.
pub(crate) const DEFAULT_API_PATH_VERSION: &str = "v1";

/// The version of the Backend API that these crates are written for, in the `clerk-api-version` header.
pub const BACKEND_API_VERSION: &str = "2026-05-12";
