//! Calls that a machine can make with its own secret key.

use clerk_core::MachineSecretKey;

use super::{CreateM2mToken, RevokeM2mToken, VerifyM2mToken};

macro_rules! with_machine_key {
    ($($request:ident)*) => { $(
        impl $request {
            /// Authenticates with this machine's secret key instead of the instance's.
            pub fn machine_secret_key(mut self, key: MachineSecretKey) -> Self {
                self.0.set_secret(key);
                self
            }
        }
    )* };
}

with_machine_key! { CreateM2mToken RevokeM2mToken VerifyM2mToken }
