//! Tests of clerk-api against a scripted server, a local Clerk instance and Clerk's OpenAPI description.

mod conformance;
mod emails;
mod failures;
mod local;
mod local_many_calls;
mod openapi;
mod round_trips;
mod scripted_server;
mod streams;
