//! The form that all operations have.

/// A family of operations, reached from the client by a method.
macro_rules! resource {
    ($(#[$about:meta])* $name:ident, $method:ident) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        pub struct $name(pub(crate) $crate::Client);

        impl $crate::Client {
            $(#[$about])*
            #[must_use]
            pub fn $method(&self) -> $name {
                $name(self.clone())
            }
        }
    };
}

/// Operations of a resource: `fn name(ids; required) -> Type: "operationId" METHOD "path" => Answer { optional }`.
///
/// `streams Item, asking flag` is a list that Clerk answers bare, and with its total once the flag is set.
///
/// Each becomes a method of the resource, a type with a method per optional parameter, and its description.
macro_rules! operations {
    ($resource:ident { $(
        $(#[$about:meta])*
        fn $method:ident($($id:ident),* $(; $($rplace:ident $required:ident $(= $rwire:literal)? : $rkind:ty),+)?)
            -> $Request:ident: $opid:literal $verb:ident $path:literal => $answer:ty $(, streams $item:ty $(, asking $flag:ident)?)? {
            $(query { $( $(#[$qabout:meta])* $query:ident $(= $qwire:literal)? : $qkind:ty, )* })?
            $(with $body:ident { $( $(#[$babout:meta])* $field:ident $(= $bwire:literal)? : $bkind:ty, )* })?
            $(file $file:ident)?
            $(bulk $Single:ident)?
        }
    )* }) => {
        impl super::$resource {
            $(
                $(#[$about])*
                #[doc = ""]
                #[doc = concat!("`", stringify!($verb), " ", $path, "`")]
                pub fn $method(&self, $($id: impl Into<String>,)* $($($required: impl $crate::arguments::Argument<$rkind>,)+)?
                    $(bodies: impl IntoIterator<Item = $Single>)?) -> $Request {
                    #[allow(unused_mut, reason = "not every operation has parameters")]
                    let mut call = $crate::call::Call::new(&self.0, &$Request::OPERATION);
                    $(call.id($id.into());)*
                    $($(call.set::<$rkind>($crate::define::place!($rplace), $crate::model::wire!($required $(, $rwire)?), $required);)+)?
                    $(call.bulk(bodies.into_iter().map(|body: $Single| body.0));)?
                    $Request(call)
                }
            )*
        }

        pub(crate) const OPERATIONS: &[&$crate::operation::Operation] = &[$(&$Request::OPERATION),*];

        $(
            #[doc = concat!("Call of [`", stringify!($resource), "::", stringify!($method), "`](super::", stringify!($resource), "::", stringify!($method), ").")]
            #[derive(Debug, Clone)]
            #[must_use = "nothing is sent until `send()` is awaited"]
            pub struct $Request(pub(crate) $crate::call::Call);

            impl $Request {
                /// What Clerk's description of the API says about it.
                pub const OPERATION: $crate::operation::Operation = $crate::operation::Operation {
                    id: $opid,
                    method: $crate::define::verb!($verb),
                    path: $path,
                    parameters: &[
                        $($($crate::operation::Parameter::new($crate::define::place!($rplace), $crate::model::wire!($required $(, $rwire)?),
                            <$rkind as $crate::arguments::Kind>::SHAPE, true),)+)?
                        $($($crate::operation::Parameter::new($crate::operation::Place::Query, $crate::model::wire!($query $(, $qwire)?),
                            <$qkind as $crate::arguments::Kind>::SHAPE, false),)*)?
                        $($($crate::operation::Parameter::new($crate::operation::Place::Body, $crate::model::wire!($field $(, $bwire)?),
                            <$bkind as $crate::arguments::Kind>::SHAPE, false),)*)?
                        $($crate::operation::Parameter::new($crate::operation::Place::Body, stringify!($file),
                            $crate::operation::Shape::File, true),)?
                    ],
                    body: $crate::define::body!($($body)? $(file $file)? $(bulk $Single)?),
                    answer: <$answer as $crate::field::Field>::SHAPE,
                };

                $($(
                    #[doc = concat!("Sets `", $crate::model::wire!($query $(, $qwire)?), "` of the query.")]
                    $(#[$qabout])*
                    pub fn $query(mut self, value: impl $crate::arguments::Argument<$qkind>) -> Self {
                        self.0.set::<$qkind>($crate::operation::Place::Query, $crate::model::wire!($query $(, $qwire)?), value);
                        self
                    }
                )*)?

                $($(
                    #[doc = concat!("Sets `", $crate::model::wire!($field $(, $bwire)?), "` of the body.")]
                    $(#[$babout])*
                    pub fn $field(mut self, value: impl $crate::arguments::Argument<$bkind>) -> Self {
                        self.0.set::<$bkind>($crate::operation::Place::Body, $crate::model::wire!($field $(, $bwire)?), value);
                        self
                    }
                )*)?

                $(
                    /// The image.
                    pub fn $file(mut self, file: $crate::Upload) -> Self {
                        self.0.file(stringify!($file), file);
                        self
                    }
                )?

                /// Says that the call may be repeated after it failed; GET calls always may.
                pub fn idempotent(mut self) -> Self {
                    self.0.repeatable();
                    self
                }

                /// How long the call may take in all, instead of the [client's](crate::Client::timeout) time.
                pub fn call_timeout(mut self, timeout: std::time::Duration) -> Self {
                    self.0.timeout(timeout);
                    self
                }

                /// Makes the call.
                pub fn send(self) -> $crate::Sending<$answer> {
                    self.0.send()
                }

                $(
                    /// All items, page after page.
                    pub fn stream(self) -> $crate::Items<$item> {
                        $crate::define::items!(self.0 $(, $flag)?)
                    }
                )?
            }
        )*
    };
}

/// The example of an operation's method: statements that make the call with `client`.
macro_rules! example {
    ($code:literal) => {
        concat!(
            "\n```no_run\n# async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {\n",
            $code,
            "\n# Ok(()) }\n```"
        )
    };
}

macro_rules! items {
    ($call:expr) => {
        $crate::Items::new($call)
    };
    ($call:expr, $flag:ident) => {
        $crate::Items::asking($call, stringify!($flag))
    };
}

macro_rules! verb {
    (DELETE) => {
        $crate::Method::Delete
    };
    (GET) => {
        $crate::Method::Get
    };
    (PATCH) => {
        $crate::Method::Patch
    };
    (POST) => {
        $crate::Method::Post
    };
    (PUT) => {
        $crate::Method::Put
    };
}

macro_rules! place {
    (body) => {
        $crate::operation::Place::Body
    };
    (query) => {
        $crate::operation::Place::Query
    };
}

macro_rules! body {
    () => {
        $crate::operation::BodyKind::None
    };
    (body) => {
        $crate::operation::BodyKind::Object
    };
    (upload file $file:ident) => {
        $crate::operation::BodyKind::Upload
    };
    (bulk $Single:ident) => {
        $crate::operation::BodyKind::Bulk($Single::OPERATION.id)
    };
}

pub(crate) use {body, example, items, operations, place, resource, verb};
