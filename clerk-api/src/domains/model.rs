//! Response types of domains of the instance.

use crate::model::model;

model! {
    /// `Domain` in Clerk's description of the API.
    Domain {
        object: String,
        id: String,
        name: String,
        is_satellite: bool,
        frontend_api_url: String,
        accounts_portal_url: Option<String>,
        proxy_url: Option<String>,
        development_origin: String,
        cname_targets: Option<Vec<CnameTarget>>,
    }

    /// `CNameTarget` in Clerk's description of the API.
    CnameTarget {
        host: String,
        value: String,
        required: bool,
    }
}
