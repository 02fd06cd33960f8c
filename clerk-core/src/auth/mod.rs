//! What a verified request knows: the [`Session`], its organization, and the policies that they are asked about.

mod ids;
mod organization;
mod policy;
mod project;
mod session;
mod state;

pub use ids::{OrgId, SessionId, UserId};
pub use organization::Organization;
pub use policy::Policy;
pub use project::{CustomClaims, FromAuth};
pub(crate) use session::SessionData;
pub use session::{Actor, FactorAges, Session, SessionStatus};
pub use state::{AuthState, Reason, SignedOut, Unavailable};
