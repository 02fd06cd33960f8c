//! Response types of the JWKS.

use crate::{Secret, model::model};

model! {
    /// `JWKS` in Clerk's description of the API.
    Jwks {
        keys: Option<Vec<Jwk>>,
    }

    /// A key. Which members are set depends on its type.
    Jwk {
        kid: String,
        alg: String,
        usage = "use": String,
        kty: String,
        crv: Option<String>,
        x: Option<String>,
        x5c: Option<Vec<String>>,
        x5t: Option<String>,
        x5t_s256 = "x5t#S256": Option<String>,
        x5u: Option<String>,
        y: Option<String>,
        n: Option<String>,
        e: Option<String>,
        d: Option<Secret>,
        p: Option<Secret>,
        q: Option<Secret>,
        dp: Option<Secret>,
        dq: Option<Secret>,
        qi: Option<Secret>,
        k: Option<Secret>,
    }
}
