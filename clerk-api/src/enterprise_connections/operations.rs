//! Operations on enterprise connections.

use serde_json::Value;

use crate::{
    Page,
    common::DeletedObject,
    define::operations,
    enterprise_connections::{
        EnterpriseConnection, EnterpriseConnectionProvider, EnterpriseConnectionTestRun,
        EnterpriseConnectionTestRunUrl, TestRunStatus,
    },
};

operations! { EnterpriseConnections {
    /// Lists enterprise connections.
    fn list() -> ListEnterpriseConnections: "ListEnterpriseConnections" GET "/enterprise_connections" => Page<EnterpriseConnection>, streams EnterpriseConnection {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            organization_id: String,
            active: bool,
        }
    }

    /// Creates an enterprise connection.
    fn create(; body name: String, body provider: EnterpriseConnectionProvider, body domains: Vec<String> [1.. items]) -> CreateEnterpriseConnection: "CreateEnterpriseConnection" POST "/enterprise_connections" => EnterpriseConnection {
        with body {
            organization_id: Option<String>,
            allow_organization_account_linking: Option<bool>,
            active: Option<bool>,
            /// Its `idp_certificates` is a list of certificates in PEM.
            saml: Option<Value>,
            oidc: Option<Value>,
            custom_attributes: Value,
        }
    }

    /// Gets an enterprise connection by id.
    fn get(enterprise_connection_id) -> GetEnterpriseConnection: "GetEnterpriseConnection" GET "/enterprise_connections/{enterprise_connection_id}" => EnterpriseConnection {}

    /// Changes an enterprise connection; parameters that are not set stay unchanged.
    fn update(enterprise_connection_id) -> UpdateEnterpriseConnection: "UpdateEnterpriseConnection" PATCH "/enterprise_connections/{enterprise_connection_id}" => EnterpriseConnection {
        with body {
            name: Option<String>,
            domains: Option<Vec<String>>,
            active: Option<bool>,
            sync_user_attributes: Option<bool>,
            disable_additional_identifications: Option<bool>,
            allow_organization_account_linking: Option<bool>,
            organization_id: Option<String>,
            /// Its `idp_certificates` is a list of certificates in PEM.
            saml: Option<Value>,
            oidc: Option<Value>,
            custom_attributes: Option<Value>,
        }
    }

    /// Deletes an enterprise connection.
    fn delete(enterprise_connection_id) -> DeleteEnterpriseConnection: "DeleteEnterpriseConnection" DELETE "/enterprise_connections/{enterprise_connection_id}" => DeletedObject {}

    /// Lists the test runs of an enterprise connection.
    fn list_test_runs(enterprise_connection_id) -> ListEnterpriseConnectionTestRuns: "ListEnterpriseConnectionTestRuns" GET "/enterprise_connections/{enterprise_connection_id}/test_runs" => Page<EnterpriseConnectionTestRun>, streams EnterpriseConnectionTestRun {
        query {
            status: Vec<TestRunStatus>,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Starts a test run of an enterprise connection; returns its link.
    fn create_test_run(enterprise_connection_id) -> CreateEnterpriseConnectionTestRun: "CreateEnterpriseConnectionTestRun" POST "/enterprise_connections/{enterprise_connection_id}/test_runs" => EnterpriseConnectionTestRunUrl {}
}}
