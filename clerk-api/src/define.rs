//! [`resource!`], which defines a resource with all its operations.

/// Defines a resource: a group of operations, returned by a method of the client.
///
/// ```text
/// /// What it does.
/// GET "/path/{id}" OperationId
/// name(id; required: String) ?{ query: i64, ..paged } { body: Option<String> } -> Response;
/// ```
///
/// - `= "operationId"` follows if Clerk writes the id with other capitals.
/// - A required parameter is in the query of GET and DELETE, otherwise in the body. `?{}` holds optional parameters of the
///   query, `{}` of the body, `headers {}` of the header. `Option` takes [`Null`](clerk_types::Null), too.
/// - `..paged` and `..user_filters` stand for parameters that several operations have.
/// - `[1..=500]` is the range that the API accepts; for a text and a list with its unit: `[1..=50 items]`.
/// - `=> Page<Item>` adds `stream()`. `flag paginated` names the flag that makes Clerk add the total to a list.
/// - `upload file` sends a form with a file.
/// - `bulk Single [1..=50 items]` takes calls of another operation, and sends their bodies as a list.
/// - `with machine_key`: a machine may call it with its own secret key.
///
/// Each operation becomes a method of the resource, a type with a method per optional parameter, and an `OPERATION`.
macro_rules! resource {
    ($(#[$about:meta])* $Resource:ident, $accessor:ident { $(
        $(#[$op_about:meta])*
        $verb:ident $path:literal $Request:ident $(= $opid:literal)?
        $method:ident($($id:ident),* $(; $($required:ident $(= $rwire:literal)? : $rkind:ty $([$($rrange:tt)*])?),+)?)
            $(headers { $($header:tt)* })?
            $(? { $(.. $group:ident $(,)?)* $(
                $(#[$qmeta:meta])* $query:ident $(= $qwire:literal)? : $qtype:ty $([$($qrange:tt)*])?
            ),* $(,)? })?
            $(upload $file:ident)?
            $({ $($body:tt)* })?
            $(bulk $Single:ident $(in $member:ident)? [$($items:tt)*])?
            $(-> $response:ty)? $(=> Page<$item:ty> $(, flag $flag:ident)?)? $(, with $machine_key:ident)?;
    )* }) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        pub struct $Resource(pub(crate) $crate::client::Client);

        impl $crate::client::Client {
            $(#[$about])*
            #[must_use]
            pub fn $accessor(&self) -> $Resource {
                $Resource(self.clone())
            }
        }

        impl $Resource { $(
            $(#[$op_about])*
            #[doc = ""]
            #[doc = concat!("`", stringify!($verb), " ", $path, "`")]
            pub fn $method(
                &self, $($id: impl Into<String>,)* $($($required: impl clerk_types::Argument<$rkind>,)+)?
                $(bodies: impl IntoIterator<Item = $Single>)?
            ) -> $Request {
                #[allow(unused_mut, reason = "not every operation has parameters")]
                let mut request = $crate::request::Request::new(&self.0, &$Request::OPERATION);
                $(request.add_id($id.into());)*
                $($(request.set::<$rkind>(
                    $crate::define::place!($verb), $crate::define::wire!($required $(, $rwire)?), $required,
                );)+)?
                $(request.set_bulk_body(bodies.into_iter().map(|body: $Single| body.0));)?
                $Request(request)
            }
        )* }

        pub(crate) const OPERATIONS: &[&$crate::operation::Operation] = &[$(&$Request::OPERATION),*];

        $(
            #[doc = concat!("Call of [`", stringify!($Resource), "::", stringify!($method), "`].")]
            #[derive(Debug, Clone)]
            #[must_use = "nothing is sent until `send()` is awaited"]
            pub struct $Request(pub(crate) $crate::request::Request);

            impl $Request {
                /// The operation, as Clerk's OpenAPI description has it.
                #[doc(hidden)]
                pub const OPERATION: $crate::operation::Operation = $crate::operation::Operation::new(
                    $crate::define::wire!($Request $(, $opid)?),
                    $crate::define::verb!($verb),
                    $path,
                    &[
                        $(&[$($crate::operation::Parameter::new(
                            $crate::define::place!($verb), $crate::define::wire!($required $(, $rwire)?),
                            <$rkind as clerk_types::Field>::SHAPE, true, $crate::define::range!($($($rrange)*)?),
                        )),+],)?
                        $($crate::define::parameters! { Header; $($header)* },)?
                        $($($crate::define::group! { parameters $group },)* $crate::define::parameters! {
                            Query; $($(#[$qmeta])* $query $(= $qwire)? : $qtype $([$($qrange)*])?),*
                        },)?
                        $($crate::define::parameters! { Body; $($body)* },)?
                        $(&[$crate::operation::Parameter::new(
                            $crate::operation::Place::Body, stringify!($file), clerk_types::Shape::File, true, None,
                        )],)?
                    ],
                    $crate::define::body!($(upload $file)? $(bulk $Single [$($items)*] $($member)?)?),
                    $crate::define::shape!($($response)? $(Page $item)?),
                );

                $($crate::define::setters! { Header "Sets the header `"; $($header)* })?
                $($($crate::define::group! { setters $group })* $crate::define::setters! {
                    Query "Sets in the query `"; $($(#[$qmeta])* $query $(= $qwire)? : $qtype $([$($qrange)*])?),*
                })?
                $($crate::define::setters! { Body "Sets in the body `"; $($body)* })?

                $(
                    /// The image.
                    pub fn $file(mut self, file: $crate::Upload) -> Self {
                        self.0.add_file(stringify!($file), file);
                        self
                    }
                )?

                $(
                    /// Authenticates with this machine's secret key instead of the instance's.
                    pub fn machine_secret_key(mut self, $machine_key: clerk_core::config::MachineSecretKey) -> Self {
                        self.0.set_secret($machine_key);
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
                pub fn send(self) -> $crate::SendFuture<$($response)? $(clerk_types::Page<$item>)?> {
                    self.0.send_as()
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

/// Parameters that several operations have.
macro_rules! group {
    ($then:ident paged) => {
        $crate::define::$then! { Query "Sets in the query `";
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    };
    ($then:ident user_filters) => {
        $crate::define::$then! { Query "Sets in the query `";
            email_address: Vec<String> [..=100 items],
            phone_number: Vec<String> [..=100 items],
            external_id: Vec<String> [..=100 items],
            username: Vec<String> [..=100 items],
            web3_wallet: Vec<String> [..=100 items],
            user_id: Vec<String> [..=100 items],
            organization_id: Vec<String> [..=100 items],
            query: String,
            email_address_query: String,
            phone_number_query: String,
            username_query: String,
            name_query: String,
            banned: bool,
            last_active_at_before: clerk_types::Timestamp,
            last_active_at_after: clerk_types::Timestamp,
            last_active_at_since: clerk_types::Timestamp,
            created_at_before: clerk_types::Timestamp,
            created_at_after: clerk_types::Timestamp,
            last_sign_in_at_before: clerk_types::Timestamp,
            last_sign_in_at_after: clerk_types::Timestamp,
            provider: String,
            provider_user_id: Vec<String> [..=100 items],
        }
    };
}

/// The descriptions of optional parameters.
macro_rules! parameters {
    ($place:ident $($about:literal)?; $(
        $(#[$meta:meta])* $name:ident $(= $wire:literal)? : $type:ty $([$($range:tt)*])?
    ),* $(,)?) => {
        &[$($crate::operation::Parameter::new(
            $crate::operation::Place::$place, $crate::define::wire!($name $(, $wire)?), <$type as clerk_types::Field>::SHAPE, false,
            $crate::define::range!($($($range)*)?),
        )),*]
    };
}

/// The methods of optional parameters.
macro_rules! setters {
    ($place:ident $about:literal; $(
        $(#[$meta:meta])* $name:ident $(= $wire:literal)? : $type:ty $([$($range:tt)*])?
    ),* $(,)?) => { $(
        #[doc = concat!($about, $crate::define::wire!($name $(, $wire)?), "`.")]
        $(#[doc = concat!("Range: `", stringify!($($range)*), "`.")])?
        $(#[$meta])*
        pub fn $name(mut self, value: impl clerk_types::Argument<$type>) -> Self {
            self.0.set::<$type>($crate::operation::Place::$place, $crate::define::wire!($name $(, $wire)?), value);
            self
        }
    )* };
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
    ($request:expr) => {
        $crate::PageStream::new($request)
    };
    ($request:expr, $flag:ident) => {
        $crate::PageStream::with_flag($request, stringify!($flag))
    };
}

macro_rules! verb {
    (DELETE) => {
        $crate::operation::Method::Delete
    };
    (GET) => {
        $crate::operation::Method::Get
    };
    (PATCH) => {
        $crate::operation::Method::Patch
    };
    (POST) => {
        $crate::operation::Method::Post
    };
    (PUT) => {
        $crate::operation::Method::Put
    };
}

/// Where required parameters are.
macro_rules! place {
    (DELETE) => {
        $crate::operation::Place::Query
    };
    (GET) => {
        $crate::operation::Place::Query
    };
    ($verb:ident) => {
        $crate::operation::Place::Body
    };
}

macro_rules! shape {
    (Page $item:ty) => {
        <clerk_types::Page<$item> as clerk_types::Field>::SHAPE
    };
    ($response:ty) => {
        <$response as clerk_types::Field>::SHAPE
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

/// The kind of a body that is neither empty nor an object of parameters.
macro_rules! body {
    (member) => {
        None
    };
    (member $member:ident) => {
        Some(stringify!($member))
    };
    () => {
        None
    };
    (upload $file:ident) => {
        Some($crate::operation::BodyKind::Upload)
    };
    (bulk $Single:ident [$min:literal ..= $max:literal items] $($member:ident)?) => {
        Some($crate::operation::BodyKind::Bulk {
            of: $Single::OPERATION.id,
            member: $crate::define::body!(member $($member)?),
            range: $crate::operation::Range::new(
                std::ops::Bound::Included($min),
                std::ops::Bound::Included($max),
                concat!($min, "..=", $max, " items"),
            ),
        })
    };
}

pub(crate) use {body, example, group, page_stream, parameters, place, range, resource, setters, shape, verb, wire};
