//! The result of an authentication: the [`Session`] with its organization, machine tokens, and the policies for them.

mod actor;
mod caller;
mod denied;
mod from_auth;
mod ids;
mod machine;
mod organization;
mod permissions;
mod policy;
mod reason;
mod reverification;
mod scope;
mod session;
mod session_claims;
mod state;

pub use actor::Actor;
pub(crate) use actor::{ActIn, Delegation};
pub use caller::Caller;
pub(crate) use denied::CHALLENGE;
pub use denied::{Denied, DeniedKind};
pub use from_auth::{CustomClaims, FromAuth};
pub use ids::{InvalidId, OrgId, SessionId, UserId};
pub(crate) use machine::MachineData;
pub use machine::{ApiKey, M2mToken, OAuthToken};
pub use organization::Organization;
pub use policy::Policy;
pub(crate) use policy::PolicyFailure;
pub use reason::{Reason, RefreshFailure};
pub use reverification::{FactorLevel, Reverification};
pub(crate) use session::SessionData;
pub use session::{FactorAges, Session, SessionStatus};
pub(crate) use session_claims::session;
pub use state::{AuthState, Misconfigured, SignedOut, Unavailable};
