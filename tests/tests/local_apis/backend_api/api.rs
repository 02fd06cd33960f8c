//! A client of a local instance's Backend API. Each response is compared with Clerk's description.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use clerk_local::LocalClerk;
use clerk_tests::openapi::Conformance;
use reqwest::Method;
use serde_json::{Value, json};

/// The number of tests that call [`Api::finish`]; after the last of them every implemented operation was called.
const TESTS: usize = 28;

static FINISHED: AtomicUsize = AtomicUsize::new(0);

fn conformance() -> &'static Conformance {
    static CONFORMANCE: OnceLock<Conformance> = OnceLock::new();
    CONFORMANCE.get_or_init(Conformance::backend)
}

/// A running instance and a client with its secret key.
pub(crate) struct Api {
    pub(crate) local: LocalClerk,
    client: reqwest::Client,
}

/// The response of an operation.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::of(LocalClerk::start().await.unwrap())
    }

    pub(crate) fn of(local: LocalClerk) -> Self {
        Self { local, client: reqwest::Client::new() }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.succeed(Method::GET, path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::PATCH, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::PUT, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        self.succeed(Method::DELETE, path, Value::Null).await
    }

    async fn succeed(&self, method: Method, path: &str, body: Value) -> Value {
        let request = format!("{method} {path} {body}");
        let response = self.call(method, path, body).await;
        assert!((200..300).contains(&response.status), "{request}: {response:?}");
        response.json
    }

    /// Expects an error; returns its status, its code, and the parameter that it names.
    pub(crate) async fn refused(&self, method: Method, path: &str, body: Value) -> (u16, String, Option<String>) {
        let request = format!("{method} {path} {body}");
        let response = self.call(method, path, body).await;
        let error = &response.json["errors"][0];
        assert!(error["message"].is_string() && error["long_message"].is_string(), "{request}: {response:?}");
        assert!(response.json["clerk_trace_id"].is_string(), "{request}: {response:?}");
        let parameter = error["meta"]["param_name"].as_str().map(str::to_owned);
        (response.status, error["code"].as_str().unwrap().to_owned(), parameter)
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> ApiResponse {
        let key = self.local.secret_key().expose();
        self.call_as(key, method, path, body).await
    }

    pub(crate) async fn call_as(&self, key: &str, method: Method, path: &str, body: Value) -> ApiResponse {
        let url = format!("{}{path}", self.local.backend_api_url());
        let request = self.client.request(method.clone(), url).bearer_auth(key);
        let request = if body.is_null() {
            request
        } else {
            request.header("content-type", "application/json").body(body.to_string())
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let json = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(json!(text)) };
        // Errors are not compared, because the descriptions of them are incomplete; `refused` checks their form.
        // Nor are paginated lists that are arrays without `paginated`: their form is not described.
        let described = (200..300).contains(&status) && !path.contains("paginated=true");
        if described {
            conformance().check(method.as_str(), path, status, &json);
        }
        ApiResponse { status, json }
    }

    /// Ends a test. The last one prints the coverage, and compares the operations that were not called with `MISSING`.
    pub(crate) fn finish(self) {
        let finished = FINISHED.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(finished <= TESTS, "a test was added: increase TESTS");
        if finished == TESTS {
            conformance().report();
            assert_eq!(conformance().uncovered(), MISSING, "operations that are not implemented or not tested");
        }
    }
}

/// Operations that the local instance does not implement, in the order of Clerk's description.
const MISSING: &[&str] = &[
    // They need external services.
    "createAdminPortalLinkToken",
    "revokeAdminPortalLinkToken",
    "CreateAgentTask",
    "RevokeAgentTask",
    // For production instances only, or deprecated.
    "UpdateProductionInstanceDomain",
    "UpdateInstanceAuthConfig",
    // There is no billing.
    "GetCommercePlanList",
    "GetBillingPriceList",
    "CreateBillingPrice",
    "GetBillingStatementList",
    "GetBillingStatement",
    "GetBillingStatementPaymentAttempts",
    "GetCommerceSubscriptionItemList",
    "CancelCommerceSubscriptionItem",
    "ApplyBillingSubscriptionItemDiscount",
    "RemoveBillingSubscriptionItemDiscount",
    "ExtendBillingSubscriptionItemFreeTrial",
    "CreateBillingPriceTransition",
    // There are no directories.
    "ListDirectories",
    "CreateDirectory",
    "DeleteDirectory",
    "GetDirectory",
    "UpdateDirectory",
    "ListDirectoryGroupRoleMappings",
    "CreateDirectoryGroupRoleMapping",
    "ReplaceDirectoryGroupRoleMappings",
    "DeleteDirectoryGroupRoleMapping",
    "RotateDirectoryAPIKey",
    "ListEnterpriseConnections",
    "CreateEnterpriseConnection",
    "DeleteEnterpriseConnection",
    "GetEnterpriseConnection",
    "UpdateEnterpriseConnection",
    "ListEnterpriseConnectionTestRuns",
    "CreateEnterpriseConnectionTestRun",
    "ChangeProductionInstanceDomain",
    "UploadOAuthApplicationLogo",
    "GetOrganizationBillingCreditBalance",
    "AdjustOrganizationBillingCreditBalance",
    "GetOrganizationBillingSubscription",
    "DeleteOrganizationLogo",
    "UploadOrganizationLogo",
    "VerifyDomainProxy",
    "GetPublicInterstitial",
    "ListSAMLConnections",
    "CreateSAMLConnection",
    "DeleteSAMLConnection",
    "GetSAMLConnection",
    "UpdateSAMLConnection",
    "ListSCIMDirectories",
    "CreateSCIMDirectory",
    "DeleteSCIMDirectory",
    "GetSCIMDirectory",
    "UpdateSCIMDirectory",
    "ListSCIMGroupRoleMappings",
    "CreateSCIMGroupRoleMapping",
    "ReplaceSCIMGroupRoleMappings",
    "DeleteSCIMGroupRoleMapping",
    "RotateSCIMDirectoryAPIKey",
    "GetSignUp",
    "UpdateSignUp",
    "GetTemplateList",
    "GetTemplate",
    "UpsertTemplate",
    "PreviewTemplate",
    "RevertTemplate",
    "ToggleTemplateDelivery",
    "GetUserBillingCreditBalance",
    "AdjustUserBillingCreditBalance",
    "GetUserBillingSubscription",
    "UserPasskeyDelete",
    "DeleteUserProfileImage",
    "SetUserProfileImage",
    "RevokeUserTrustedDevice",
    "UserWeb3WalletDelete",
];
