//! An answer of a fixture, kept to be given again by a floor.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::Value;

/// Headers and body of an answer with status 200.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn of(response: &HttpResponse) -> Self {
        let body = response.body().bytes().expect("bodies of a fixture are whole");
        assert!(response.status().is_success(), "{}", String::from_utf8_lossy(body));
        Self {
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: body.to_vec(),
        }
    }

    /// The answer that an SDK's HTTP client gives.
    pub(crate) fn sdk(&self) -> HttpResponse {
        let status = 200.try_into().expect("a status");
        let mut response = HttpResponse::new(status, self.body.clone().into());
        for (name, value) in &self.headers {
            response.headers_mut().append(name.clone(), value.clone());
        }
        response
    }

    /// How many bytes it has on the wire.
    pub(crate) fn length(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(name, value)| name.len() + value.len() + 4).sum();
        "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\n\r\n".len() + headers + self.body.len()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("answers are JSON")
    }
}
