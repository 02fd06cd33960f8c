//! Operations without a resource.

use crate::define::resource;

resource! {
/// Operations without a resource.
Miscellaneous, miscellaneous {
    /// Gets the HTML page that older SDKs send to a browser with an unknown session state.
    GET "/public/interstitial" GetPublicInterstitial
    public_interstitial() ?{
        frontend_api = "frontendApi": String, frontend_api_2 = "frontend_api": String, publishable_key: String,
        proxy_url: String, domain: String, sign_in_url: String, use_domain_for_script: bool,
    } -> String;
}}
