//! Calls of a local instance's Backend API, as plain as they travel. Where Clerk's description is at hand, each answer is
//! compared with it.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use clerk_local::LocalClerk;
use clerk_tests::openapi::Conformance;
use reqwest::Method;
use serde_json::{Value, json};

/// How many tests call [`Api::finish`]; after the last of them each operation was called that there is.
const TESTS: usize = 27;

static FINISHED: AtomicUsize = AtomicUsize::new(0);

fn conformance() -> Option<&'static Conformance> {
    static CONFORMANCE: OnceLock<Option<Conformance>> = OnceLock::new();
    CONFORMANCE.get_or_init(Conformance::backend).as_ref()
}

/// A running instance and a client with its secret key.
pub(crate) struct Api {
    pub(crate) local: LocalClerk,
    client: reqwest::Client,
}

/// What an operation answered.
#[derive(Debug)]
pub(crate) struct Answered {
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
        let told = format!("{method} {path} {body}");
        let answered = self.call(method, path, body).await;
        assert!((200..300).contains(&answered.status), "{told}: {answered:?}");
        answered.json
    }

    /// Status and code of a refusal, and the parameter that it is about.
    pub(crate) async fn refused(&self, method: Method, path: &str, body: Value) -> (u16, String, Option<String>) {
        let told = format!("{method} {path} {body}");
        let answered = self.call(method, path, body).await;
        let error = &answered.json["errors"][0];
        assert!(error["message"].is_string() && error["long_message"].is_string(), "{told}: {answered:?}");
        assert!(answered.json["clerk_trace_id"].is_string(), "{told}: {answered:?}");
        let parameter = error["meta"]["param_name"].as_str().map(str::to_owned);
        (answered.status, error["code"].as_str().unwrap().to_owned(), parameter)
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Answered {
        let key = self.local.secret_key().expose();
        self.call_as(key, method, path, body).await
    }

    pub(crate) async fn call_as(&self, key: &str, method: Method, path: &str, body: Value) -> Answered {
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
        // Which refusals there can be is not described well enough to be compared; the form of all is one.
        // The form of paginated lists that are arrays otherwise is not described.
        let described = (200..300).contains(&status) && !path.contains("paginated=true");
        if let Some(conformance) = conformance().filter(|_| described) {
            conformance.check(method.as_str(), path, status, &json);
        }
        Answered { status, json }
    }

    /// The end of a test. After the last one, what was covered is printed and compared with what is known to be missing.
    pub(crate) fn finish(self) {
        let finished = FINISHED.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(finished <= TESTS, "there is a test more: raise the number");
        if let Some(conformance) = conformance().filter(|_| finished == TESTS) {
            conformance.report();
            let missing: Vec<_> = conformance.uncovered();
            assert_eq!(missing, MISSING, "these are not implemented, or not tested");
        }
    }
}

/// Operations that the local instance does not have, in the order in which Clerk describes them.
const MISSING: &[&str] = &[
    // What the instance would have to ask others about.
    "createAdminPortalLinkToken",
    "revokeAdminPortalLinkToken",
    "CreateAgentTask",
    "RevokeAgentTask",
    // Of production instances, or deprecated.
    "UpdateProductionInstanceDomain",
    "UpdateInstanceAuthConfig",
    // There is nothing to pay.
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
    // There is no directory.
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
