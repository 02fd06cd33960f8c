//! The same routes in three frameworks, each on a real server.
//!
//! | path | asks for |
//! |---|---|
//! | `/me` | a signed-in user |
//! | `/maybe` | a signed-in user, or nobody |
//! | `/machine` | an API key |
//! | `/organization` | an active organization |
//! | `/admin` | the role `org:admin` |
//! | `/custom` | custom claims of the type [`Custom`] |
//! | `/unlayered/me`, `/unlayered/maybe`, `/unlayered/admin` | the same outside of the layer, which is a mistake |

mod actix;
mod axum;
mod tower;

use std::net::SocketAddr;

use clerk_core::Authenticator;
use serde::Deserialize;

/// Custom claims that most tokens lack.
#[derive(Debug, Clone, Deserialize)]
pub struct Custom {
    pub favourite_number: u32,
}

/// A framework under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framework {
    Actix,
    Axum,
    Tower,
}

pub const FRAMEWORKS: [Framework; 3] = [Framework::Actix, Framework::Axum, Framework::Tower];

impl Framework {
    /// Starts a server that judges requests so; it lives as long as the runtime.
    pub async fn serve(self, authenticator: impl Into<Authenticator>) -> SocketAddr {
        self.serve_on(std::net::TcpListener::bind("127.0.0.1:0").unwrap(), authenticator).await
    }

    /// The same on a port that is known already.
    pub async fn serve_on(
        self,
        listener: std::net::TcpListener,
        authenticator: impl Into<Authenticator>,
    ) -> SocketAddr {
        let authenticator = authenticator.into();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        match self {
            Self::Actix => actix::serve(listener, authenticator),
            Self::Axum => axum::serve(listener, authenticator),
            Self::Tower => tower::serve(listener, authenticator),
        }
        address
    }
}
