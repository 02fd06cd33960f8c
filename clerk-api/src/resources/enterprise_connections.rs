//! Enterprise connections.

use clerk_types::common::DeletedObject;
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
use serde_json::Value;

use crate::define::resource;

resource! {
/// Enterprise connections.
EnterpriseConnections, enterprise_connections {
    /// Lists enterprise connections.
    GET "/enterprise_connections" ListEnterpriseConnections
    list() ?{ ..paged, organization_id: String, active: bool } => Page<EnterpriseConnection>;

    /// Creates an enterprise connection.
    POST "/enterprise_connections" CreateEnterpriseConnection
    create(; name: String, provider: EnterpriseConnectionProvider, domains: Vec<String> [1.. items]) {
        organization_id: Option<String>, allow_organization_account_linking: Option<bool>, active: Option<bool>,
        /// Its `idp_certificates` is a list of certificates in PEM.
        saml: Option<Value>,
        oidc: Option<Value>, custom_attributes: Value,
    } -> EnterpriseConnection;

    /// Gets an enterprise connection by id.
    GET "/enterprise_connections/{enterprise_connection_id}" GetEnterpriseConnection
    get(enterprise_connection_id) -> EnterpriseConnection;

    /// Changes an enterprise connection; parameters that are not set stay unchanged.
    PATCH "/enterprise_connections/{enterprise_connection_id}" UpdateEnterpriseConnection
    update(enterprise_connection_id) {
        name: Option<String>, domains: Option<Vec<String>>, active: Option<bool>,
        sync_user_attributes: Option<bool>, disable_additional_identifications: Option<bool>,
        allow_organization_account_linking: Option<bool>, organization_id: Option<String>,
        /// Its `idp_certificates` is a list of certificates in PEM.
        saml: Option<Value>,
        oidc: Option<Value>, custom_attributes: Option<Value>,
    } -> EnterpriseConnection;

    /// Deletes an enterprise connection.
    DELETE "/enterprise_connections/{enterprise_connection_id}" DeleteEnterpriseConnection
    delete(enterprise_connection_id) -> DeletedObject;

    /// Lists the test runs of an enterprise connection.
    GET "/enterprise_connections/{enterprise_connection_id}/test_runs" ListEnterpriseConnectionTestRuns
    list_test_runs(enterprise_connection_id) ?{ ..paged, status: Vec<TestRunStatus> }
        => Page<EnterpriseConnectionTestRun>;

    /// Starts a test run of an enterprise connection; returns its link.
    POST "/enterprise_connections/{enterprise_connection_id}/test_runs" CreateEnterpriseConnectionTestRun
    create_test_run(enterprise_connection_id) -> EnterpriseConnectionTestRunUrl;
}}
