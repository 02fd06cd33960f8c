//! Tests of clerk-api against a scripted server and a local Clerk instance.

mod emails;
mod failures;
mod local;
mod local_many_calls;
mod scripted_server;
mod streams;
