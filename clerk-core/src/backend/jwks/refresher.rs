//! [`JwksRefresher`]: a task that fetches keys before requests need them.

use tokio::task::AbortHandle;

use super::Store;

/// Guard of the task that [`Clerk::spawn_refresher`](crate::Clerk::spawn_refresher) started. Dropping it ends the task.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = clerk_core::Clerk::from_env()?;
/// let refresher = clerk.spawn_refresher();
/// // ... serve requests ...
/// drop(refresher);
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "the task ends when its guard is dropped"]
pub struct JwksRefresher {
    task: Option<AbortHandle>,
}

impl JwksRefresher {
    /// A guard without a task, for a `Clerk` that fetches no keys.
    pub(crate) const fn idle() -> Self {
        Self { task: None }
    }

    /// # Panics
    /// Outside a Tokio runtime.
    pub(crate) fn spawn(store: Store) -> Self {
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(store.next_refresh()).await;
                // A failure is already logged, and delays the next attempt.
                let _ = store.refresh().await;
            }
        });
        Self { task: Some(task.abort_handle()) }
    }
}

impl Drop for JwksRefresher {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
