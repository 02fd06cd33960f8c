//! Operations on users.

use clerk_types::Timestamp;

use crate::{
    Page,
    define::{example, operations},
    users::{TotalCount, User},
};

operations! { Users {
    /// Lists users.
    #[doc = example!(r#"let page = client.users().list().email_address(["ada@example.com"]).limit(50).send().await?;"#)]
    fn list() -> GetUserList: "GetUserList" GET "/users" => Page<User>, streams User {
        query {
            email_address: Vec<String> [..=100 items],
            phone_number: Vec<String> [..=100 items],
            external_id: Vec<String> [..=100 items],
            username: Vec<String> [..=100 items],
            web3_wallet: Vec<String> [..=100 items],
            user_id: Vec<String> [..=100 items],
            organization_id: Vec<String> [..=100 items],
            query: String,
            email_address_query: String,
            phone_number_query: String,
            username_query: String,
            name_query: String,
            banned: bool,
            last_active_at_before: Timestamp,
            last_active_at_after: Timestamp,
            last_active_at_since: Timestamp,
            created_at_before: Timestamp,
            created_at_after: Timestamp,
            last_sign_in_at_before: Timestamp,
            last_sign_in_at_after: Timestamp,
            provider: String,
            provider_user_id: Vec<String> [..=100 items],
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            starting_after: String,
            /// Default: `-created_at`.
            order_by: String,
        }
    }

    /// Counts the users that match these conditions.
    #[doc = example!(r#"let count = client.users().count().banned(true).send().await?.total_count;"#)]
    fn count() -> GetUsersCount: "GetUsersCount" GET "/users/count" => TotalCount {
        query {
            email_address: Vec<String> [..=100 items],
            phone_number: Vec<String> [..=100 items],
            external_id: Vec<String> [..=100 items],
            username: Vec<String> [..=100 items],
            web3_wallet: Vec<String> [..=100 items],
            user_id: Vec<String> [..=100 items],
            organization_id: Vec<String> [..=100 items],
            query: String,
            email_address_query: String,
            phone_number_query: String,
            username_query: String,
            name_query: String,
            banned: bool,
            last_active_at_before: Timestamp,
            last_active_at_after: Timestamp,
            last_active_at_since: Timestamp,
            created_at_before: Timestamp,
            created_at_after: Timestamp,
            last_sign_in_at_before: Timestamp,
            last_sign_in_at_after: Timestamp,
            provider: String,
            provider_user_id: Vec<String> [..=100 items],
        }
    }
}}
