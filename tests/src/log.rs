//! A tracing subscriber that keeps everything that the process logs, at TRACE.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};

use tokio::sync::{Mutex as AsyncMutex, MutexGuard};
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter};

/// The log of one test; other tests of the process wait until it is dropped.
#[derive(Debug)]
pub struct Log {
    buffer: Buffer,
    _turn: MutexGuard<'static, ()>,
}

#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Waits for the other tests, and then keeps what the whole process logs.
    pub async fn listen() -> Self {
        static TURN: AsyncMutex<()> = AsyncMutex::const_new(());
        static BUFFER: OnceLock<Buffer> = OnceLock::new();
        let turn = TURN.lock().await;
        let buffer = BUFFER.get_or_init(|| {
            let buffer = Buffer::default();
            let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
            tracing::subscriber::set_global_default(subscriber.with_writer(buffer.clone()).finish()).unwrap();
            buffer
        });
        buffer.0.lock().unwrap().clear();
        Self { buffer: buffer.clone(), _turn: turn }
    }

    /// Everything that was logged so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.buffer.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Buffer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
