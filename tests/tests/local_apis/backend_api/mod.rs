//! The Backend API of a local instance: what each operation does, and that its answers are what Clerk describes.

mod api;
mod bad_days;
mod credentials;
mod external_accounts;
mod form;
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
