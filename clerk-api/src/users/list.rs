//! Operations on users.

use crate::{
    Page,
    arguments::{Flag, Integer, List, Text},
    define::{example, operations},
    users::{TotalCount, User},
};

operations! { Users {
    /// Lists users.
    #[doc = example!(r#"let page = client.users().list().email_address(["ada@example.com"]).limit(50).send().await?;"#)]
    fn list() -> GetUserList: "GetUserList" GET "/users" => Page<User>, streams User {
        query {
            email_address: List<Text> [..=100 items],
            phone_number: List<Text> [..=100 items],
            external_id: List<Text> [..=100 items],
            username: List<Text> [..=100 items],
            web3_wallet: List<Text> [..=100 items],
            user_id: List<Text> [..=100 items],
            organization_id: List<Text> [..=100 items],
            query: Text,
            email_address_query: Text,
            phone_number_query: Text,
            username_query: Text,
            name_query: Text,
            banned: Flag,
            last_active_at_before: Integer,
            last_active_at_after: Integer,
            last_active_at_since: Integer,
            created_at_before: Integer,
            created_at_after: Integer,
            last_sign_in_at_before: Integer,
            last_sign_in_at_after: Integer,
            provider: Text,
            provider_user_id: List<Text> [..=100 items],
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
            starting_after: Text,
            /// Default: `-created_at`.
            order_by: Text,
        }
    }

    /// Counts the users that match these conditions.
    #[doc = example!(r#"let count = client.users().count().banned(true).send().await?.total_count;"#)]
    fn count() -> GetUsersCount: "GetUsersCount" GET "/users/count" => TotalCount {
        query {
            email_address: List<Text> [..=100 items],
            phone_number: List<Text> [..=100 items],
            external_id: List<Text> [..=100 items],
            username: List<Text> [..=100 items],
            web3_wallet: List<Text> [..=100 items],
            user_id: List<Text> [..=100 items],
            organization_id: List<Text> [..=100 items],
            query: Text,
            email_address_query: Text,
            phone_number_query: Text,
            username_query: Text,
            name_query: Text,
            banned: Flag,
            last_active_at_before: Integer,
            last_active_at_after: Integer,
            last_active_at_since: Integer,
            created_at_before: Integer,
            created_at_after: Integer,
            last_sign_in_at_before: Integer,
            last_sign_in_at_after: Integer,
            provider: Text,
            provider_user_id: List<Text> [..=100 items],
        }
    }
}}
