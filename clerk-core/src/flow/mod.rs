//! The request-authentication state machine: pure functions over (rules, keys, facts, now).
//!
//! [`begin`] decides what can be decided at once. Where something must be fetched it returns a struct whose `resume`
//! takes exactly the matching answer, so that every row of the decision table is a synchronous test.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> credential: begin
//!     credential --> SignedOut: none
//!     credential --> SignedOut: malformed, or no kid
//!     credential --> verify: key known
//!     credential --> NeedKey: key must be fetched
//!     NeedKey --> verify: resume(key)
//!     NeedKey --> SignedOut: resume(unknown)
//!     NeedKey --> Unavailable: resume(unavailable)
//!     verify --> SignedIn: signature, then claims
//!     verify --> SignedOut: refused
//! ```

mod cookies;
mod credential;
mod session;
mod view;

pub(crate) use session::{Keys, NeedKey, Step, begin, begin_token};
pub(crate) use view::Facts;
pub use view::{HeaderSource, RequestView};
