//! No secret reaches a log. The tests share one subscriber, which listens to the whole process, and so run one at a time.

mod proxy;
mod requests;
mod revocation;
mod webhooks;
