//! Response types of machines.

use crate::{Secret, model::model};

model! {
    /// `Machine` in Clerk's description of the API.
    Machine {
        object: String,
        id: String,
        name: String,
        instance_id: String,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        default_token_ttl: Option<i64>,
        scoped_machines: Vec<ScopedMachine>,
        secret_key: Option<Secret>,
    }

    /// `MachineWithoutScopedMachines` in Clerk's description of the API.
    ScopedMachine {
        object: String,
        id: String,
        name: String,
        instance_id: String,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        default_token_ttl: Option<i64>,
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
        /// In milliseconds since the Unix epoch.
        created_at: i64,
    }

    /// A machine that another machine may no longer call.
    DeletedMachineScope {
        object: String,
        from_machine_id: String,
        to_machine_id: String,
        deleted: bool,
    }
}
