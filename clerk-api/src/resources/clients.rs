//! Clients.

pub use clerk_types::session::Client;

use crate::define::resource;

resource! {
/// Clients.
Clients, clients {
    /// Verifies a client token and returns its client.
    POST "/clients/verify" VerifyClient
    verify(; token: String) -> Client;

    /// Gets a client (a browser or a device with its sessions) by id.
    GET "/clients/{client_id}" GetClient
    get(client_id) -> Client;
}}
