//! A minimal browser: it keeps cookies per host and follows redirects one by one.

use std::collections::BTreeMap;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::Url;

/// A browser with its cookies.
#[derive(Debug, Default, Clone)]
pub struct Browser {
    cookies: BTreeMap<(String, String), String>,
}

/// The page at the end of a navigation.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
    /// Status and `Location` of each redirect on the way.
    pub hops: Vec<(u16, String)>,
}

impl Page {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }
}

/// Real browsers follow at most 20 redirects, too.
const MAX_HOPS: usize = 20;

impl Browser {
    /// Loads a page and follows its redirects.
    pub async fn open(&mut self, url: &str) -> Page {
        self.load("GET", url, "").await
    }

    /// Submits a form and follows the redirects.
    pub async fn submit(&mut self, url: &str, form: &str) -> Page {
        self.load("POST", url, form).await
    }

    /// Deletes the cookies whose name starts with this prefix, on every host.
    pub fn delete_cookies(&mut self, prefix: &str) {
        self.cookies.retain(|(_, name), _| !name.starts_with(prefix));
    }

    pub fn has_cookie(&self, host: &str, name: &str) -> bool {
        self.cookies.contains_key(&(host.to_owned(), name.to_owned()))
    }

    /// Loads one address without following a redirect, as a tab does while other tabs load theirs; returns where the
    /// redirect leads.
    pub async fn hop(&mut self, url: &Url) -> Result<Url, Page> {
        let (status, headers, body) = self.request("GET", url, "").await;
        for (_, line) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.store_cookie(url, line);
        }
        let location = headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone());
        match location {
            Some(location) if (300..400).contains(&status) => Ok(url.join(&location).unwrap()),
            _ => Err(Page { url: url.clone(), status, headers, body, hops: Vec::new() }),
        }
    }

    /// Sets a cookie of `localhost`.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(("localhost".to_owned(), name.to_owned()), value.to_owned());
    }

    async fn load(&mut self, method: &str, url: &str, form: &str) -> Page {
        let (mut url, mut method, mut form) = (Url::parse(url).unwrap(), method, form);
        let mut hops = Vec::new();
        loop {
            let (status, headers, body) = self.request(method, &url, form).await;
            for (_, line) in headers.iter().filter(|(name, _)| name == "set-cookie") {
                self.store_cookie(&url, line);
            }
            let location = headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone());
            match location {
                Some(location) if (300..400).contains(&status) => {
                    hops.push((status, location.clone()));
                    assert!(hops.len() <= MAX_HOPS, "a redirect loop: {hops:#?}");
                    url = url.join(&location).unwrap();
                    (method, form) = ("GET", "");
                }
                _ => return Page { url, status, headers, body, hops },
            }
        }
    }

    fn store_cookie(&mut self, url: &Url, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap();
        let key = (url.host_str().unwrap().to_owned(), name.to_owned());
        if attributes.split(';').any(|attribute| attribute.trim() == "Max-Age=0") {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }

    async fn request(&self, method: &str, url: &Url, form: &str) -> (u16, Vec<(String, String)>, String) {
        let host = url.host_str().unwrap();
        assert!(
            host == "127.0.0.1" || host == "localhost" || host.ends_with(".localhost"),
            "not on this machine: {url}"
        );
        let port = url.port().unwrap();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .filter(|((of, _), _)| of == host)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        let request = format!(
            "{method} {}{query} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\nsec-fetch-dest: document\r\naccept: text/html\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            url.path(),
            cookies.join("; "),
            form.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await.unwrap();
        let response = String::from_utf8_lossy(&response).into_owned();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        (status, headers, body.to_owned())
    }
}
