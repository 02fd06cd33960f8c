//! Enterprise connections.

mod operations;

pub use clerk_types::{
    enterprise_connection::{
        EnterpriseConnection, EnterpriseConnectionCustomAttribute, EnterpriseConnectionOauthConfig,
        EnterpriseConnectionProvider, EnterpriseConnectionSamlConnection, EnterpriseConnectionSamlConnectionLoginHint,
        EnterpriseConnectionTestRun, EnterpriseConnectionTestRunLog, EnterpriseConnectionTestRunOauth,
        EnterpriseConnectionTestRunParsedUserInfo, EnterpriseConnectionTestRunSaml, EnterpriseConnectionTestRunUrl,
        IdpCertificate, LoginHintMode, TestRunStatus,
    },
    external_account::EnterpriseProtocol,
};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Enterprise connections.
    EnterpriseConnections, enterprise_connections
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
