//! The fields of a request in the query protocol, from its body or, for GET, from its URL.

use http::Method;

use crate::wire::exchange::Request;

/// The fields of a request, in order.
#[derive(Debug)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// Reads the fields of a request. Bytes that are not UTF-8 become replacement characters.
    pub(crate) fn read(request: &Request) -> Self {
        let query = request.parts.uri.query().unwrap_or_default().as_bytes();
        let bytes = if request.parts.method == Method::GET { query } else { &request.body };
        Self { fields: form_urlencoded::parse(bytes).into_owned().collect() }
    }

    /// Returns the action that the form names.
    pub(crate) fn action(&self) -> Option<&str> {
        self.get("Action").filter(|it| !it.is_empty())
    }

    /// Returns the value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// Returns whether a field is present, or an element of a list with its name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|it| {
            it.0.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}
