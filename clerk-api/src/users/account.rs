//! Operations on users.

use crate::{
    arguments::{Choice, Flag, Integer, Json, List, Maybe, Text},
    common::DeletedObject,
    define::{example, operations},
    users::{NewIdentificationStatus, User},
};

operations! { Users {
    /// Creates a user.
    #[doc = example!(r#"let user = client.users().create().email_address(["ada@example.com"]).first_name("Ada").send().await?;"#)]
    fn create() -> CreateUser: "CreateUser" POST "/users" => User {
        with body {
            external_id: Maybe<Text>,
            first_name: Maybe<Text>,
            last_name: Maybe<Text>,
            locale: Maybe<Text>,
            /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
            timezone: Text,
            email_address: List<Text>,
            email_address_identification_status: List<Choice<NewIdentificationStatus>>,
            phone_number: List<Text>,
            phone_number_identification_status: List<Choice<NewIdentificationStatus>>,
            web3_wallet: List<Text>,
            username: Maybe<Text>,
            password: Maybe<Text>,
            password_digest: Maybe<Text>,
            password_hasher: Text,
            skip_password_checks: Maybe<Flag>,
            skip_password_requirement: Maybe<Flag>,
            totp_secret: Maybe<Text>,
            backup_codes: List<Text>,
            public_metadata: Json,
            private_metadata: Json,
            unsafe_metadata: Json,
            delete_self_enabled: Maybe<Flag>,
            legal_accepted_at: Maybe<Text>,
            skip_legal_checks: Maybe<Flag>,
            skip_user_requirement: Maybe<Flag>,
            create_organization_enabled: Maybe<Flag>,
            create_organizations_limit: Maybe<Integer>,
            created_at: Maybe<Text>,
            bypass_client_trust: Maybe<Flag>,
            banned: Maybe<Flag>,
            locked: Maybe<Flag>,
        }
    }

    /// Gets a user by id.
    #[doc = example!(r#"let user = client.users().get("user_1").send().await?;"#)]
    fn get(user_id) -> GetUser: "GetUser" GET "/users/{user_id}" => User {}

    /// Changes a user; parameters that are not set stay unchanged.
    #[doc = example!(r#"let user = client.users().update("user_1").last_name("Lovelace").username(clerk_api::Null).send().await?;"#)]
    fn update(user_id) -> UpdateUser: "UpdateUser" PATCH "/users/{user_id}" => User {
        with body {
            external_id: Maybe<Text>,
            first_name: Maybe<Text>,
            last_name: Maybe<Text>,
            locale: Maybe<Text>,
            /// As in version 3.25 of `@clerk/backend`; Clerk's description does not have it yet.
            timezone: Text,
            primary_email_address_id: Maybe<Text>,
            /// Default: `false`.
            notify_primary_email_address_changed: Maybe<Flag>,
            primary_phone_number_id: Maybe<Text>,
            primary_web3_wallet_id: Maybe<Text>,
            username: Maybe<Text>,
            profile_image_id: Maybe<Text>,
            password: Maybe<Text>,
            password_digest: Text,
            password_hasher: Text,
            skip_password_checks: Maybe<Flag>,
            sign_out_of_other_sessions: Maybe<Flag>,
            totp_secret: Maybe<Text>,
            backup_codes: List<Text>,
            delete_self_enabled: Maybe<Flag>,
            create_organization_enabled: Maybe<Flag>,
            legal_accepted_at: Maybe<Text>,
            skip_legal_checks: Maybe<Flag>,
            create_organizations_limit: Maybe<Integer>,
            created_at: Maybe<Text>,
            bypass_client_trust: Maybe<Flag>,
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
    fn bulk_ban(; body user_ids: List<Text> [1..=50 items]) -> UsersBan: "UsersBan" POST "/users/ban" => Vec<User> {
        with body {}
    }

    /// Unbans several users.
    /// `user_ids`: 1 to 50 items.
    fn bulk_unban(; body user_ids: List<Text> [1..=50 items]) -> UsersUnban: "UsersUnban" POST "/users/unban" => Vec<User> {
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
            public_metadata: Json,
            private_metadata: Json,
            unsafe_metadata: Json,
        }
    }

    /// Replaces a user's metadata, each kind as a whole.
    fn replace_metadata(user_id) -> ReplaceUserMetadata: "ReplaceUserMetadata" PUT "/users/{user_id}/metadata" => User {
        with body {
            public_metadata: Json,
            private_metadata: Json,
            unsafe_metadata: Json,
        }
    }
}}
