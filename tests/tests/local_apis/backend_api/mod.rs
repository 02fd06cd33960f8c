//! The Backend API of a local instance: the effect of each operation, and responses that match Clerk's description.

mod api;
mod common;
mod credentials;
mod external_accounts;
mod faults;
mod identifiers;
mod instance;
mod invitations;
mod machines;
mod memberships;
mod organizations;
mod roles;
mod sessions;
mod templates;
mod tickets;
mod users;
