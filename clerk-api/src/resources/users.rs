//! The users of the instance.

use clerk_types::{
    Page,
    common::DeletedObject,
    invitation::{InvitationStatus, UserOrganizationInvitation},
    membership::OrganizationMembership,
    money::{CreditAction, CreditBalance, CreditLedgerEntry},
    subscription::Subscription,
};
pub use clerk_types::{
    common::TotalCount,
    external_account::{
        EnterpriseAccount, EnterpriseAccountConnection, ExternalAccount, SamlAccount, SamlAccountConnection,
    },
    identification::{Passkey, Web3Wallet},
    user::{
        NewIdentificationStatus, PasswordCheck, ScimUserMetadata, TotpCheck, TotpCheckCodeType, TrustedDevice,
        TrustedDevicePlatform, TrustedDeviceStatus, User, UserOAuthAccessToken, UserReference,
    },
};
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// The users of the instance.
Users, users {
    /// Lists users.
    #[doc = example!(r#"let page = client.users().list().email_address(["ada@example.com"]).limit(50).send().await?;"#)]
    GET "/users" GetUserList
    list() ?{
        ..user_filters, ..paged, starting_after: String,
        /// Default: `-created_at`.
        order_by: String,
    } => Page<User>;

    /// Counts the users that match these conditions.
    #[doc = example!(r#"let count = client.users().count().banned(true).send().await?.total_count;"#)]
    GET "/users/count" GetUsersCount
    count() ?{ ..user_filters } -> TotalCount;

    /// Creates a user.
    #[doc = example!(r#"let user = client.users().create().email_address(["ada@example.com"]).first_name("Ada").send().await?;"#)]
    POST "/users" CreateUser
    create() {
        external_id: Option<String>, first_name: Option<String>, last_name: Option<String>, locale: Option<String>,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        timezone: String,
        email_address: Vec<String>, email_address_identification_status: Vec<NewIdentificationStatus>,
        phone_number: Vec<String>, phone_number_identification_status: Vec<NewIdentificationStatus>,
        web3_wallet: Vec<String>, username: Option<String>, password: Option<String>,
        password_digest: Option<String>, password_hasher: String, skip_password_checks: Option<bool>,
        skip_password_requirement: Option<bool>, totp_secret: Option<String>, backup_codes: Vec<String>,
        public_metadata: Value, private_metadata: Value, unsafe_metadata: Value, delete_self_enabled: Option<bool>,
        legal_accepted_at: Option<String>, skip_legal_checks: Option<bool>, skip_user_requirement: Option<bool>,
        create_organization_enabled: Option<bool>, create_organizations_limit: Option<i64>,
        created_at: Option<String>, bypass_client_trust: Option<bool>, banned: Option<bool>, locked: Option<bool>,
    } -> User;

    /// Gets a user by id.
    #[doc = example!(r#"let user = client.users().get("user_1").send().await?;"#)]
    GET "/users/{user_id}" GetUser
    get(user_id) -> User;

    /// Changes a user; parameters that are not set stay unchanged.
    #[doc = example!(r#"let user = client.users().update("user_1").last_name("Lovelace").username(clerk_api::Null).send().await?;"#)]
    PATCH "/users/{user_id}" UpdateUser
    update(user_id) {
        external_id: Option<String>, first_name: Option<String>, last_name: Option<String>, locale: Option<String>,
        /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
        timezone: String,
        primary_email_address_id: Option<String>,
        /// Default: `false`.
        notify_primary_email_address_changed: Option<bool>,
        primary_phone_number_id: Option<String>, primary_web3_wallet_id: Option<String>, username: Option<String>,
        profile_image_id: Option<String>, password: Option<String>, password_digest: String,
        password_hasher: String, skip_password_checks: Option<bool>, sign_out_of_other_sessions: Option<bool>,
        totp_secret: Option<String>, backup_codes: Vec<String>, delete_self_enabled: Option<bool>,
        create_organization_enabled: Option<bool>, legal_accepted_at: Option<String>,
        skip_legal_checks: Option<bool>, create_organizations_limit: Option<i64>, created_at: Option<String>,
        bypass_client_trust: Option<bool>,
    } -> User;

    /// Deletes a user.
    #[doc = example!(r#"client.users().delete("user_1").send().await?;"#)]
    DELETE "/users/{user_id}" DeleteUser
    delete(user_id) -> DeletedObject;

    /// Bans a user: ends all sessions and prevents new ones.
    #[doc = example!(r#"client.users().ban("user_1").send().await?;"#)]
    POST "/users/{user_id}/ban" BanUser
    ban(user_id) -> User;

    /// Unbans a user.
    #[doc = example!(r#"client.users().unban("user_1").send().await?;"#)]
    POST "/users/{user_id}/unban" UnbanUser
    unban(user_id) -> User;

    /// Bans several users.
    /// `user_ids`: 1 to 50 items.
    POST "/users/ban" UsersBan
    bulk_ban(; user_ids: Vec<String> [1..=50 items]) -> Vec<User>;

    /// Unbans several users.
    /// `user_ids`: 1 to 50 items.
    POST "/users/unban" UsersUnban
    bulk_unban(; user_ids: Vec<String> [1..=50 items]) -> Vec<User>;

    /// Locks a user: prevents new sign-ins until the lock ends. Existing sessions continue.
    #[doc = example!(r#"client.users().lock("user_1").send().await?;"#)]
    POST "/users/{user_id}/lock" LockUser
    lock(user_id) -> User;

    /// Unlocks a user.
    #[doc = example!(r#"client.users().unlock("user_1").send().await?;"#)]
    POST "/users/{user_id}/unlock" UnlockUser
    unlock(user_id) -> User;

    /// Uploads a user's profile image.
    POST "/users/{user_id}/profile_image" SetUserProfileImage
    set_profile_image(user_id) upload file -> User;

    /// Removes a user's profile image.
    DELETE "/users/{user_id}/profile_image" DeleteUserProfileImage
    delete_profile_image(user_id) -> User;

    /// Merges into a user's metadata, deeply; a key that is null is removed.
    #[doc = example!(r#"client.users().update_metadata("user_1").public_metadata(serde_json::json!({ "plan": "pro" })).send().await?;"#)]
    PATCH "/users/{user_id}/metadata" UpdateUserMetadata
    update_metadata(user_id) { public_metadata: Value, private_metadata: Value, unsafe_metadata: Value } -> User;

    /// Replaces a user's metadata, each kind as a whole.
    PUT "/users/{user_id}/metadata" ReplaceUserMetadata
    replace_metadata(user_id) { public_metadata: Value, private_metadata: Value, unsafe_metadata: Value } -> User;

    /// Gets a user's subscription.
    GET "/users/{user_id}/billing/subscription" GetUserBillingSubscription
    billing_subscription(user_id) -> Subscription;

    /// Gets a user's credit balance.
    GET "/users/{user_id}/billing/credits" GetUserBillingCreditBalance
    billing_credit_balance(user_id) -> CreditBalance;

    /// Increases or decreases a user's credit.
    POST "/users/{user_id}/billing/credits" AdjustUserBillingCreditBalance
    adjust_billing_credit_balance(user_id; amount: i64, action: CreditAction, idempotency_key: String)
        { currency: String, note: String } -> CreditLedgerEntry;

    /// Lists the access tokens that a provider, such as `oauth_google`, issued for a user.
    #[doc = example!(r#"let tokens = client.users().oauth_access_tokens("user_1", "oauth_google").send().await?;"#)]
    GET "/users/{user_id}/oauth_access_tokens/{provider}" GetOAuthAccessToken
    oauth_access_tokens(user_id, provider) ?{ ..paged, paginated: bool }
        => Page<UserOAuthAccessToken>, flag paginated;

    /// Lists a user's memberships of organizations.
    #[doc = example!(r#"let page = client.users().organization_memberships("user_1").limit(100).send().await?;"#)]
    GET "/users/{user_id}/organization_memberships" UsersGetOrganizationMemberships
    organization_memberships(user_id) ?{ ..paged } => Page<OrganizationMembership>;

    /// Lists a user's invitations to organizations.
    GET "/users/{user_id}/organization_invitations" UsersGetOrganizationInvitations
    organization_invitations(user_id) ?{ ..paged, status: InvitationStatus } => Page<UserOrganizationInvitation>;

    /// Removes a user's password.
    POST "/users/{user_id}/remove_password" RemoveUserPassword
    remove_password(user_id) {
        /// Default: `false`.
        sign_out_of_other_sessions: bool,
    } -> User;

    /// Verifies the user's password. A wrong password is an error with status 422.
    #[doc = example!(r#"let check = client.users().verify_password("user_1", "a guess").send().await?;"#)]
    POST "/users/{user_id}/verify_password" VerifyPassword
    verify_password(user_id; password: String) -> PasswordCheck;

    /// Verifies a code of the user's authenticator app, or a backup code.
    POST "/users/{user_id}/verify_totp" VerifyTotp = "VerifyTOTP"
    verify_totp(user_id; code: String) -> TotpCheck;

    /// Removes all second factors of a user.
    DELETE "/users/{user_id}/mfa" DisableMfa = "DisableMFA"
    disable_mfa(user_id) -> UserReference;

    /// Removes a user's backup codes.
    DELETE "/users/{user_id}/backup_code" DeleteBackupCode
    delete_backup_codes(user_id) -> UserReference;

    /// Removes a passkey of a user.
    DELETE "/users/{user_id}/passkeys/{passkey_identification_id}" UserPasskeyDelete
    delete_passkey(user_id, passkey_identification_id) -> DeletedObject;

    /// Lists a user's trusted devices.
    GET "/users/{user_id}/trusted_devices" ListUserTrustedDevices
    list_trusted_devices(user_id) -> Page<TrustedDevice>;

    /// Stops trusting a device of a user.
    DELETE "/users/{user_id}/trusted_devices/{trusted_device_id}" RevokeUserTrustedDevice
    revoke_trusted_device(user_id, trusted_device_id) -> TrustedDevice;

    /// Removes a wallet of a user.
    DELETE "/users/{user_id}/web3_wallets/{web3_wallet_identification_id}" UserWeb3WalletDelete
    delete_web3_wallet(user_id, web3_wallet_identification_id) -> DeletedObject;

    /// Removes a user's authenticator app.
    DELETE "/users/{user_id}/totp" DeleteTotp = "DeleteTOTP"
    delete_totp(user_id) -> UserReference;

    /// Removes a user's account at a provider.
    DELETE "/users/{user_id}/external_accounts/{external_account_id}" DeleteExternalAccount
    delete_external_account(user_id, external_account_id) -> DeletedObject;

    /// Marks a user's password as compromised: the user must set another at the next sign-in.
    POST "/users/{user_id}/password/set_compromised" SetUserPasswordCompromised
    set_password_compromised(user_id) { revoke_all_sessions: Option<bool> } -> User;

    /// Removes the mark that a user's password is compromised.
    POST "/users/{user_id}/password/unset_compromised" UnsetUserPasswordCompromised
    unset_password_compromised(user_id) -> User;
}}
