//! The body of an answer that may come from the inner service or from a layer.
//!
//! Two ways to have one type for both: a body that is either, which works for every service, and the service's own type,
//! where that can be made of text. The second spares frameworks that box foreign bodies an allocation a response.

use std::{
    borrow::Cow,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// Body of a response behind one of the layers: the inner service's, or a refusal's.
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: Inner<B>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = InnerProjection]
    enum Inner<B> {
        Service { #[pin] body: B },
        Refusal { text: Option<Cow<'static, str>> },
    }
}

/// What becomes of the inner service's body behind a layer: [`Wrapped`] or [`Same`].
pub trait AnswerBody<B> {
    /// The body behind the layer.
    type Body;

    /// The inner service's body.
    fn service(body: B) -> Self::Body;

    /// The body of the layer's own answers.
    fn refusal(text: Cow<'static, str>) -> Self::Body;
}

/// The body behind the layer is a [`ResponseBody`], whatever the inner service's is.
#[derive(Debug, Clone, Copy)]
pub enum Wrapped {}

/// The body behind the layer is of the inner service's type, which can be made of a `String`.
#[derive(Debug, Clone, Copy)]
pub enum Same {}

impl<B> AnswerBody<B> for Wrapped {
    type Body = ResponseBody<B>;

    fn service(body: B) -> ResponseBody<B> {
        ResponseBody { inner: Inner::Service { body } }
    }

    fn refusal(text: Cow<'static, str>) -> ResponseBody<B> {
        ResponseBody { inner: Inner::Refusal { text: Some(text) } }
    }
}

impl<B: From<String>> AnswerBody<B> for Same {
    type Body = B;

    fn service(body: B) -> B {
        body
    }

    fn refusal(text: Cow<'static, str>) -> B {
        text.into_owned().into()
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
            InnerProjection::Refusal { text } => {
                let text = text.take().filter(|text| !text.is_empty());
                Poll::Ready(text.map(|text| Ok(Frame::data(Bytes::from(text.into_owned())))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Service { body } => body.is_end_stream(),
            Inner::Refusal { text } => text.as_deref().is_none_or(str::is_empty),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Service { body } => body.size_hint(),
            Inner::Refusal { text } => SizeHint::with_exact(text.as_ref().map_or(0, |text| text.len() as u64)),
        }
    }
}
