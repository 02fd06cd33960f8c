//! A recorder of metrics whose values can be read.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Unit};

/// Keeps counters, and of each histogram the number of values.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    counts: BTreeMap<String, Arc<AtomicU64>>,
    described: BTreeMap<String, String>,
}

struct Values(Arc<AtomicU64>);

impl Recorder {
    /// Installs the recorder for the whole process.
    pub fn install() -> Self {
        let recorder = Self::default();
        metrics::set_global_recorder(recorder.clone()).expect("the first recorder");
        recorder
    }

    /// The count of a key in the form `name{label=value,...}`.
    pub fn count(&self, key: &str) -> u64 {
        self.0.lock().unwrap().counts.get(key).map_or(0, |count| count.load(Ordering::SeqCst))
    }

    /// All recorded keys.
    pub fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().counts.keys().cloned().collect()
    }

    /// The names of all metrics that have a description.
    pub fn described(&self) -> Vec<String> {
        self.0.lock().unwrap().described.keys().cloned().collect()
    }

    fn slot(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<String> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let text = format!("{}{{{}}}", key.name(), labels.join(","));
        Arc::clone(self.0.lock().unwrap().counts.entry(text).or_default())
    }

    fn describe(&self, name: &KeyName, description: &str) {
        self.0.lock().unwrap().described.insert(name.as_str().to_owned(), description.to_owned());
    }
}

impl HistogramFn for Values {
    fn record(&self, value: f64) {
        assert!((0.0..60.0).contains(&value), "{value} s is not a plausible duration");
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl metrics::Recorder for Recorder {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, description: metrics::SharedString) {
        self.describe(&name, &description);
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, description: metrics::SharedString) {
        self.describe(&name, &description);
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, description: metrics::SharedString) {
        self.describe(&name, &description);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.slot(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(Values(self.slot(key))))
    }
}
