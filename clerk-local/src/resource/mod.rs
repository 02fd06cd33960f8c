//! JSON of objects, for the Backend API and for webhooks.

mod organization;
mod session;
mod user;

pub(crate) use organization::{
    membership, membership_in, organization, organization_invitation, organization_invitation_with_organization,
    public_organization_data,
};
pub(crate) use session::{session, tasks};
pub(crate) use user::{
    email_address, external_account, phone_number, public_inviter_data, public_user_data, user, verified_by,
};
