//! Operations on machines.

use crate::{
    Page,
    common::DeletedObject,
    define::operations,
    machines::{DeletedMachineScope, Machine, MachineScope, MachineSecret},
};

operations! { Machines {
    /// Lists machines.
    fn list() -> ListMachines: "ListMachines" GET "/machines" => Page<Machine>, streams Machine {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
            query: String,
            /// Default: `-created_at`.
            order_by: String,
        }
    }

    /// Creates a machine.
    /// `name`: 1 to 255 characters.
    fn create(; body name: String [1..=255 characters]) -> CreateMachine: "CreateMachine" POST "/machines" => Machine {
        with body {
            scoped_machines: Vec<String> [..=150 items],
            /// Default: `3600`.
            default_token_ttl: i64 [1..=315360000],
        }
    }

    /// Gets a machine by id.
    fn get(machine_id) -> GetMachine: "GetMachine" GET "/machines/{machine_id}" => Machine {}

    /// Changes a machine; parameters that are not set stay unchanged.
    fn update(machine_id) -> UpdateMachine: "UpdateMachine" PATCH "/machines/{machine_id}" => Machine {
        with body {
            name: String [1..=255 characters],
            default_token_ttl: i64 [1..=315360000],
        }
    }

    /// Deletes a machine.
    fn delete(machine_id) -> DeleteMachine: "DeleteMachine" DELETE "/machines/{machine_id}" => DeletedObject {}

    /// Gets a machine's secret key.
    fn secret_key(machine_id) -> GetMachineSecretKey: "GetMachineSecretKey" GET "/machines/{machine_id}/secret_key" => MachineSecret {}

    /// Replaces a machine's secret key.
    /// `previous_token_ttl`: 0 to 28800.
    fn rotate_secret_key(machine_id; body previous_token_ttl: i64 [0..=28800]) -> RotateMachineSecretKey: "RotateMachineSecretKey" POST "/machines/{machine_id}/secret_key/rotate" => MachineSecret {
        with body {}
    }

    /// Lets one machine call another.
    fn create_scope(machine_id; body to_machine_id: String) -> CreateMachineScope: "CreateMachineScope" POST "/machines/{machine_id}/scopes" => MachineScope {
        with body {}
    }

    /// Stops one machine from calling another.
    fn delete_scope(machine_id, other_machine_id) -> DeleteMachineScope: "DeleteMachineScope" DELETE "/machines/{machine_id}/scopes/{other_machine_id}" => DeletedMachineScope {}
}}
