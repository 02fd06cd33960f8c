//! What an operator sees: a span for each authentication, an audit trail, metrics.
//!
//! Nothing here holds a token, a cookie or a key, and nothing is computed or kept for it unless somebody listens.
//!
//! # The span
//!
//! Each authentication is one [`tracing`] span `authenticate`, target `clerk`, level DEBUG. What is logged on the way is
//! logged inside it, and an event inside it holds the reason in words (`detail`). It also covers the time that a request
//! waits for something to be fetched; the fetch of the keys itself is a task that many requests share, and so lies
//! outside.
//!
//! | field | what it holds | when it is there |
//! |---|---|---|
//! | `status` | `signed-in`, `pending`, `signed-out`, `handshake`, `unavailable` or `misconfigured` | always; not when the request went away while it waited |
//! | `reason` | why nobody is signed in: a [`Reason`](crate::Reason) | unless signed in |
//! | `token_type` | `session_token`, `api_key`, `m2m_token` or `oauth_token` | when the request was judged by one |
//! | `user_id` | the user; of an API key or an OAuth token whom it stands for | when there is one |
//! | `session_id` | the session | for sessions |
//! | `org_id` | the active organization, or that of an API key | when there is one |
//! | `actor` | who acts as the user of an impersonated session | when somebody does |
//! | `machine_id` | the machine | for M2M tokens |
//! | `client_id` | the OAuth application | for OAuth tokens that name it |
//! | `token_id` | the id of the token, which is not the token | for tokens of machines |
//! | `fetched` | what had to be fetched: `key`, `handshake`, `refresh`, `machine_token`, `session`, with commas between | always; empty when nothing had to be |
//!
//! # The audit trail
//!
//! Each request that passed a layer is one [`AuditEvent`] when its response comes back, for the [`AuditSink`] of
//! [`ClerkBuilder::audit`](crate::ClerkBuilder::audit) or [`Authenticator::audit`](crate::Authenticator::audit) and as a
//! `tracing` event `request`, target `clerk::audit`, level INFO. It has the fields of the span, without `fetched`, with
//! these in place of `status`:
//!
//! | field | what it holds |
//! |---|---|
//! | `method`, `path` | the request's, without the query; control characters and whatever is not ASCII is escaped, and at most 512 bytes are kept |
//! | `decision` | `allowed`, `denied`, `handshake` or `unanswered`; see [`AuditDecision`] |
//! | `status` | the HTTP status code of a refusal |
//! | `reason` | why the request is not signed in, or why it was refused |
//!
//! A subscriber that listens at INFO hears about every request; `clerk::audit=off` in its filter silences the trail.
//!
//! # Metrics
//!
//! With the feature `metrics`, for the recorder of the [`metrics`](https://docs.rs/metrics) crate. Install it before the
//! `Clerk` is built, which describes them. No label ever holds an id, a path or anything else that a client wrote.
//!
//! | name | labels | counts |
//! |---|---|---|
//! | `clerk_authentications_total` | `status`, `reason`, `token_type` (as in the span; `none` where there is none) | requests and tokens that were judged |
//! | `clerk_authentication_duration_seconds` | `waited` (`true`, `false`) | how long each took; a histogram, in seconds |
//! | `clerk_jwks_fetches_total` | `outcome` | fetches of the instance's keys |
//! | `clerk_backend_calls_total` | `operation` (`handshake_payload`, `refresh`, `machine_token`, `create_m2m_token`, `session`, `sessions`, `revoke_session`), `outcome` | other calls of the Backend API |
//! | `clerk_token_cache_total` | `outcome` (`hit`, `miss`) | session tokens that were known, or whose signature had to be verified |
//!
//! An `outcome` is `success`, or why there was none: `busy`, `connection`, `foreign`, `malformed`, `no-keys`, `refused`,
//! `secret-key-refused`, `status`, `timeout` or `too-large`. A `reason` is spelled as in the span, but for the error codes
//! that the Backend API gives for a refused refresh, which are all `session-token-expired-refresh-refused`.

mod audit;
mod identity;
pub(crate) mod metrics;
mod pending_audit;
mod span;

pub(crate) use audit::Sink;
pub use audit::{AuditDecision, AuditEvent, AuditSink};
pub(crate) use pending_audit::{Passage, Seen};
pub(crate) use span::{Needed, Watch};
