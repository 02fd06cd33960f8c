//! An exhaustive model: every kind of browser, of Clerk and of settings, each path followed to its end.
//!
//! `decide` is pure, so a path is a chain of calls: the browser sends a request, the model of Clerk answers what the flow
//! asks, and the browser follows the redirects. The test checks at each step:
//!
//! - no path has more than [`MAX_REDIRECTS`] redirects to Clerk. The redirect to a page without the parameters of a
//!   handshake that has ended is not counted; each follows one to Clerk;
//! - a path ends in a page, a refusal whose cause is in the log or in a header, or 503;
//! - a request is signed in only by a token that Clerk signed with the key that this service trusts;
//! - a cookie is set only if Clerk sent it, or if it is one of the guard's own;
//! - while Clerk fails, a session that is good is not shown as signed out.

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        collections::{BTreeMap, HashMap, HashSet},
        sync::{
            Arc, LazyLock,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use aws_lc_rs::{encoding::AsDer, rand::SystemRandom, rsa, signature};
    use url::Url;

    use crate::flow::{
        Answers, AuthenticateOptions, Context, HeaderSource, LogLimits, MachineTokenReply, Need, RequestState,
        RequestView, decide,
    };
    use crate::{
        auth::{AuthState, DeniedKind},
        backend::{api::BackendError, http::FetchError, jwks::KeyLookup},
        base::{names::cookie, query, time::Timestamp},
        clerk::Clerk,
        config::InstanceType,
        flow::Decision,
        token::{Algorithm, VerifyingKey, encoding},
    };

    /// How often this service may send a browser to Clerk before it gets a page.
    const MAX_REDIRECTS: usize = 4;

    /// The cookies of the guard.
    const OWN_COOKIES: [&str; 3] = [cookie::REDIRECT_COUNT, cookie::REDIRECTED, cookie::SENT_TO_SIGN_IN];

    /// What the handshakes of strangers set.
    const STRANGERS_COOKIE: &str = "__client_uat=1; Path=/";

    /// The time at Clerk when each path begins.
    const START: i64 = 1_768_478_400;

    const APP: &str = "https://app.test";
    const PAGE: &str = "https://app.test/page?tab=1";
    const PRIMARY: &str = "https://primary.test/sign-in";

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum Site {
        Plain,
        Proxied,
        Satellite,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum Parties {
        Any,
        Right,
        Wrong,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum Keys {
        Right,
        /// The secret key belongs to another instance.
        Wrong,
        /// No key could be fetched.
        Unreachable,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    struct Settings {
        instance: InstanceType,
        site: Site,
        parties: Parties,
        keys: Keys,
        /// Whether the route requires a signed-in user.
        protected: bool,
    }

    /// What Clerk knows of the browser, and how it answers.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum AtClerk {
        SignedIn,
        /// With claims so long that browsers drop the cookie.
        SignedInWithLongClaims,
        /// Without `azp` in its tokens.
        SignedInWithoutParty,
        OtherSession,
        SignedOut,
        /// The Backend API does not answer.
        Unreachable,
        /// Each step at Clerk takes longer than the cookies that count redirects live.
        Slow,
        /// This service's clock is ahead.
        WeAreAhead,
        /// This service's clock is behind.
        WeAreBehind,
    }

    /// Which cookies the browser keeps, and how it loads the page.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum Browser {
        KeepsAll,
        KeepsNone,
        /// It drops `__client_uat`, as Safari does with some cookies of redirects.
        DropsClientUat,
        DropsSession,
        DropsCounters,
        Prefetch,
        /// A frame in another site's page: no cookies.
        Frame,
        /// A script's request, which cannot be redirected.
        Fetch,
        /// A link on another site.
        FromElsewhere,
    }

    /// What the browser brings to the first request.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum Start {
        Nothing,
        GoodSession,
        /// A session token whose signature is another one's.
        ForgedSession,
        ExpiredSession,
        ExpiredWithRefresh,
        SessionWithoutClientUat,
        ClientUatWithoutSession,
        /// A nonce that was used before, beside a good session.
        UsedNonce,
        /// Beside an expired session.
        UsedNonceExpired,
        /// A handshake token and a marker without a valid signature.
        Forged,
        /// A nonce that Clerk has just made: the browser returns from a handshake.
        FreshNonce,
        /// A handshake token that Clerk signed a year ago.
        ReplayedToken,
        /// A handshake token of another instance that has the same key.
        ForeignToken,
        /// A link with a handshake token that Clerk has just signed for another browser.
        LinkedToken,
        /// Other tabs have been redirected within the last second.
        OtherTabs,
        SatelliteRequested,
    }

    const INSTANCES: [InstanceType; 2] = [InstanceType::Development, InstanceType::Production];
    const SITES: [Site; 3] = [Site::Plain, Site::Proxied, Site::Satellite];
    const PARTIES: [Parties; 3] = [Parties::Any, Parties::Right, Parties::Wrong];
    const KEYS: [Keys; 3] = [Keys::Right, Keys::Wrong, Keys::Unreachable];
    const AT_CLERK: [AtClerk; 9] = [
        AtClerk::SignedIn,
        AtClerk::SignedInWithLongClaims,
        AtClerk::SignedInWithoutParty,
        AtClerk::OtherSession,
        AtClerk::SignedOut,
        AtClerk::Unreachable,
        AtClerk::Slow,
        AtClerk::WeAreAhead,
        AtClerk::WeAreBehind,
    ];
    const BROWSERS: [Browser; 9] = [
        Browser::KeepsAll,
        Browser::KeepsNone,
        Browser::DropsClientUat,
        Browser::DropsSession,
        Browser::DropsCounters,
        Browser::Prefetch,
        Browser::Frame,
        Browser::Fetch,
        Browser::FromElsewhere,
    ];
    const STARTS: [Start; 16] = [
        Start::Nothing,
        Start::GoodSession,
        Start::ForgedSession,
        Start::ExpiredSession,
        Start::ExpiredWithRefresh,
        Start::SessionWithoutClientUat,
        Start::ClientUatWithoutSession,
        Start::UsedNonce,
        Start::UsedNonceExpired,
        Start::Forged,
        Start::FreshNonce,
        Start::ReplayedToken,
        Start::ForeignToken,
        Start::LinkedToken,
        Start::OtherTabs,
        Start::SatelliteRequested,
    ];

    /// How a path ended.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum End {
        Page {
            signed_in: bool,
        },
        /// The refusal's status, and whether the response explains more than the refusal does.
        Refused {
            status: u16,
            explained: bool,
        },
        /// Clerk's own sign-in page, where the user acts.
        SignInPage,
        /// The page of a wrong configuration, in development.
        ErrorPage,
    }

    static KEY: LazyLock<rsa::KeyPair> = LazyLock::new(|| rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap());

    fn verifying_key() -> Arc<VerifyingKey> {
        static SHARED: LazyLock<Arc<VerifyingKey>> = LazyLock::new(|| {
            use signature::KeyPair as _;
            let der = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(KEY.public_key()).unwrap();
            Arc::new(VerifyingKey::from_der(der.as_ref(), Algorithm::Rs256).unwrap())
        });
        Arc::clone(&SHARED)
    }

    /// Signs claims, each text once.
    fn sign(claims: String) -> String {
        thread_local! {
            static SIGNED: RefCell<HashMap<String, String>> = RefCell::default();
        }
        SIGNED.with_borrow_mut(|signed| {
            signed
                .entry(claims)
                .or_insert_with_key(|claims| {
                    let encode = |bytes: &[u8]| encoding::encode(bytes);
                    let input = format!(
                        "{}.{}",
                        encode(br#"{"alg":"RS256","typ":"JWT","cat":"cl_B7d4PD111AAA","kid":"ins_1"}"#),
                        encode(claims.as_bytes())
                    );
                    let mut tag = vec![0; KEY.public_modulus_len()];
                    KEY.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut tag).unwrap();
                    format!("{input}.{}", encode(&tag))
                })
                .clone()
        })
    }

    /// One path: the browser's cookies, what Clerk stored, and the time.
    struct Path<'s> {
        settings: Settings,
        at_clerk: AtClerk,
        browser: Browser,
        start: Start,
        clerk: &'s Clerk,
        options: &'s AuthenticateOptions,
        /// Value, and when it expires.
        jar: BTreeMap<String, (String, i64)>,
        nonces: HashMap<String, Vec<String>>,
        /// All cookies that Clerk sent on this path.
        sent: HashSet<String>,
        now: i64,
        log_limits: LogLimits,
        redirects: usize,
        /// Each request's address, the reason, and where the response leads.
        trace: Vec<(String, String, String)>,
        violations: Vec<String>,
    }

    struct Headers(Vec<(&'static str, String)>);

    impl HeaderSource for Headers {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().filter(|(known, _)| *known == name).for_each(|(_, value)| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
            self.0.iter().for_each(|(name, value)| visitor(name, value.as_bytes()));
        }
    }

    impl<'s> Path<'s> {
        fn new(
            settings: Settings,
            at_clerk: AtClerk,
            browser: Browser,
            start: Start,
            clerk: &'s Clerk,
            options: &'s AuthenticateOptions,
        ) -> Self {
            Self {
                settings,
                at_clerk,
                browser,
                start,
                clerk,
                options,
                jar: BTreeMap::new(),
                nonces: HashMap::new(),
                sent: HashSet::new(),
                now: START,
                log_limits: LogLimits::default(),
                redirects: 0,
                trace: Vec::new(),
                violations: Vec::new(),
            }
        }
    }

    impl Path<'_> {
        /// Notes a broken invariant, and goes on.
        fn expect(&mut self, holds: bool, what: &str) {
            if !holds {
                self.violations.push(format!("{what}: {self:#?}"));
            }
        }

        fn is_development(&self) -> bool {
            self.settings.instance == InstanceType::Development
        }

        fn suffixed(&self, name: &str) -> String {
            cookie::with_suffix(name, self.clerk.settings().cookie_suffix.as_deref().unwrap())
        }

        /// A session token, issued at this time.
        fn token(&self, session: &str, issued_at: i64) -> String {
            let party = match self.at_clerk {
                AtClerk::SignedInWithoutParty => String::new(),
                _ => format!(r#""azp":"{APP}","#),
            };
            let padding =
                if self.at_clerk == AtClerk::SignedInWithLongClaims { "x".repeat(4500) } else { String::new() };
            let issuer = self.clerk.settings().token_issuer().into_owned();
            sign(format!(
                r#"{{"iss":"https://{issuer}",{party}"sub":"user_1","sid":"{session}","iat":{issued_at},"nbf":{issued_at},"exp":{},"p":"{padding}"}}"#,
                issued_at + 60
            ))
        }

        /// The session that Clerk has for this browser.
        fn session_at_clerk(&self) -> Option<&'static str> {
            match self.at_clerk {
                AtClerk::SignedOut => None,
                AtClerk::OtherSession => Some("sess_2"),
                _ => Some("sess_1"),
            }
        }

        /// The cookies that Clerk sets in a handshake or a refresh.
        fn directives(&mut self) -> Vec<String> {
            let mut lines = Vec::new();
            let (session, uat) = match self.session_at_clerk() {
                Some(session) => (format!("{}; Path=/", self.token(session, self.now)), self.now),
                None => ("; Path=/; Max-Age=0".to_owned(), 0),
            };
            for name in [cookie::SESSION.to_owned(), self.suffixed(cookie::SESSION)] {
                lines.push(format!("{name}={session}"));
            }
            for name in [cookie::CLIENT_UAT.to_owned(), self.suffixed(cookie::CLIENT_UAT)] {
                lines.push(format!("{name}={uat}; Path=/"));
            }
            lines.push(format!("{}=refresh_1; Path=/; HttpOnly", self.suffixed(cookie::REFRESH)));
            if self.is_development() {
                for name in [cookie::DEV_BROWSER.to_owned(), self.suffixed(cookie::DEV_BROWSER)] {
                    lines.push(format!("{name}=dvb_1; Path=/"));
                }
            }
            self.sent.extend(lines.iter().cloned());
            lines
        }

        fn keep(&mut self, line: &str) {
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let is = |base: &str| name.starts_with(base);
            let dropped = match self.browser {
                Browser::KeepsNone | Browser::Frame => true,
                Browser::DropsClientUat => is(cookie::CLIENT_UAT),
                Browser::DropsSession => is(cookie::SESSION),
                Browser::DropsCounters => OWN_COOKIES.iter().any(|own| is(own)),
                _ => false,
            };
            if dropped || name.len() + value.len() > 4096 {
                return;
            }
            let age = attributes.split(';').find_map(|one| one.trim().strip_prefix("Max-Age=")?.parse::<i64>().ok());
            let expires = age.map_or(i64::MAX, |age| self.now + age);
            if expires <= self.now {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), (value.to_owned(), expires));
            }
        }

        fn set(&mut self, name: &str, value: &str) {
            let suffixed = self.suffixed(name);
            self.jar.insert(name.to_owned(), (value.to_owned(), i64::MAX));
            self.jar.insert(suffixed, (value.to_owned(), i64::MAX));
        }

        fn set_session(&mut self, issued_at: i64) {
            let token = self.token("sess_1", issued_at);
            self.set(cookie::SESSION, &token);
            self.set(cookie::CLIENT_UAT, &(issued_at - 10).to_string());
        }

        /// A handshake token of Clerk's, which sets a cookie that this browser must not get.
        fn handshake_token(&self, issued_at: i64, issuer: &str) -> String {
            sign(format!(r#"{{{issuer}"iat":{issued_at},"handshake":["{STRANGERS_COOKIE}"]}}"#))
        }

        fn add_nonce(&mut self) -> String {
            let nonce = format!("nonce{}", self.nonces.len());
            let directives = self.directives();
            self.nonces.insert(nonce.clone(), directives);
            nonce
        }

        /// Fills the cookies, and returns the address of the first request.
        fn begin(&mut self) -> Url {
            let mut page = Url::parse(PAGE).unwrap();
            if self.is_development() && self.start != Start::Nothing {
                self.set(cookie::DEV_BROWSER, "dvb_1");
            }
            let mut add = |name: &str, value: &str| {
                page.query_pairs_mut().append_pair(name, value);
            };
            match self.start {
                Start::Nothing => {}
                Start::GoodSession => self.set_session(self.now - 20),
                Start::ForgedSession => {
                    self.set_session(self.now - 20);
                    let (good, other) = (self.token("sess_1", self.now - 20), self.token("sess_3", self.now - 20));
                    let (input, signature) = (good.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
                    self.set(cookie::SESSION, &format!("{input}.{signature}"));
                }
                Start::ExpiredSession => self.set_session(self.now - 200),
                Start::ExpiredWithRefresh => {
                    self.set_session(self.now - 200);
                    self.set(cookie::REFRESH, "refresh_1");
                }
                Start::SessionWithoutClientUat => {
                    let token = self.token("sess_1", self.now - 20);
                    self.set(cookie::SESSION, &token);
                }
                Start::ClientUatWithoutSession => self.set(cookie::CLIENT_UAT, &(self.now - 30).to_string()),
                Start::UsedNonce => {
                    self.set_session(self.now - 20);
                    add("__clerk_handshake_nonce", "used");
                }
                Start::UsedNonceExpired => {
                    self.set_session(self.now - 200);
                    add("__clerk_handshake_nonce", "used");
                }
                Start::Forged => {
                    self.set_session(self.now - 200);
                    add("__clerk_handshake", "e30.e30.AAAA");
                    add("__clerk_redirected", &format!("hs.{START}.AAAAAAAAAAAAAAAAAAAAAA"));
                }
                Start::FreshNonce => {
                    let nonce = self.add_nonce();
                    if self.is_development() {
                        add("__clerk_handshake_nonce", &nonce);
                    } else {
                        self.keep(&format!("__clerk_handshake_nonce={nonce}; Max-Age=60"));
                    }
                }
                Start::ReplayedToken => {
                    let token = self.handshake_token(self.now - 365 * 86_400, "");
                    self.keep(&format!("{}={token}", cookie::HANDSHAKE));
                }
                Start::ForeignToken => {
                    let token = self.handshake_token(self.now, r#""iss":"https://clerk.elsewhere.test","#);
                    self.keep(&format!("{}={token}", cookie::HANDSHAKE));
                }
                Start::LinkedToken => {
                    let token = self.handshake_token(self.now, "");
                    if self.is_development() {
                        // Clerk itself answers in this way.
                        self.sent.insert(STRANGERS_COOKIE.to_owned());
                    }
                    add(cookie::HANDSHAKE, &token);
                }
                Start::OtherTabs => {
                    self.set_session(self.now - 200);
                    self.keep("__clerk_redirect_count=5; Max-Age=2");
                    self.keep("__clerk_sent_to_sign_in=1; Max-Age=60");
                }
                Start::SatelliteRequested => add("__clerk_synced", "false"),
            }
            if matches!(self.browser, Browser::KeepsNone | Browser::Frame) {
                self.jar.clear();
            }
            page
        }

        /// Sends the request and answers what the flow asks.
        fn request(&mut self, page: &Url) -> RequestState {
            self.jar.retain(|_, (_, expires)| *expires > self.now);
            let cookies: Vec<_> = self.jar.iter().map(|(name, (value, _))| format!("{name}={value}")).collect();
            let destination = match self.browser {
                Browser::Frame => "iframe",
                Browser::Fetch => "empty",
                _ => "document",
            };
            let mut headers = vec![("host", "app.test".to_owned()), ("sec-fetch-dest", destination.to_owned())];
            if !cookies.is_empty() {
                headers.push(("cookie", cookies.join("; ")));
            }
            match self.browser {
                Browser::Prefetch => headers.push(("sec-purpose", "prefetch".to_owned())),
                Browser::FromElsewhere => headers.push(("referer", "https://elsewhere.test/".to_owned())),
                _ => {}
            }
            let headers = Headers(headers);
            let view = RequestView::new("GET", page.path(), &headers).with_query(page.query()).with_scheme("https");
            let mut answers = Answers::default();
            for _ in 0..10 {
                let offset = match self.at_clerk {
                    AtClerk::WeAreAhead => 120,
                    AtClerk::WeAreBehind => -120,
                    _ => 0,
                };
                let limits = std::mem::take(&mut self.log_limits);
                let context = Context {
                    now: Timestamp::from_unix_seconds(self.now + offset),
                    log_limits: &limits,
                    ..self.clerk.context(self.options)
                };
                let decided = decide(&context, &view, &answers);
                self.log_limits = limits;
                match decided {
                    Ok(state) => return state,
                    Err(need) => self.answer(*need, &mut answers),
                }
            }
            panic!("the flow asks without end: {self:#?}");
        }

        fn answer(&mut self, need: Need, answers: &mut Answers) {
            let is_down = self.at_clerk == AtClerk::Unreachable;
            let refused = |status, code: &str| BackendError::Refused { status, code: Some(code.into()) };
            match need {
                Need::Key(kid) => {
                    let answer = match self.settings.keys {
                        Keys::Right => KeyLookup::Key(verifying_key()),
                        Keys::Wrong => KeyLookup::Unknown,
                        Keys::Unreachable => KeyLookup::Unavailable(Duration::from_secs(1), FetchError::Timeout),
                    };
                    answers.add_key(kid, answer);
                }
                Need::HandshakePayload(nonce) => {
                    let stored = self.nonces.remove(&*nonce).filter(|_| self.settings.keys != Keys::Wrong);
                    answers.add_handshake_payload(match stored {
                        _ if is_down => Err(BackendError::Fetch(FetchError::Timeout)),
                        Some(directives) => Ok(directives),
                        None => Err(refused(404, "resource_not_found")),
                    });
                }
                Need::Refresh(call) => {
                    let directives = self.directives();
                    let answer = match self.session_at_clerk() {
                        _ if is_down => Err(BackendError::Fetch(FetchError::Timeout)),
                        _ if self.settings.keys == Keys::Wrong => Err(refused(401, "clerk_key_invalid")),
                        Some("sess_1") => Ok(directives),
                        _ => Err(refused(400, "session_revoked")),
                    };
                    answers.add_refresh(call.session_id, answer);
                }
                Need::SessionStatus { .. } => unreachable!("the route does not check sessions"),
                Need::MachineToken(call) => {
                    let answer = Err(BackendError::Malformed);
                    answers.add_machine_token(MachineTokenReply { generation: call.generation, answer });
                }
            }
        }

        /// Follows the path to its end.
        fn follow(&mut self, mut page: Url) -> End {
            loop {
                let state = self.request(&page);
                self.check_session(&state);
                let reason = state.reason().map(ToString::to_string).unwrap_or_default();
                let (location, lines, end) = self.respond(state);
                self.trace.push((page.to_string(), reason, location.clone().unwrap_or_default()));
                for line in lines {
                    let is_own = OWN_COOKIES.iter().any(|own| line.starts_with(own));
                    let is_sent = self.sent.contains(&line);
                    self.expect(is_own || is_sent, "a cookie that Clerk did not send");
                    self.keep(&line);
                }
                let Some(location) = location else { return end };
                self.redirects += usize::from(!is_own_page(&location));
                if self.trace.len() >= 20 || self.redirects > MAX_REDIRECTS {
                    self.expect(false, "too many redirects");
                    return end;
                }
                match self.visit(&location) {
                    Ok(next) => page = next,
                    Err(end) => return end,
                }
            }
        }

        /// What the browser gets: a location, cookies, and the end if there is no location.
        fn respond(&mut self, state: RequestState) -> (Option<String>, Vec<String>, End) {
            fn read<'h>(headers: impl Iterator<Item = (&'static str, &'h str)>) -> (Option<String>, Vec<String>) {
                let (mut location, mut cookies) = (None, Vec::new());
                for (name, value) in headers {
                    match name {
                        "location" => location = Some(value.to_owned()),
                        "set-cookie" => cookies.push(value.to_owned()),
                        _ => {}
                    }
                }
                (location, cookies)
            }
            match state.into_decision() {
                Decision::Respond(response) => {
                    let (location, cookies) = read(response.headers());
                    (location, cookies, End::ErrorPage)
                }
                Decision::Continue(auth, edit) => {
                    let (_, lines) = read(edit.headers());
                    let refusal = match auth.session() {
                        Err(denied)
                            if self.settings.protected || !matches!(denied.kind(), DeniedKind::Unauthenticated(_)) =>
                        {
                            denied
                        }
                        session => return (None, lines, End::Page { signed_in: session.is_ok() }),
                    };
                    match edit.replacement_for(&refusal) {
                        Some(response) => {
                            let end = End::Refused { status: response.status(), explained: true };
                            {
                                let (location, cookies) = read(response.headers());
                                (location, cookies, end)
                            }
                        }
                        None => (None, lines, End::Refused { status: refusal.status(), explained: false }),
                    }
                }
            }
        }

        /// What Clerk's pages answer to a browser that was redirected there: where it goes on.
        fn visit(&mut self, location: &str) -> Result<Url, End> {
            let url = Url::parse(location).unwrap();
            if self.at_clerk == AtClerk::Slow {
                self.now += 3;
            }
            let parameter =
                |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
            if is_own_page(location) {
                return Ok(url);
            }
            if url.path().ends_with("/v1/client/handshake") {
                let mut back = Url::parse(&parameter("redirect_url").unwrap()).unwrap();
                let nonce = self.add_nonce();
                if self.settings.site == Site::Satellite {
                    query::set(&mut back, query::SYNCED, "true");
                }
                if self.is_development() {
                    back.query_pairs_mut().append_pair("__clerk_handshake_nonce", &nonce);
                } else {
                    self.keep(&format!("__clerk_handshake_nonce={nonce}; Max-Age=60"));
                }
                return Ok(back);
            }
            if let Some(back) = parameter("__clerk_redirect_url") {
                let mut back = Url::parse(&back).unwrap();
                query::set(&mut back, query::DEV_BROWSER, "dvb_1");
                query::set(&mut back, query::SYNCED, "true");
                return Ok(back);
            }
            // The sign-in page sends a signed-in user back at once.
            if self.session_at_clerk().is_none() {
                return Err(End::SignInPage);
            }
            let mut back = Url::parse(&parameter("redirect_url").unwrap()).unwrap();
            if self.is_development() {
                back.query_pairs_mut().append_pair("__clerk_db_jwt", "dvb_1");
            }
            Ok(back)
        }

        /// A session needs a signature of the key that this service trusts.
        fn check_session(&mut self, state: &RequestState) {
            let AuthState::SignedIn(session) = state.auth() else { return };
            let is_signed = self.settings.keys == Keys::Right && is_signed_by_clerk(session.token());
            self.expect(is_signed, "signed in without a verified signature");
            self.expect(self.settings.parties != Parties::Wrong, "signed in with a refused party");
        }

        fn check_end(&mut self, end: End, warnings: usize) {
            match end {
                End::Refused { status: 401 | 503, explained: false } | End::Page { .. } | End::SignInPage => {}
                End::ErrorPage if !self.is_development() => self.expect(false, "an error page in production"),
                End::ErrorPage | End::Refused { status: 401, explained: true } => {
                    self.expect(warnings > 0, "a browser is stopped in silence");
                }
                End::Refused { .. } => self.expect(false, "an end that is none of the three"),
            }
            let has_good_session = matches!(
                self.start,
                Start::GoodSession | Start::UsedNonce | Start::ExpiredWithRefresh | Start::FreshNonce
            );
            let brings_it = !matches!(self.browser, Browser::KeepsNone | Browser::Frame);
            let is_accepted = self.settings.keys != Keys::Wrong && self.settings.parties != Parties::Wrong;
            if self.at_clerk == AtClerk::Unreachable && has_good_session && brings_it && is_accepted {
                let is_shown = matches!(end, End::Page { signed_in: true } | End::Refused { status: 503, .. });
                self.expect(is_shown, "an error of Clerk's signs a user out");
            }
        }
    }

    impl std::fmt::Debug for Path<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let jar: Vec<_> = self.jar.keys().collect();
            // Without the tokens at the end of a handshake's address.
            let trace: Vec<_> =
                self.trace.iter().map(|(page, reason, to)| format!("{page} -> {reason} {to:.250}")).collect();
            write!(
                f,
                "{:?} {:?} {:?} {:?} redirects={} jar={jar:?} trace={:#?}",
                self.settings, self.at_clerk, self.browser, self.start, self.redirects, trace
            )
        }
    }

    fn is_own_page(location: &str) -> bool {
        location.strip_prefix(APP).is_some_and(|path| !path.starts_with("/__clerk/"))
    }

    fn is_signed_by_clerk(token: &str) -> bool {
        let (input, tag) = token.rsplit_once('.').unwrap();
        let tag = encoding::decode(tag).unwrap();
        verifying_key().verify(Algorithm::Rs256, input.as_bytes(), &tag)
    }

    /// Counts the warnings of this thread.
    struct CountsWarnings(Arc<AtomicUsize>);

    impl tracing::Subscriber for CountsWarnings {
        fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
            *metadata.level() <= tracing::Level::WARN
        }

        fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
            tracing::span::Id::from_u64(1)
        }

        fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

        fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

        fn event(&self, _: &tracing::Event<'_>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }

        fn enter(&self, _: &tracing::span::Id) {}

        fn exit(&self, _: &tracing::span::Id) {}
    }

    fn clerk(instance: InstanceType, site: Site, parties: Parties) -> Clerk {
        let (secret, publishable) = match instance {
            InstanceType::Development => ("sk_test_abcdefgh", "pk_test_YS5jbGVyay5hY2NvdW50cy5kZXYk"),
            InstanceType::Production => ("sk_live_abcdefgh", "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k"),
        };
        let builder =
            Clerk::builder().secret_key(secret.parse().unwrap()).publishable_key(publishable.parse().unwrap());
        let builder = match site {
            Site::Plain => builder,
            Site::Proxied => builder.proxy_url("/__clerk").unwrap(),
            Site::Satellite => {
                let builder = builder.satellite(true).satellite_auto_sync(true).domain("app.test").unwrap();
                builder.sign_in_url(PRIMARY).unwrap()
            }
        };
        let builder = match parties {
            Parties::Any => builder,
            Parties::Right => builder.authorized_parties([APP]).unwrap(),
            Parties::Wrong => builder.authorized_parties(["https://other.test"]).unwrap(),
        };
        builder.build().unwrap()
    }

    /// What the model has found.
    #[derive(Default)]
    struct Found {
        paths: usize,
        /// Requests that were decided.
        states: usize,
        violations: Vec<String>,
    }

    /// Follows every path with these settings.
    fn follow_all(settings: Settings, clerk: &Clerk, warnings: &AtomicUsize, found: &mut Found) {
        let options = AuthenticateOptions { pages: true, sign_in: true, ..AuthenticateOptions::default() };
        for at_clerk in AT_CLERK {
            for browser in BROWSERS {
                for start in STARTS {
                    let mut path = Path::new(settings, at_clerk, browser, start, clerk, &options);
                    warnings.store(0, Ordering::Relaxed);
                    let page = path.begin();
                    let end = path.follow(page);
                    path.check_end(end, warnings.load(Ordering::Relaxed));
                    found.paths += 1;
                    found.states += path.trace.len();
                    found.violations.append(&mut path.violations);
                }
            }
        }
    }

    #[test]
    fn strangers_cause_one_line_a_minute() {
        let warnings = Arc::new(AtomicUsize::new(0));
        tracing::subscriber::with_default(CountsWarnings(Arc::clone(&warnings)), || {
            for (query, cookies) in [
                ("__clerk_handshake=junk", ""),
                ("__clerk_handshake_nonce=junk", ""),
                ("__clerk_redirect_url=https%3A%2F%2Fevil.test%2F", ""),
                ("", "__clerk_redirect_count=3"),
                ("", "__clerk_handshake=e30.e30.AAAA"),
            ] {
                let clerk = clerk(InstanceType::Development, Site::Plain, Parties::Any);
                let options = AuthenticateOptions { pages: true, sign_in: true, ..AuthenticateOptions::default() };
                let settings = Settings {
                    instance: InstanceType::Development,
                    site: Site::Plain,
                    parties: Parties::Any,
                    keys: Keys::Right,
                    protected: true,
                };
                let mut path =
                    Path::new(settings, AtClerk::SignedOut, Browser::KeepsAll, Start::Nothing, &clerk, &options);
                warnings.store(0, Ordering::Relaxed);
                let page = Url::parse(&format!("{APP}/page?{query}")).unwrap();
                for minute in 1..=2 {
                    for _ in 0..50 {
                        if !cookies.is_empty() {
                            path.keep(cookies);
                        }
                        let state = path.request(&page);
                        assert!(state.error_page().is_none(), "{query} {cookies}");
                    }
                    assert!(warnings.load(Ordering::Relaxed) <= minute, "{query} {cookies}");
                    path.now += 61;
                }
            }
        });
    }

    #[test]
    fn every_path_of_every_browser_ends() {
        let follow_instance = |instance| {
            let (warnings, mut found) = (Arc::new(AtomicUsize::new(0)), Found::default());
            tracing::subscriber::with_default(CountsWarnings(Arc::clone(&warnings)), || {
                for (site, parties) in SITES.iter().flat_map(|site| PARTIES.map(|parties| (*site, parties))) {
                    // The proxy changes addresses alone.
                    if site == Site::Proxied && parties != Parties::Any {
                        continue;
                    }
                    let clerk = clerk(instance, site, parties);
                    for (keys, protected) in KEYS.iter().flat_map(|keys| [(*keys, true), (*keys, false)]) {
                        // Without a refusal there are fewer redirects.
                        if !protected && keys != Keys::Right {
                            continue;
                        }
                        let settings = Settings { instance, site, parties, keys, protected };
                        follow_all(settings, &clerk, &warnings, &mut found);
                    }
                }
            });
            found
        };
        let found = std::thread::scope(|scope| {
            let workers = INSTANCES.map(|instance| scope.spawn(move || follow_instance(instance)));
            workers.map(|worker| worker.join().unwrap())
        });
        let total = |count: fn(&Found) -> usize| found.iter().map(count).sum::<usize>();
        eprintln!("{} paths, {} states", total(|found| found.paths), total(|found| found.states));
        let violations: Vec<_> = found.iter().flat_map(|found| &found.violations).collect();
        let first =
            violations.iter().step_by(violations.len() / 30 + 1).copied().cloned().collect::<Vec<_>>().join("\n");
        assert!(violations.is_empty(), "{} violations, some of them:\n{first}", violations.len());
    }
}
