//! Macros that define resources and their operations.

/// Defines a resource: a group of operations, returned by a method of the client.
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

/// Defines operations: `fn name(ids; required) -> Type: "operationId" METHOD "path" => Response { optional }`.
///
/// `streams Item` adds `stream()`. `flag paginated` names the flag that makes Clerk add the total to a list. A parameter's
/// `[1..=500]` is the range that the API accepts; for a text and a list with its unit: `[1..=50 items]`.
/// `bulk Single [1..=50 items]` takes calls of another operation, and sends their bodies as a list.
///
/// Each operation becomes a method of the resource, a type with a method per optional parameter, and an `OPERATION`.
macro_rules! operations {
    ($resource:ident { $(
        $(#[$about:meta])*
        fn $method:ident($($id:ident),* $(; $($rplace:ident $required:ident $(= $rwire:literal)? : $rkind:ty $([$($rrange:tt)*])?),+)?)
            -> $Request:ident: $opid:literal $verb:ident $path:literal => $response:ty $(, streams $item:ty $(, flag $flag:ident)?)? {
            $(header { $( $(#[$habout:meta])* $header:ident = $hwire:literal : $hkind:ty $([$($hrange:tt)*])?, )* })?
            $(query { $( $(#[$qabout:meta])* $query:ident $(= $qwire:literal)? : $qkind:ty $([$($qrange:tt)*])?, )* })?
            $(with $body:ident { $( $(#[$babout:meta])* $field:ident $(= $bwire:literal)? : $bkind:ty $([$($brange:tt)*])?, )* })?
            $(file $file:ident)?
            $(bulk $Single:ident $(in $member:ident)? [$($items:tt)*])?
        }
    )* }) => {
        impl super::$resource {
            $(
                $(#[$about])*
                #[doc = ""]
                #[doc = concat!("`", stringify!($verb), " ", $path, "`")]
                pub fn $method(&self, $($id: impl Into<String>,)* $($($required: impl clerk_types::Argument<$rkind>,)+)?
                    $(bodies: impl IntoIterator<Item = $Single>)?) -> $Request {
                    #[allow(unused_mut, reason = "not every operation has parameters")]
                    let mut call = $crate::call::Call::new(&self.0, &$Request::OPERATION);
                    $(call.add_id($id.into());)*
                    $($(call.set::<$rkind>($crate::define::place!($rplace), $crate::define::wire!($required $(, $rwire)?), $required);)+)?
                    $(call.set_bulk_body(bodies.into_iter().map(|body: $Single| body.0));)?
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
                /// The operation, as Clerk's OpenAPI description has it.
                pub const OPERATION: $crate::operation::Operation = $crate::operation::Operation {
                    id: $opid,
                    method: $crate::define::verb!($verb),
                    path: $path,
                    parameters: &[
                        $($($crate::operation::Parameter::new($crate::define::place!($rplace), $crate::define::wire!($required $(, $rwire)?),
                            <$rkind as clerk_types::Field>::SHAPE, true, $crate::define::range!($($($rrange)*)?)),)+)?
                        $($($crate::operation::Parameter::new($crate::operation::Place::Header, $hwire,
                            <$hkind as clerk_types::Field>::SHAPE, false, $crate::define::range!($($($hrange)*)?)),)*)?
                        $($($crate::operation::Parameter::new($crate::operation::Place::Query, $crate::define::wire!($query $(, $qwire)?),
                            <$qkind as clerk_types::Field>::SHAPE, false, $crate::define::range!($($($qrange)*)?)),)*)?
                        $($($crate::operation::Parameter::new($crate::operation::Place::Body, $crate::define::wire!($field $(, $bwire)?),
                            <$bkind as clerk_types::Field>::SHAPE, false, $crate::define::range!($($($brange)*)?)),)*)?
                        $($crate::operation::Parameter::new($crate::operation::Place::Body, stringify!($file),
                            clerk_types::Shape::File, true, None),)?
                    ],
                    body: $crate::define::body!($($body)? $(file $file)? $(bulk $Single [$($items)*] $($member)?)?),
                    response: <$response as clerk_types::Field>::SHAPE,
                };

                $($(
                    #[doc = concat!("Sets the header `", $hwire, "`.")]
                    $(#[doc = concat!("Range: `", stringify!($($hrange)*), "`.")])?
                    $(#[$habout])*
                    pub fn $header(mut self, value: impl clerk_types::Argument<$hkind>) -> Self {
                        self.0.set::<$hkind>($crate::operation::Place::Header, $hwire, value);
                        self
                    }
                )*)?

                $($(
                    #[doc = concat!("Sets `", $crate::define::wire!($query $(, $qwire)?), "` of the query.")]
                    $(#[doc = concat!("Range: `", stringify!($($qrange)*), "`.")])?
                    $(#[$qabout])*
                    pub fn $query(mut self, value: impl clerk_types::Argument<$qkind>) -> Self {
                        self.0.set::<$qkind>($crate::operation::Place::Query, $crate::define::wire!($query $(, $qwire)?), value);
                        self
                    }
                )*)?

                $($(
                    #[doc = concat!("Sets `", $crate::define::wire!($field $(, $bwire)?), "` of the body.")]
                    $(#[doc = concat!("Range: `", stringify!($($brange)*), "`.")])?
                    $(#[$babout])*
                    pub fn $field(mut self, value: impl clerk_types::Argument<$bkind>) -> Self {
                        self.0.set::<$bkind>($crate::operation::Place::Body, $crate::define::wire!($field $(, $bwire)?), value);
                        self
                    }
                )*)?

                $(
                    /// The image.
                    pub fn $file(mut self, file: $crate::Upload) -> Self {
                        self.0.add_file(stringify!($file), file);
                        self
                    }
                )?

                /// Marks the call as idempotent, so that it is retried like a GET call.
                pub fn idempotent(mut self) -> Self {
                    self.0.set_idempotent();
                    self
                }

                /// How long the call may take in total, in place of the [client's](crate::Client::timeout) timeout.
                pub fn call_timeout(mut self, timeout: std::time::Duration) -> Self {
                    self.0.set_timeout(timeout);
                    self
                }

                /// Sends the call.
                pub fn send(self) -> $crate::SendFuture<$response> {
                    self.0.send()
                }

                $(
                    /// Streams all items, page by page.
                    pub fn stream(self) -> $crate::PageStream<$item> {
                        $crate::define::page_stream!(self.0 $(, $flag)?)
                    }
                )?
            }
        )*
    };
}

/// Makes a doc example out of statements that use `client`.
macro_rules! example {
    ($code:literal) => {
        concat!(
            "\n```no_run\n# async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {\n",
            $code,
            "\n# Ok(()) }\n```"
        )
    };
}

macro_rules! page_stream {
    ($call:expr) => {
        $crate::PageStream::new($call)
    };
    ($call:expr, $flag:ident) => {
        $crate::PageStream::with_flag($call, stringify!($flag))
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

/// The range of a parameter, or `None`.
macro_rules! range {
    () => {
        None
    };
    ($min:literal ..= $max:literal $($unit:ident)?) => {
        Some($crate::operation::Range::new(
            std::ops::Bound::Included($min),
            std::ops::Bound::Included($max),
            concat!($min, "..=", $max $(, " ", stringify!($unit))?),
        ))
    };
    ($min:literal .. $($unit:ident)?) => {
        Some($crate::operation::Range::new(
            std::ops::Bound::Included($min),
            std::ops::Bound::Unbounded,
            concat!($min, ".." $(, " ", stringify!($unit))?),
        ))
    };
    (..= $max:literal $($unit:ident)?) => {
        Some($crate::operation::Range::new(
            std::ops::Bound::Unbounded,
            std::ops::Bound::Included($max),
            concat!("..=", $max $(, " ", stringify!($unit))?),
        ))
    };
    (> $min:literal) => {
        Some($crate::operation::Range::new(
            std::ops::Bound::Excluded($min),
            std::ops::Bound::Unbounded,
            concat!("> ", $min),
        ))
    };
}

/// The name in the API: the given one, by default the identifier.
macro_rules! wire {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident, $wire:literal) => {
        $wire
    };
}

macro_rules! body {
    (member) => {
        None
    };
    (member $member:ident) => {
        Some(stringify!($member))
    };
    () => {
        $crate::operation::BodyKind::None
    };
    (body) => {
        $crate::operation::BodyKind::Object
    };
    (upload file $file:ident) => {
        $crate::operation::BodyKind::Upload
    };
    (bulk $Single:ident [$min:literal ..= $max:literal items] $($member:ident)?) => {
        $crate::operation::BodyKind::Bulk {
            of: $Single::OPERATION.id,
            member: $crate::define::body!(member $($member)?),
            range: $crate::operation::Range::new(
                std::ops::Bound::Included($min),
                std::ops::Bound::Included($max),
                concat!($min, "..=", $max, " items"),
            ),
        }
    };
}

pub(crate) use {body, example, operations, page_stream, place, range, resource, verb, wire};
