//! Operations on users.

use crate::{
    Page,
    billing::{CreditAction, CreditBalance, CreditLedgerEntry, Subscription},
    common::DeletedObject,
    define::{example, operations},
    invitations::InvitationStatus,
    organization_invitations::UserOrganizationInvitation,
    organization_memberships::OrganizationMembership,
    users::{PasswordCheck, TotpCheck, TrustedDevice, User, UserOAuthAccessToken, UserReference},
};

operations! { Users {
    /// Gets a user's subscription.
    fn billing_subscription(user_id) -> GetUserBillingSubscription: "GetUserBillingSubscription" GET "/users/{user_id}/billing/subscription" => Subscription {}

    /// Gets a user's credit balance.
    fn billing_credit_balance(user_id) -> GetUserBillingCreditBalance: "GetUserBillingCreditBalance" GET "/users/{user_id}/billing/credits" => CreditBalance {}

    /// Increases or decreases a user's credit.
    fn adjust_billing_credit_balance(user_id; body amount: i64, body action: CreditAction, body idempotency_key: String) -> AdjustUserBillingCreditBalance: "AdjustUserBillingCreditBalance" POST "/users/{user_id}/billing/credits" => CreditLedgerEntry {
        with body {
            currency: String,
            note: String,
        }
    }

    /// Lists the access tokens that a provider, such as `oauth_google`, issued for a user.
    #[doc = example!(r#"let tokens = client.users().oauth_access_tokens("user_1", "oauth_google").send().await?;"#)]
    fn oauth_access_tokens(user_id, provider) -> GetOAuthAccessToken: "GetOAuthAccessToken" GET "/users/{user_id}/oauth_access_tokens/{provider}" => Page<UserOAuthAccessToken>, streams UserOAuthAccessToken, flag paginated {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Lists a user's memberships of organizations.
    #[doc = example!(r#"let page = client.users().organization_memberships("user_1").limit(100).send().await?;"#)]
    fn organization_memberships(user_id) -> UsersGetOrganizationMemberships: "UsersGetOrganizationMemberships" GET "/users/{user_id}/organization_memberships" => Page<OrganizationMembership>, streams OrganizationMembership {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Lists a user's invitations to organizations.
    fn organization_invitations(user_id) -> UsersGetOrganizationInvitations: "UsersGetOrganizationInvitations" GET "/users/{user_id}/organization_invitations" => Page<UserOrganizationInvitation>, streams UserOrganizationInvitation {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            status: InvitationStatus,
        }
    }

    /// Removes a user's password.
    fn remove_password(user_id) -> RemoveUserPassword: "RemoveUserPassword" POST "/users/{user_id}/remove_password" => User {
        with body {
            /// Default: `false`.
            sign_out_of_other_sessions: bool,
        }
    }

    /// Verifies the user's password. A wrong password is an error with status 422.
    #[doc = example!(r#"let check = client.users().verify_password("user_1", "a guess").send().await?;"#)]
    fn verify_password(user_id; body password: String) -> VerifyPassword: "VerifyPassword" POST "/users/{user_id}/verify_password" => PasswordCheck {
        with body {}
    }

    /// Verifies a code of the user's authenticator app, or a backup code.
    fn verify_totp(user_id; body code: String) -> VerifyTotp: "VerifyTOTP" POST "/users/{user_id}/verify_totp" => TotpCheck {
        with body {}
    }

    /// Removes all second factors of a user.
    fn disable_mfa(user_id) -> DisableMfa: "DisableMFA" DELETE "/users/{user_id}/mfa" => UserReference {}

    /// Removes a user's backup codes.
    fn delete_backup_codes(user_id) -> DeleteBackupCode: "DeleteBackupCode" DELETE "/users/{user_id}/backup_code" => UserReference {}

    /// Removes a passkey of a user.
    fn delete_passkey(user_id, passkey_identification_id) -> UserPasskeyDelete: "UserPasskeyDelete" DELETE "/users/{user_id}/passkeys/{passkey_identification_id}" => DeletedObject {}

    /// Lists a user's trusted devices.
    fn list_trusted_devices(user_id) -> ListUserTrustedDevices: "ListUserTrustedDevices" GET "/users/{user_id}/trusted_devices" => Page<TrustedDevice> {}

    /// Stops trusting a device of a user.
    fn revoke_trusted_device(user_id, trusted_device_id) -> RevokeUserTrustedDevice: "RevokeUserTrustedDevice" DELETE "/users/{user_id}/trusted_devices/{trusted_device_id}" => TrustedDevice {}

    /// Removes a wallet of a user.
    fn delete_web3_wallet(user_id, web3_wallet_identification_id) -> UserWeb3WalletDelete: "UserWeb3WalletDelete" DELETE "/users/{user_id}/web3_wallets/{web3_wallet_identification_id}" => DeletedObject {}

    /// Removes a user's authenticator app.
    fn delete_totp(user_id) -> DeleteTotp: "DeleteTOTP" DELETE "/users/{user_id}/totp" => UserReference {}

    /// Removes a user's account at a provider.
    fn delete_external_account(user_id, external_account_id) -> DeleteExternalAccount: "DeleteExternalAccount" DELETE "/users/{user_id}/external_accounts/{external_account_id}" => DeletedObject {}

    /// Marks a user's password as compromised: the user must set another at the next sign-in.
    fn set_password_compromised(user_id) -> SetUserPasswordCompromised: "SetUserPasswordCompromised" POST "/users/{user_id}/password/set_compromised" => User {
        with body {
            revoke_all_sessions: Option<bool>,
        }
    }

    /// Removes the mark that a user's password is compromised.
    fn unset_password_compromised(user_id) -> UnsetUserPasswordCompromised: "UnsetUserPasswordCompromised" POST "/users/{user_id}/password/unset_compromised" => User {}
}}
