//! Operations on clients.

use crate::{clients::Client, define::operations};

operations! { Clients {
    /// Verifies a client token and returns its client.
    fn verify(; body token: String) -> VerifyClient: "VerifyClient" POST "/clients/verify" => Client {
        with body {}
    }

    /// Gets a client (a browser or a device with its sessions) by id.
    fn get(client_id) -> GetClient: "GetClient" GET "/clients/{client_id}" => Client {}
}}
