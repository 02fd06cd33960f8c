//! A service under test, with one interface for all frameworks.

use std::{
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use actix_web::dev::{Service as ActixService, ServiceResponse};
use stats_alloc::{Region, StatsAlloc};
use tower::Service as TowerService;

use crate::fixture::Credentials;

pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// The memory in use, in bytes.
pub fn live_bytes() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// The cost of one batch of requests.
#[derive(Debug, Default)]
pub struct Cost {
    pub time: Duration,
    pub allocations: usize,
    pub bytes: usize,
    /// How many responses had status 200.
    pub good: usize,
    /// The status of the last response.
    pub last: u16,
}

/// A service under test. Requests are built before the measurement, and a batch is one dynamic call.
pub trait Subject {
    /// Sends requests one after another.
    fn batch<'a>(&'a self, credentials: &'a [Credentials]) -> LocalFuture<'a, Cost>;

    /// Sends one request and returns its status.
    fn call(&self, credentials: Credentials) -> LocalFuture<'static, u16>;
}

pub struct Tower<S, B> {
    service: S,
    body: std::marker::PhantomData<B>,
}

impl<S, B> Tower<S, B> {
    pub fn new(service: S) -> Self {
        Self { service, body: std::marker::PhantomData }
    }
}

macro_rules! measure {
    ($requests:ident, $call:expr) => {{
        let mut cost = Cost::default();
        let region = Region::new(ALLOCATOR);
        let start = Instant::now();
        for request in $requests {
            cost.last = $call(request).await;
            cost.good += usize::from(cost.last == 200);
        }
        cost.time = start.elapsed();
        let change = region.change();
        (cost.allocations, cost.bytes) = (change.allocations, change.bytes_allocated);
        cost
    }};
}

impl<S, B, R> Subject for Tower<S, B>
where
    S: TowerService<http::Request<B>, Response = http::Response<R>> + Clone + 'static,
    B: Default + 'static,
{
    fn batch<'a>(&'a self, credentials: &'a [Credentials]) -> LocalFuture<'a, Cost> {
        let requests: Vec<http::Request<B>> = credentials.iter().map(Credentials::request).collect();
        let mut service = self.service.clone();
        Box::pin(async move {
            measure!(requests, async |request| service
                .call(request)
                .await
                .map_or(500, |response| response.status().as_u16()))
        })
    }

    fn call(&self, credentials: Credentials) -> LocalFuture<'static, u16> {
        let mut service = self.service.clone();
        Box::pin(
            async move { service.call(credentials.request()).await.map_or(500, |response| response.status().as_u16()) },
        )
    }
}

pub struct Actix<S>(std::rc::Rc<S>);

impl<S> Actix<S> {
    pub fn new(service: S) -> Self {
        Self(std::rc::Rc::new(service))
    }
}

fn actix_request(credentials: &Credentials) -> actix_http::Request {
    let mut request = actix_web::test::TestRequest::get().uri("/me");
    for (name, value) in credentials.all() {
        let value = actix_web::http::header::HeaderValue::from_bytes(value).unwrap();
        request = request.append_header((name, value));
    }
    request.to_request()
}

impl<S, R> Subject for Actix<S>
where
    S: ActixService<actix_http::Request, Response = ServiceResponse<R>, Error = actix_web::Error> + 'static,
{
    fn batch<'a>(&'a self, credentials: &'a [Credentials]) -> LocalFuture<'a, Cost> {
        let requests: Vec<_> = credentials.iter().map(actix_request).collect();
        Box::pin(async move { measure!(requests, async |request| status(self.0.call(request).await)) })
    }

    fn call(&self, credentials: Credentials) -> LocalFuture<'static, u16> {
        let service = std::rc::Rc::clone(&self.0);
        Box::pin(async move { status(service.call(actix_request(&credentials)).await) })
    }
}

fn status<R>(outcome: Result<ServiceResponse<R>, actix_web::Error>) -> u16 {
    match outcome {
        Ok(response) => response.status().as_u16(),
        Err(error) => error.as_response_error().status_code().as_u16(),
    }
}
