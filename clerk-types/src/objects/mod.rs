//! The objects of the API, one file per family.

pub mod api_key;
pub mod common;
pub mod directory;
pub mod domain;
pub mod email;
pub mod enterprise_connection;
pub mod external_account;
pub mod identification;
pub mod instance;
pub mod invitation;
pub mod jwt;
pub mod machine;
pub mod membership;
pub mod money;
pub mod oauth;
pub mod organization;
pub mod payment;
pub mod plan;
pub mod restriction;
pub mod role;
pub mod session;
pub mod sign_up;
pub mod subscription;
pub mod token;
pub mod user;
pub mod verification;
pub mod webhook;
pub mod webhook_billing;

/// Descriptions of all objects.
#[doc(hidden)]
pub fn models() -> impl Iterator<Item = &'static crate::shape::ModelInfo> {
    let families = [
        api_key::MODELS,
        common::MODELS,
        directory::MODELS,
        domain::MODELS,
        email::MODELS,
        enterprise_connection::MODELS,
        external_account::MODELS,
        identification::MODELS,
        instance::MODELS,
        invitation::MODELS,
        jwt::MODELS,
        machine::MODELS,
        membership::MODELS,
        money::MODELS,
        oauth::MODELS,
        organization::MODELS,
        payment::MODELS,
        plan::MODELS,
        restriction::MODELS,
        role::MODELS,
        session::MODELS,
        sign_up::MODELS,
        subscription::MODELS,
        token::MODELS,
        user::MODELS,
        verification::MODELS,
        webhook::MODELS,
        webhook_billing::MODELS,
    ];
    families.into_iter().flatten().map(|info| info())
}
