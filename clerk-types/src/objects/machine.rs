//! Machines and their tokens.

use serde_json::Value;

use crate::{
    model::{choice, model},
    secret::Secret,
    timestamp::Timestamp,
};

model! {
    /// A machine-to-machine token.
    M2mToken {
        object: String,
        id: String,
        subject: String,
        claims?: Value,
        scopes?: Vec<String>,
        token?: Secret,
        revoked: bool,
        revocation_reason: Option<String>,
        expired: bool,
        expiration: Option<Timestamp>,
        last_used_at: Option<Timestamp>,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `Machine` in Clerk's description of the API.
    Machine {
        object: String,
        id: String,
        name: String,
        instance_id: String,
        created_at: Timestamp,
        updated_at: Timestamp,
        default_token_ttl?: i64,
        scoped_machines: Vec<ScopedMachine>,
        secret_key?: Secret,
    }

    /// `MachineWithoutScopedMachines` in Clerk's description of the API.
    ScopedMachine {
        object: String,
        id: String,
        name: String,
        instance_id: String,
        created_at: Timestamp,
        updated_at: Timestamp,
        default_token_ttl?: i64,
    }

    /// A machine's secret key.
    MachineSecret {
        object: String,
        secret: Secret,
    }

    /// `MachineScope` in Clerk's description of the API.
    MachineScope {
        object: String,
        from_machine_id: String,
        to_machine_id: String,
        created_at: Timestamp,
    }

    /// A machine that another machine may no longer call.
    DeletedMachineScope {
        object: String,
        from_machine_id: String,
        to_machine_id: String,
        deleted: bool,
    }
}

choice! {
    /// Values of a parameter.
    TokenFormat {
        Opaque = "opaque",
        Jwt = "jwt",
    }
}
