//! The two APIs of a local instance, called over HTTP and compared with Clerk's OpenAPI descriptions.

mod backend_api;
mod frontend_api;
