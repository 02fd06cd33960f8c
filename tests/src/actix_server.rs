//! Runs actix servers, each of which needs a thread and a runtime of its own.

use actix_web::dev::{Server, ServerHandle};
use tokio::sync::oneshot;

/// Stops a server when it is dropped.
struct StopOnDrop(ServerHandle);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        // The command is sent by the call; the future only waits until it has been carried out.
        drop(self.0.stop(false));
    }
}

/// Runs a server on its own thread until the caller's runtime ends.
///
/// Many tests share one process: without a stop, each server would keep its threads until the process ends.
pub fn run(build: impl FnOnce() -> Server + Send + 'static) {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = build();
            let _ = sender.send(StopOnDrop(server.handle()));
            server.await.unwrap();
        });
    });
    tokio::spawn(async move {
        let _stop = receiver.await;
        std::future::pending::<()>().await;
    });
}
