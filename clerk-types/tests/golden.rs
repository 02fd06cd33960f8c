//! Bodies of all objects, in `golden/`, stay the same when they are read and written again.
//!
//! Names and types are those of Clerk's descriptions, the values are our own. `required` has the members that the
//! description requires, null where it allows that; `all` has all members. The suite `facts` of clerk-tests compares the
//! objects with the facts of the description.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use clerk_types::{ModelInfo, Shape, models};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Golden {
    required: Map<String, Value>,
    all: Map<String, Value>,
}

#[test]
fn golden_bodies_are_written_back_unchanged() {
    let golden = golden().unwrap();
    for (model, body) in pairs(&golden) {
        for body in [&body.required, &body.all] {
            let body = Value::Object(body.clone());
            assert_eq!((model.round_trip)(body.clone()).as_ref(), Ok(&body), "{}", model.name);
        }
    }
}

#[test]
fn each_member_has_a_field_and_each_field_a_member() {
    let golden = golden().unwrap();
    for (model, body) in pairs(&golden) {
        let fields: BTreeSet<&str> = model.members.iter().map(|member| member.name).collect();
        let members: BTreeSet<&str> = body.all.keys().map(String::as_str).collect();
        assert_eq!(fields, members, "{}", model.name);
        for member in model.members {
            let at = format!("{}.{}", model.name, member.name);
            assert_eq!(member.may_be_missing, !body.required.contains_key(member.name), "{at} is required");
            let may_be_null = matches!(member.shape, Shape::Maybe(_)) && !member.may_be_missing;
            assert_eq!(may_be_null, body.required.get(member.name).is_some_and(Value::is_null), "{at} may be null");
        }
    }
}

/// A member that must not be misread has no default.
#[test]
fn ids_and_flags_of_a_state_are_never_made_up() {
    let golden = golden().unwrap();
    for (model, body) in pairs(&golden) {
        for name in ["banned", "expired", "id", "locked", "revoked"] {
            if body.required.get(name).is_some_and(|value| !value.is_null()) {
                let mut body = body.all.clone();
                body.remove(name);
                let error = (model.round_trip)(body.into()).expect_err(model.name);
                assert_eq!(error.path(), name, "{}", model.name);
            }
        }
    }
}

#[cfg(feature = "build")]
#[test]
fn an_object_can_be_built_and_is_written_with_nulls_and_without_missing_members() {
    use clerk_types::{OtherFields, membership::PublicUserData};
    let data = PublicUserData {
        user_id: "user_1".to_owned(),
        first_name: Some("Ada".to_owned()),
        last_name: None,
        profile_image_url: None,
        image_url: "https://example.com/ada.png".to_owned(),
        has_image: true,
        identifier: None,
        username: None,
        banned: None,
        deprovisioned: None,
        other: OtherFields::default(),
    };
    let expected = serde_json::json!({
        "user_id": "user_1", "first_name": "Ada", "last_name": null, "image_url": "https://example.com/ada.png",
        "has_image": true,
    });
    assert_eq!(serde_json::to_value(data).unwrap(), expected);
}

fn golden() -> io::Result<BTreeMap<String, Golden>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut all = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        all.append(&mut serde_json::from_str(&fs::read_to_string(file?.path())?)?);
    }
    Ok(all)
}

/// Each object with its bodies. There are no bodies without an object, and no objects without one.
fn pairs(golden: &BTreeMap<String, Golden>) -> impl Iterator<Item = (&'static ModelInfo, &Golden)> {
    let models: BTreeMap<&str, _> = models().map(|model| (model.name, model)).collect();
    assert!(models.keys().copied().eq(golden.keys().map(String::as_str)), "objects and bodies differ");
    golden.iter().map(move |(name, body)| (models[&**name], body))
}
