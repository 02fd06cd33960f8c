//! Machines.

use clerk_types::common::DeletedObject;
pub use clerk_types::machine::{DeletedMachineScope, Machine, MachineScope, MachineSecret, ScopedMachine};

use crate::define::resource;

resource! {
/// Machines.
Machines, machines {
    /// Lists machines.
    GET "/machines" ListMachines
    list() ?{
        ..paged, query: String,
        /// Default: `-created_at`.
        order_by: String,
    } => Page<Machine>;

    /// Creates a machine.
    /// `name`: 1 to 255 characters.
    POST "/machines" CreateMachine
    create(; name: String [1..=255 characters]) {
        scoped_machines: Vec<String> [..=150 items],
        /// Default: `3600`.
        default_token_ttl: i64 [1..=315360000],
    } -> Machine;

    /// Gets a machine by id.
    GET "/machines/{machine_id}" GetMachine
    get(machine_id) -> Machine;

    /// Changes a machine; parameters that are not set stay unchanged.
    PATCH "/machines/{machine_id}" UpdateMachine
    update(machine_id) { name: String [1..=255 characters], default_token_ttl: i64 [1..=315360000] } -> Machine;

    /// Deletes a machine.
    DELETE "/machines/{machine_id}" DeleteMachine
    delete(machine_id) -> DeletedObject;

    /// Gets a machine's secret key.
    GET "/machines/{machine_id}/secret_key" GetMachineSecretKey
    secret_key(machine_id) -> MachineSecret;

    /// Replaces a machine's secret key.
    /// `previous_token_ttl`: 0 to 28800.
    POST "/machines/{machine_id}/secret_key/rotate" RotateMachineSecretKey
    rotate_secret_key(machine_id; previous_token_ttl: i64 [0..=28800]) -> MachineSecret;

    /// Lets one machine call another.
    POST "/machines/{machine_id}/scopes" CreateMachineScope
    create_scope(machine_id; to_machine_id: String) -> MachineScope;

    /// Stops one machine from calling another.
    DELETE "/machines/{machine_id}/scopes/{other_machine_id}" DeleteMachineScope
    delete_scope(machine_id, other_machine_id) -> DeletedMachineScope;
}}
