//! [`FromAuth`]: types that a handler can extract from an authenticated request.

use serde::de::DeserializeOwned;

use super::{
    Denied,
    caller::Caller,
    ids::{OrgId, SessionId, UserId},
    machine::{ApiKey, M2mToken, OAuthToken},
    organization::Organization,
    session::Session,
    state::AuthState,
};

/// A type that a handler can extract from an authenticated request: the `T` in each framework's `Auth<T>`.
///
/// Implement it for your own types to name what your handlers need:
///
/// ```
/// use clerk_core::{AuthState, Denied, FromAuth, Policy, UserId};
///
/// struct Admin(UserId);
///
/// impl FromAuth for Admin {
///     fn from_auth(state: &AuthState) -> Result<Self, Denied> {
///         let session = state.session()?;
///         session.require(&Policy::role("org:admin"))?;
///         Ok(Self(session.user_id().clone()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be taken out of an authenticated request",
    label = "this is not something that `Auth<T>` can hold",
    note = "use `UserId`, `SessionId`, `OrgId`, `Organization`, `Session`, `Caller`, `ApiKey`, `M2mToken`, `OAuthToken`, `AuthState`, a tuple of them, or `CustomClaims<YourClaims>`; or implement `FromAuth` for your type"
)]
pub trait FromAuth: Sized {
    /// Extracts the value from a request's state.
    ///
    /// # Errors
    /// The response to send, when the request does not have it.
    fn from_auth(state: &AuthState) -> Result<Self, Denied>;

    /// Extracts the value from a request's state; `None` if that fails with 401.
    ///
    /// # Errors
    /// The response to send, except 401.
    fn from_auth_if_signed_in(state: &AuthState) -> Result<Option<Self>, Denied> {
        match Self::from_auth(state) {
            Ok(value) => Ok(Some(value)),
            Err(denied) if denied.is_unauthenticated() => Ok(None),
            Err(denied) => Err(denied),
        }
    }
}

/// The claims of the session token, as your own type.
///
/// Claims that do not match that type are the operator's mistake, so the response is 500 and the mistake is logged.
/// See [Clerk's page on custom claims](https://clerk.com/docs/guides/sessions/customize-session-tokens).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomClaims<C>(pub C);

/// The whole state, also of a signed-out request.
impl FromAuth for AuthState {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        Ok(state.clone())
    }
}

impl FromAuth for Session {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.session().cloned()
    }
}

impl FromAuth for UserId {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        Ok(state.session()?.user_id().clone())
    }
}

impl FromAuth for SessionId {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        Ok(state.session()?.session_id().clone())
    }
}

impl FromAuth for OrgId {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.session()?.org_id().cloned().ok_or_else(Denied::forbidden)
    }
}

impl FromAuth for Organization {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.session()?.organization().cloned().ok_or_else(Denied::forbidden)
    }
}

impl FromAuth for Caller {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.caller()
    }
}

impl FromAuth for ApiKey {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.api_key().cloned()
    }
}

impl FromAuth for M2mToken {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.m2m_token().cloned()
    }
}

impl FromAuth for OAuthToken {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.oauth_token().cloned()
    }
}

impl<C: DeserializeOwned> FromAuth for CustomClaims<C> {
    fn from_auth(state: &AuthState) -> Result<Self, Denied> {
        state.session()?.claims().map(Self).map_err(|error| Denied::claims_shape::<C>(&error))
    }
}

macro_rules! tuples {
    ($(($($part:ident),+))*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($part: FromAuth),+> FromAuth for ($($part,)+) {
                fn from_auth(state: &AuthState) -> Result<Self, Denied> {
                    Ok(($($part::from_auth(state)?,)+))
                }
            }
        )*
    };
}

tuples! { (A, B) (A, B, C) (A, B, C, D) }
