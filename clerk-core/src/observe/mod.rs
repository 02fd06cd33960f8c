//! What an operator sees: a span for each authentication, an audit trail, metrics.
//!
//! None of them holds a token, a cookie or a key. Without a subscriber, sink or recorder, nothing is computed or kept
//! for them.
//!
//! # The span
//!
//! Each authentication is one [`tracing`] span `authenticate`, target `clerk`, level DEBUG. Log events of the
//! authentication are inside it; its last event has the reason in words (`detail`). The span includes the time that the
//! request waits for a fetch. The fetch of the keys itself is outside, because many requests share it.
//!
//! | field | value | present |
//! |---|---|---|
//! | `status` | `signed-in`, `pending`, `signed-out`, `handshake`, `unavailable` or `misconfigured` | always, except if the client disconnects during a fetch |
//! | `reason` | why the request is not signed in: a [`Reason`](crate::auth::Reason) | if not signed in |
//! | `token_type` | `session_token`, `api_key`, `m2m_token` or `oauth_token` | if the request has a token of an accepted type |
//! | `user_id` | the user; for an API key or an OAuth token, the user that it belongs to | if there is one |
//! | `session_id` | the session | for sessions |
//! | `org_id` | the active organization, or the organization that owns the API key | if there is one |
//! | `actor` | who acts for the user | for impersonated sessions, and for OAuth tokens from a token exchange |
//! | `machine_id` | the machine | for M2M tokens |
//! | `client_id` | the OAuth application | for OAuth tokens that name it |
//! | `token_id` | the id of the token, not the token itself | for machine tokens |
//! | `fetched` | what was fetched: `key`, `handshake`, `refresh`, `machine_token`, `session`, separated by commas | always; empty if nothing was fetched |
//!
//! # The audit trail
//!
//! Each request that reaches a layer makes one [`AuditEvent`] when its response is ready. It goes to the [`AuditSink`]
//! of [`ClerkBuilder::audit`](crate::ClerkBuilder::audit) or [`Authenticator::audit`](crate::Authenticator::audit), and
//! to `tracing` as an event `request`, target `clerk::audit`: level INFO if there is a sink, else DEBUG. It has the span's
//! fields, except `fetched` and `status`, and these:
//!
//! | field | value |
//! |---|---|
//! | `method`, `path` | of the request, without the query; control and non-ASCII characters are escaped, and at most 512 bytes are kept |
//! | `decision` | `allowed`, `denied`, `handshake` or `unanswered`; see [`AuditDecision`] |
//! | `status` | the HTTP status code of a refusal |
//! | `reason` | why the request is not signed in, or why it was refused |
//! | `claims_as_of` | when Clerk read the claims of the session's token, in seconds since the Unix epoch |
//!
//! Without a sink, `clerk::audit=debug` in the subscriber's filter turns the trail on; with a sink, `clerk::audit=off`
//! keeps it out of the log.
//!
//! # Metrics
//!
//! With the feature `metrics`, for the recorder of the [`metrics`](https://docs.rs/metrics) crate. Install the recorder
//! before you build the `Clerk`, which registers their descriptions. No label holds an id, a path or other text of a
//! client.
//!
//! | name | labels | counts |
//! |---|---|---|
//! | `clerk_authentications_total` | `status`, `reason`, `token_type` (as in the span; `none` for a missing one) | authenticated requests and tokens, whatever the result |
//! | `clerk_authentication_duration_seconds` | `waited` (`true`, `false`) | duration of each authentication; a histogram, in seconds |
//! | `clerk_jwks_fetches_total` | `outcome` | fetches of the instance's keys |
//! | `clerk_backend_calls_total` | `operation` (`handshake_payload`, `refresh`, `machine_token`, `create_m2m_token`, `session`, `sessions`, `revoke_session`), `outcome` | other calls of the Backend API |
//! | `clerk_token_cache_total` | `outcome` (`hit`, `miss`) | session tokens found in the cache, and those verified by their signature |
//!
//! An `outcome` is `success` or the kind of failure: `busy`, `connection`, `foreign`, `malformed`, `no-keys`,
//! `refused`, `secret-key-refused`, `status`, `timeout` or `too-large`. A `reason` is that of the span, except that all
//! error codes of the Backend API for a refused refresh become `session-token-expired-refresh-refused`.

mod audit;
mod identity;
pub(crate) mod metrics;
mod pending_audit;
mod span;

pub(crate) use audit::Sink;
pub use audit::{AuditDecision, AuditEvent, AuditSink};
pub(crate) use pending_audit::{AuditRequest, PendingAudit};
pub(crate) use span::{Needed, Watch};
