//! [`ResponseBody`]: the body of a response that comes from the inner service or from a layer.

use std::{
    borrow::Cow,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// Body of a layer's response: the inner service's body, or the text of the layer's own response.
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: Inner<B>,
    }
}

impl<B> ResponseBody<B> {
    pub(crate) const fn from_service(body: B) -> Self {
        Self { inner: Inner::Service { body } }
    }

    pub(crate) const fn from_text(text: Cow<'static, str>) -> Self {
        Self { inner: Inner::Text { text: Some(text) } }
    }

    /// The inner service's body, or the text of the layer's own response.
    ///
    /// For frameworks whose body type can be made from either.
    ///
    /// # Errors
    /// The text, if the layer itself answered.
    pub fn into_inner(self) -> Result<B, Cow<'static, str>> {
        match self.inner {
            Inner::Service { body } => Ok(body),
            Inner::Text { text } => Err(text.unwrap_or_default()),
        }
    }
}

impl<B: Body<Data = Bytes>> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.project().inner.project() {
            InnerProjection::Service { body } => body.poll_frame(context),
            InnerProjection::Text { text } => {
                let text = text.take().filter(|text| !text.is_empty());
                Poll::Ready(text.map(|text| Ok(Frame::data(Bytes::from(text.into_owned())))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Service { body } => body.is_end_stream(),
            Inner::Text { text } => text.as_deref().is_none_or(str::is_empty),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Service { body } => body.size_hint(),
            Inner::Text { text } => SizeHint::with_exact(text.as_ref().map_or(0, |text| text.len() as u64)),
        }
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = InnerProjection]
    enum Inner<B> {
        Service { #[pin] body: B },
        Text { text: Option<Cow<'static, str>> },
    }
}
