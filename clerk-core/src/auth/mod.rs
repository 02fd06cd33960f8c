//! What a verified request knows: the [`Session`], its organization, the machines, and the policies that they are asked about.

mod caller;
mod ids;
mod machine;
mod organization;
mod policy;
mod project;
mod reason;
mod reverification;
mod session;
mod state;
mod token_type;

pub use caller::Caller;
pub use ids::{OrgId, SessionId, UserId};
pub(crate) use machine::MachineData;
pub use machine::{ApiKey, M2mToken, OAuthToken};
pub use organization::Organization;
pub(crate) use policy::Missing;
pub use policy::Policy;
pub use project::{CustomClaims, FromAuth};
pub use reason::{Reason, RefreshFailure};
pub use reverification::{FactorLevel, Reverification};
pub use session::{Actor, FactorAges, Session, SessionStatus};
pub(crate) use session::{Impersonation, SessionData};
pub use state::{AuthState, Misconfigured, SignedOut, Unavailable};
pub(crate) use token_type::is_jwt;
pub use token_type::{AcceptsToken, TokenType};
