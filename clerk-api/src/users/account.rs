//! Operations on users.

use serde_json::Value;

use crate::{
    common::DeletedObject,
    define::{example, operations},
    users::{NewIdentificationStatus, User},
};

operations! { Users {
    /// Creates a user.
    #[doc = example!(r#"let user = client.users().create().email_address(["ada@example.com"]).first_name("Ada").send().await?;"#)]
    fn create() -> CreateUser: "CreateUser" POST "/users" => User {
        with body {
            external_id: Option<String>,
            first_name: Option<String>,
            last_name: Option<String>,
            locale: Option<String>,
            /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
            timezone: String,
            email_address: Vec<String>,
            email_address_identification_status: Vec<NewIdentificationStatus>,
            phone_number: Vec<String>,
            phone_number_identification_status: Vec<NewIdentificationStatus>,
            web3_wallet: Vec<String>,
            username: Option<String>,
            password: Option<String>,
            password_digest: Option<String>,
            password_hasher: String,
            skip_password_checks: Option<bool>,
            skip_password_requirement: Option<bool>,
            totp_secret: Option<String>,
            backup_codes: Vec<String>,
            public_metadata: Value,
            private_metadata: Value,
            unsafe_metadata: Value,
            delete_self_enabled: Option<bool>,
            legal_accepted_at: Option<String>,
            skip_legal_checks: Option<bool>,
            skip_user_requirement: Option<bool>,
            create_organization_enabled: Option<bool>,
            create_organizations_limit: Option<i64>,
            created_at: Option<String>,
            bypass_client_trust: Option<bool>,
            banned: Option<bool>,
            locked: Option<bool>,
        }
    }

    /// Gets a user by id.
    #[doc = example!(r#"let user = client.users().get("user_1").send().await?;"#)]
    fn get(user_id) -> GetUser: "GetUser" GET "/users/{user_id}" => User {}

    /// Changes a user; parameters that are not set stay unchanged.
    #[doc = example!(r#"let user = client.users().update("user_1").last_name("Lovelace").username(clerk_api::Null).send().await?;"#)]
    fn update(user_id) -> UpdateUser: "UpdateUser" PATCH "/users/{user_id}" => User {
        with body {
            external_id: Option<String>,
            first_name: Option<String>,
            last_name: Option<String>,
            locale: Option<String>,
            /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
            timezone: String,
            primary_email_address_id: Option<String>,
            /// Default: `false`.
            notify_primary_email_address_changed: Option<bool>,
            primary_phone_number_id: Option<String>,
            primary_web3_wallet_id: Option<String>,
            username: Option<String>,
            profile_image_id: Option<String>,
            password: Option<String>,
            password_digest: String,
            password_hasher: String,
            skip_password_checks: Option<bool>,
            sign_out_of_other_sessions: Option<bool>,
            totp_secret: Option<String>,
            backup_codes: Vec<String>,
            delete_self_enabled: Option<bool>,
            create_organization_enabled: Option<bool>,
            legal_accepted_at: Option<String>,
            skip_legal_checks: Option<bool>,
            create_organizations_limit: Option<i64>,
            created_at: Option<String>,
            bypass_client_trust: Option<bool>,
        }
    }

    /// Deletes a user.
    #[doc = example!(r#"client.users().delete("user_1").send().await?;"#)]
    fn delete(user_id) -> DeleteUser: "DeleteUser" DELETE "/users/{user_id}" => DeletedObject {}

    /// Bans a user: ends all sessions and prevents new ones.
    #[doc = example!(r#"client.users().ban("user_1").send().await?;"#)]
    fn ban(user_id) -> BanUser: "BanUser" POST "/users/{user_id}/ban" => User {}

    /// Unbans a user.
    #[doc = example!(r#"client.users().unban("user_1").send().await?;"#)]
    fn unban(user_id) -> UnbanUser: "UnbanUser" POST "/users/{user_id}/unban" => User {}

    /// Bans several users.
    /// `user_ids`: 1 to 50 items.
    fn bulk_ban(; body user_ids: Vec<String> [1..=50 items]) -> UsersBan: "UsersBan" POST "/users/ban" => Vec<User> {
        with body {}
    }

    /// Unbans several users.
    /// `user_ids`: 1 to 50 items.
    fn bulk_unban(; body user_ids: Vec<String> [1..=50 items]) -> UsersUnban: "UsersUnban" POST "/users/unban" => Vec<User> {
        with body {}
    }

    /// Locks a user: prevents new sign-ins until the lock ends. Existing sessions continue.
    #[doc = example!(r#"client.users().lock("user_1").send().await?;"#)]
    fn lock(user_id) -> LockUser: "LockUser" POST "/users/{user_id}/lock" => User {}

    /// Unlocks a user.
    #[doc = example!(r#"client.users().unlock("user_1").send().await?;"#)]
    fn unlock(user_id) -> UnlockUser: "UnlockUser" POST "/users/{user_id}/unlock" => User {}

    /// Uploads a user's profile image.
    fn set_profile_image(user_id) -> SetUserProfileImage: "SetUserProfileImage" POST "/users/{user_id}/profile_image" => User {
        with upload {}
        file file
    }

    /// Removes a user's profile image.
    fn delete_profile_image(user_id) -> DeleteUserProfileImage: "DeleteUserProfileImage" DELETE "/users/{user_id}/profile_image" => User {}

    /// Merges into a user's metadata, deeply; a key that is null is removed.
    #[doc = example!(r#"client.users().update_metadata("user_1").public_metadata(serde_json::json!({ "plan": "pro" })).send().await?;"#)]
    fn update_metadata(user_id) -> UpdateUserMetadata: "UpdateUserMetadata" PATCH "/users/{user_id}/metadata" => User {
        with body {
            public_metadata: Value,
            private_metadata: Value,
            unsafe_metadata: Value,
        }
    }

    /// Replaces a user's metadata, each kind as a whole.
    fn replace_metadata(user_id) -> ReplaceUserMetadata: "ReplaceUserMetadata" PUT "/users/{user_id}/metadata" => User {
        with body {
            public_metadata: Value,
            private_metadata: Value,
            unsafe_metadata: Value,
        }
    }
}}
