//! Operations on enterprise connections.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, Json, List, Maybe, Text},
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
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
            organization_id: Text,
            active: Flag,
        }
    }

    /// Creates an enterprise connection.
    fn create(; body name: Text, body provider: Choice<EnterpriseConnectionProvider>, body domains: List<Text> [1.. items]) -> CreateEnterpriseConnection: "CreateEnterpriseConnection" POST "/enterprise_connections" => EnterpriseConnection {
        with body {
            organization_id: Maybe<Text>,
            allow_organization_account_linking: Maybe<Flag>,
            active: Maybe<Flag>,
            /// Its `idp_certificates` is a list of certificates in PEM.
            saml: Maybe<Json>,
            oidc: Maybe<Json>,
            custom_attributes: Json,
        }
    }

    /// Gets an enterprise connection by id.
    fn get(enterprise_connection_id) -> GetEnterpriseConnection: "GetEnterpriseConnection" GET "/enterprise_connections/{enterprise_connection_id}" => EnterpriseConnection {}

    /// Changes an enterprise connection; parameters that are not set stay unchanged.
    fn update(enterprise_connection_id) -> UpdateEnterpriseConnection: "UpdateEnterpriseConnection" PATCH "/enterprise_connections/{enterprise_connection_id}" => EnterpriseConnection {
        with body {
            name: Maybe<Text>,
            domains: Maybe<List<Text>>,
            active: Maybe<Flag>,
            sync_user_attributes: Maybe<Flag>,
            disable_additional_identifications: Maybe<Flag>,
            allow_organization_account_linking: Maybe<Flag>,
            organization_id: Maybe<Text>,
            /// Its `idp_certificates` is a list of certificates in PEM.
            saml: Maybe<Json>,
            oidc: Maybe<Json>,
            custom_attributes: Maybe<Json>,
        }
    }

    /// Deletes an enterprise connection.
    fn delete(enterprise_connection_id) -> DeleteEnterpriseConnection: "DeleteEnterpriseConnection" DELETE "/enterprise_connections/{enterprise_connection_id}" => DeletedObject {}

    /// Lists the test runs of an enterprise connection.
    fn list_test_runs(enterprise_connection_id) -> ListEnterpriseConnectionTestRuns: "ListEnterpriseConnectionTestRuns" GET "/enterprise_connections/{enterprise_connection_id}/test_runs" => Page<EnterpriseConnectionTestRun>, streams EnterpriseConnectionTestRun {
        query {
            status: List<Choice<TestRunStatus>>,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Starts a test run of an enterprise connection; returns its link.
    fn create_test_run(enterprise_connection_id) -> CreateEnterpriseConnectionTestRun: "CreateEnterpriseConnectionTestRun" POST "/enterprise_connections/{enterprise_connection_id}/test_runs" => EnterpriseConnectionTestRunUrl {}
}}
