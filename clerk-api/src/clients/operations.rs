//! Operations on clients.

use crate::{arguments::Text, clients::Client, define::operations};

operations! { Clients {
    /// The client that a client token belongs to.
    fn verify(; body token: Text) -> VerifyClient: "VerifyClient" POST "/clients/verify" => Client {
        with body {}
    }

    /// One client: a browser or a device with its sessions.
    fn get(client_id) -> GetClient: "GetClient" GET "/clients/{client_id}" => Client {}
}}
