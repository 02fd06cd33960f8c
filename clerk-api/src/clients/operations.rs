//! Operations on clients.

use crate::{arguments::Text, clients::Client, define::operations};

operations! { Clients {
    /// Verifies a client token and returns its client.
    fn verify(; body token: Text) -> VerifyClient: "VerifyClient" POST "/clients/verify" => Client {
        with body {}
    }

    /// Gets a client (a browser or a device with its sessions) by id.
    fn get(client_id) -> GetClient: "GetClient" GET "/clients/{client_id}" => Client {}
}}
