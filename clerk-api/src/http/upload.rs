//! [`Upload`]: an image, and the multipart form that sends it.

use bytes::Bytes;

/// A file to upload: an image for a user, a logo for an organization.
///
/// ```no_run
/// # async fn run(client: clerk_api::Client, png: Vec<u8>) -> Result<(), clerk_api::ApiError> {
/// use clerk_api::Upload;
/// client.users().set_profile_image("user_1").file(Upload::new("me.png", "image/png", png)).send().await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Upload {
    name: String,
    content_type: String,
    bytes: Bytes,
}

impl Upload {
    /// Creates a file with this name, media type and content.
    #[must_use]
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content_type: content_type.into(), bytes: bytes.into() }
    }
}

/// A `multipart/form-data` body of texts and files ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    texts: Vec<(&'static str, String)>,
    files: Vec<(&'static str, Upload)>,
}

impl Form {
    pub(crate) fn add_text(&mut self, name: &'static str, text: String) {
        self.texts.push((name, text));
    }

    pub(crate) fn add_file(&mut self, name: &'static str, file: Upload) {
        self.files.push((name, file));
    }

    pub(crate) fn encode(&self, boundary: &str) -> Bytes {
        let mut form = Vec::with_capacity(self.files.iter().map(|(_, file)| file.bytes.len() + 256).sum());
        for (name, text) in &self.texts {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            form.extend_from_slice(head.as_bytes());
            form.extend_from_slice(text.as_bytes());
            form.extend_from_slice(b"\r\n");
        }
        for (name, file) in &self.files {
            let file_name = escape_quoted(&file.name);
            let media_type = escape_quoted(&file.content_type);
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n"
            );
            form.extend_from_slice(head.as_bytes());
            form.extend_from_slice(&file.bytes);
            form.extend_from_slice(b"\r\n");
        }
        form.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        form.into()
    }
}

/// Percent-encodes quotes and line breaks in a quoted text, as browsers do.
fn escape_quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_add_a_header() {
        let mut form = Form::default();
        form.add_text("uploader_user_id", "user_1".to_owned());
        form.add_file("file", Upload::new("a\"\r\nX-Evil: 1.png", "image/png", &b"\x89PNG"[..]));
        let form = form.encode("b");
        assert_eq!(
            String::from_utf8_lossy(&form),
            "--b\r\nContent-Disposition: form-data; name=\"uploader_user_id\"\r\n\r\nuser_1\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0AX-Evil: 1.png\"\r\n\
             Content-Type: image/png\r\n\r\n\u{fffd}PNG\r\n--b--\r\n"
        );
    }
}
