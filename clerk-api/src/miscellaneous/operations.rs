//! Operations without a resource.

use crate::define::operations;

operations! { Miscellaneous {
    /// Gets the HTML page that older SDKs send to a browser with an unknown session state.
    fn public_interstitial() -> GetPublicInterstitial: "GetPublicInterstitial" GET "/public/interstitial" => String {
        query {
            frontend_api = "frontendApi": String,
            frontend_api_2 = "frontend_api": String,
            publishable_key: String,
            proxy_url: String,
            domain: String,
            sign_in_url: String,
            use_domain_for_script: bool,
        }
    }
}}
