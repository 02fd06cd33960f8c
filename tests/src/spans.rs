//! A tracing subscriber that keeps the spans and events of Clerk's targets as data.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
};

/// The recorded values, by the name of the field.
pub type Fields = BTreeMap<&'static str, String>;

/// The spans and events of the targets `clerk` and `clerk::*`.
#[derive(Debug, Clone, Default)]
pub struct Spans(Arc<Mutex<Recorded>>);

#[derive(Debug, Default)]
struct Recorded {
    closed: Vec<(&'static str, Fields)>,
    events: Vec<RecordedEvent>,
}

#[derive(Debug, Clone)]
pub struct RecordedEvent {
    pub target: String,
    pub level: tracing::Level,
    pub fields: Fields,
    /// The name of the span that the event happened in.
    pub span: Option<&'static str>,
}

impl Spans {
    /// Installs the subscriber for the whole process.
    pub fn install() -> Self {
        let spans = Self::default();
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(spans.clone())).unwrap();
        spans
    }

    /// Takes all closed spans, and returns those of this name.
    pub fn take_closed(&self, name: &str) -> Vec<Fields> {
        let closed = std::mem::take(&mut self.0.lock().unwrap().closed);
        closed.into_iter().filter(|(of, _)| *of == name).map(|(_, fields)| fields).collect()
    }

    /// Takes all events.
    pub fn take_events(&self) -> Vec<RecordedEvent> {
        std::mem::take(&mut self.0.lock().unwrap().events)
    }
}

struct Reader<'f>(&'f mut Fields);

impl Visit for Reader<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let before = self.0.insert(field.name(), value.to_owned());
        assert!(before.is_none(), "{} was recorded twice", field.name());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Reader(&mut fields));
        context.span(id).unwrap().extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        values.record(&mut Reader(context.span(id).unwrap().extensions_mut().get_mut::<Fields>().unwrap()));
    }

    fn on_close(&self, id: span::Id, context: Context<'_, S>) {
        let span = context.span(&id).unwrap();
        if span.metadata().target() == "clerk" {
            let fields = span.extensions_mut().remove::<Fields>().unwrap();
            self.0.lock().unwrap().closed.push((span.name(), fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let target = event.metadata().target();
        if target == "clerk" || target.starts_with("clerk::") {
            let mut fields = Fields::new();
            event.record(&mut Reader(&mut fields));
            let span = context.event_span(event).map(|span| span.name());
            let level = *event.metadata().level();
            self.0.lock().unwrap().events.push(RecordedEvent { target: target.to_owned(), level, fields, span });
        }
    }
}
