//! Calls that a machine makes with a key of its own.

use clerk_core::MachineSecretKey;

use super::{CreateM2mToken, RevokeM2mToken, VerifyM2mToken};

macro_rules! with_machine_key {
    ($($request:ident)*) => { $(
        impl $request {
            /// Calls with this machine's secret key, not with the instance's.
            pub fn machine_secret_key(mut self, key: MachineSecretKey) -> Self {
                self.0.secret(key);
                self
            }
        }
    )* };
}

with_machine_key! { CreateM2mToken RevokeM2mToken VerifyM2mToken }
