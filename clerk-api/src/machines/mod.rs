//! Machines.

mod operations;

pub use clerk_types::machine::{DeletedMachineScope, Machine, MachineScope, MachineSecret, ScopedMachine};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Machines.
    Machines, machines
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
