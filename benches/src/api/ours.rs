//! Ten calls with clerk-api.

use clerk_api::{
    ApiError, Client, Page, common::DeletedObject, organizations::Organization, sessions::Session, users::User,
};

pub async fn get_user(client: &Client) -> Result<User, ApiError> {
    client.users().get("user_1").send().await
}

pub async fn list_users(client: &Client) -> Result<Page<User>, ApiError> {
    client.users().list().email_address(["ada@example.com"]).limit(50).send().await
}

pub async fn create_user(client: &Client) -> Result<User, ApiError> {
    client.users().create().email_address(["ada@example.com"]).first_name("Ada").send().await
}

pub async fn update_user(client: &Client) -> Result<User, ApiError> {
    client.users().update("user_1").first_name("Ada").send().await
}

pub async fn delete_user(client: &Client) -> Result<DeletedObject, ApiError> {
    client.users().delete("user_1").send().await
}

pub async fn ban_user(client: &Client) -> Result<User, ApiError> {
    client.users().ban("user_1").send().await
}

pub async fn list_sessions(client: &Client) -> Result<Page<Session>, ApiError> {
    client.sessions().list().user_id("user_1").status("active").limit(50).send().await
}

pub async fn revoke_session(client: &Client) -> Result<Session, ApiError> {
    client.sessions().revoke("sess_1").send().await
}

pub async fn list_organizations(client: &Client) -> Result<Page<Organization>, ApiError> {
    client.organizations().list().query("acme").limit(50).send().await
}

pub async fn create_organization(client: &Client) -> Result<Organization, ApiError> {
    client.organizations().create("Acme").slug("acme").send().await
}
