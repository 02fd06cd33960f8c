//! Operations without a resource.

use crate::{
    arguments::{Flag, Text},
    define::operations,
};

operations! { Miscellaneous {
    /// Gets the HTML page that older SDKs send to a browser with an unknown session state.
    fn public_interstitial() -> GetPublicInterstitial: "GetPublicInterstitial" GET "/public/interstitial" => String {
        query {
            frontend_api = "frontendApi": Text,
            frontend_api_2 = "frontend_api": Text,
            publishable_key: Text,
            proxy_url: Text,
            domain: Text,
            sign_in_url: Text,
            use_domain_for_script: Flag,
        }
    }
}}
