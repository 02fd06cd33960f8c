//! The instance's settings.

mod operations;

pub use clerk_types::instance::{
    DefaultEnrollmentMode, Instance, InstanceAuthConfig, InstanceCommunication, InstanceProtect, InstanceRestrictions,
    OAuthApplicationSettings, OrganizationSettings, PreferredSignInStrategy,
};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The instance's settings.
    InstanceSettings, instance_settings
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
