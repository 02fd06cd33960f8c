//! The same ten calls with clerk-rs.

use clerk_rs::{
    apis::{Error, organizations_api, sessions_api, users_api},
    clerk::Clerk,
    models::{
        CreateOrganizationRequest, CreateUserRequest, DeletedObject, Organization, Organizations, Session,
        UpdateUserRequest, User,
    },
};

pub async fn get_user(clerk: &Clerk) -> Result<User, Error<users_api::GetUserError>> {
    users_api::get_user(&clerk.config, "user_1").await
}

#[rustfmt::skip] // one line per argument would be unfair
pub async fn list_users(clerk: &Clerk) -> Result<Vec<User>, Error<users_api::GetUserListError>> {
    let email = Some(vec!["ada@example.com".to_owned()]);
    users_api::get_user_list(
        &clerk.config, email, None, None, None, None, None, None, None, None, None, None, None, None, None, None,
        None, None, None, None, None, None, None, Some(50), None, None, None,
    )
    .await
}

pub async fn create_user(clerk: &Clerk) -> Result<User, Error<users_api::CreateUserError>> {
    let mut request = CreateUserRequest::new();
    request.email_address = Some(vec!["ada@example.com".to_owned()]);
    request.first_name = Some(Some("Ada".to_owned()));
    users_api::create_user(&clerk.config, request).await
}

pub async fn update_user(clerk: &Clerk) -> Result<User, Error<users_api::UpdateUserError>> {
    let mut request = UpdateUserRequest::new();
    request.first_name = Some(Some("Ada".to_owned()));
    users_api::update_user(&clerk.config, "user_1", request).await
}

pub async fn delete_user(clerk: &Clerk) -> Result<DeletedObject, Error<users_api::DeleteUserError>> {
    users_api::delete_user(&clerk.config, "user_1").await
}

pub async fn ban_user(clerk: &Clerk) -> Result<User, Error<users_api::BanUserError>> {
    users_api::ban_user(&clerk.config, "user_1").await
}

pub async fn list_sessions(clerk: &Clerk) -> Result<Vec<Session>, Error<sessions_api::GetSessionListError>> {
    let (user, status) = (Some("user_1"), Some("active"));
    sessions_api::get_session_list(&clerk.config, None, user, status, None, Some(50), None).await
}

pub async fn revoke_session(clerk: &Clerk) -> Result<Session, Error<sessions_api::RevokeSessionError>> {
    sessions_api::revoke_session(&clerk.config, "sess_1").await
}

pub async fn list_organizations(
    clerk: &Clerk,
) -> Result<Organizations, Error<organizations_api::ListOrganizationsError>> {
    let query = Some("acme");
    organizations_api::list_organizations(&clerk.config, None, None, query, None, None, None, Some(50), None).await
}

pub async fn create_organization(
    clerk: &Clerk,
) -> Result<Organization, Error<organizations_api::CreateOrganizationError>> {
    let mut request = CreateOrganizationRequest::new("Acme".to_owned());
    request.slug = Some(Some("acme".to_owned()));
    organizations_api::create_organization(&clerk.config, Some(request)).await
}
