//! JSON of the Frontend API. What both APIs share is in `crate::resource`.

mod avatar;
mod client;
mod environment;
mod organization;
mod sign_in;
mod sign_up;
mod user;
mod verification;

pub(super) use client::{client, session};
pub(super) use environment::environment;
pub(super) use organization::{invitation, membership, organization, role};
pub(super) use sign_in::{reverification, sign_in};
pub(super) use sign_up::sign_up;
pub(super) use user::{email_address, phone_number, user};
pub(super) use verification::verification;
