#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod answer;
mod authenticate;
mod body;
#[cfg(feature = "api")]
mod current;
mod headers;
mod m2m_token;
mod protected_resource;
mod proxy;
mod refusal;
mod require;
mod resource_metadata;
mod response_future;
mod webhook;

pub use authenticate::{Authenticating, ClerkLayer, ClerkService};
pub use body::{AnswerBody, ResponseBody, Same, Wrapped};
#[cfg(feature = "api")]
#[doc(no_inline)]
pub use clerk_api as api;
#[doc(no_inline)]
pub use clerk_core as core;
#[cfg(feature = "api")]
#[cfg_attr(docsrs, doc(cfg(feature = "api")))]
pub use current::{CurrentLayer, CurrentService, current_organization, current_user};
pub use headers::Headers;
pub use m2m_token::{M2mCallError, M2mTokenFuture, M2mTokenLayer, M2mTokenService};
pub use protected_resource::ProtectedResourceLayer;
pub use proxy::{FrontendApiProxyService, ProxyResponseBody, Proxying};
pub use refusal::{auth_state, refusal};
pub use require::{RequireLayer, RequireService};
pub use resource_metadata::{ResourceMetadataLayer, ResourceMetadataService};
pub use response_future::ResponseFuture;
pub use webhook::{WebhookFuture, WebhookLayer, WebhookService, receive_webhook, webhook_message};
