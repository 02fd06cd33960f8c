//! Vectors of `verifyToken` and `decodeJwt`.

use std::sync::Arc;

use clerk_core::{
    adapter::VerifyError,
    time::{ManualClock, Timestamp},
    token::DecodedToken,
};
use serde_json::{Value, json};

use crate::{backend::Backend, files::Vector, report::Difference, request};

pub async fn run(vector: &Vector, index: usize, backend: &Backend) -> Vec<Difference> {
    let vector = &vector.0;
    let (expected, token) = (&vector["expected"], vector["token"].as_str().unwrap());
    if vector["fn"] == "decodeJwt" {
        let decoded = DecodedToken::decode(token).map_or(Value::Null, |decoded| {
            let hex: String = decoded.signature().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            json!({"header": decoded.header(), "payload": decoded.payload(), "signature_hex": hex})
        });
        let same = decoded == expected["value"];
        return if same { Vec::new() } else { vec![Difference::new("value", &expected["value"], decoded)] };
    }
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_millis(vector["now_ms"].as_i64().unwrap())));
    let api = backend.script(index, &vector["bapi"]);
    let mut options = vector["options"].clone();
    if options["secretKey"].is_null() && options["jwtKey"].is_null() {
        // Our builder requires a key; a machine's secret key is not used for JWTs.
        options["machineSecretKey"] = "ak_none".into();
    }
    let (value, reason) = match request::clerk(&options, &Value::Null, &api, clock, "") {
        Ok(clerk) => match clerk.verify_token::<Value>(token).await {
            Ok(claims) => (claims, Value::Null),
            Err(VerifyError::Token(error)) => (Value::Null, error.reason().into()),
            Err(VerifyError::Unavailable(unavailable)) => {
                // The SDK throws this error without a reason.
                let reason = unavailable.reason().to_string();
                (Value::Null, if reason == "unexpected-error" { Value::Null } else { reason.into() })
            }
            Err(other) => panic!("{other}"),
        },
        // The SDK finds this error only when it verifies a token.
        Err(error) => (Value::Null, format!("refused when built: {error}").into()),
    };
    let mut differences = Vec::new();
    if value != expected["value"] {
        differences.push(Difference::new("value", &expected["value"], value));
    }
    if reason != expected["reason"] {
        differences.push(Difference::new("reason", &expected["reason"], reason));
    }
    let short = |call: &Value| json!({"method": call["method"], "url": call["url"]});
    let calls: Vec<Value> =
        request::outgoing(&backend.take_outgoing(index), &vector["options"], &api).iter().map(short).collect();
    let recorded: Vec<Value> = expected["outgoing"].as_array().unwrap().iter().map(short).collect();
    if calls != recorded {
        differences.push(Difference::new("outgoing", json!(recorded), json!(calls)));
    }
    differences
}
