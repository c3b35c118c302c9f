//! The parsed `Authorization` header of Signature Version 4.

use crate::kms::error::{KmsError, Result};

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signed<'a> {
    pub(super) access_key_id: &'a str,
    /// The credential scope: date, Region, service and terminator.
    pub(super) scope: &'a str,
    pub(super) date: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) terminator: &'a str,
    pub(super) headers: Vec<&'a str>,
    /// The list of these headers as it was sent.
    pub(super) header_list: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Signed<'a> {
    /// Parses `header`; `dated` shows that the request has a date header of any kind.
    ///
    /// # Errors
    ///
    /// Returns IncompleteSignatureException, with texts recorded on sibling services.
    pub(super) fn parse(header: &'a str, dated: bool) -> Result<Self> {
        let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
        let mut credential = None;
        let mut signed_headers = None;
        let mut signature = None;
        let parts = rest.split(',').flat_map(|it| it.split(' '));
        for part in parts.filter(|it| !it.is_empty()) {
            let Some((name, value)) = part.split_once('=') else {
                return Err(KmsError::incomplete_signature(format!(
                    "'{part}' not a valid key=value pair (missing equal-sign) in Authorization header: '{header}'."
                )));
            };
            match name {
                "Credential" => credential = Some(value),
                "SignedHeaders" => signed_headers = Some(value),
                "Signature" => signature = Some(value),
                _ => {}
            }
        }
        let (Some(credential), Some(signature), Some(signed_headers), true) =
            (credential, signature, signed_headers, dated)
        else {
            let mut missing = String::new();
            for (there, sentence) in [
                (credential.is_some(), "requires 'Credential' parameter. "),
                (signature.is_some(), "requires 'Signature' parameter. "),
                (signed_headers.is_some(), "requires 'SignedHeaders' parameter. "),
                (dated, "requires existence of either a 'X-Amz-Date' or a 'Date' header. "),
            ] {
                if !there {
                    missing += "Authorization header ";
                    missing += sentence;
                }
            }
            return Err(KmsError::incomplete_signature(format!("{missing}Authorization={header}")));
        };
        if algorithm != "AWS4-HMAC-SHA256" {
            // INVENTED(signature-texts): no capture of another algorithm was found.
            return Err(KmsError::incomplete_signature(format!(
                "Unsupported AWS 'algorithm': '{algorithm}'. Authorization={header}"
            )));
        }
        let parts: Vec<_> = credential.split('/').collect();
        let &[access_key_id, date, region, service, terminator] = parts.as_slice() else {
            return Err(KmsError::incomplete_signature(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{credential}'"
            )));
        };
        Ok(Self {
            access_key_id,
            scope: credential.get(access_key_id.len() + 1..).unwrap_or_default(),
            date,
            region,
            service,
            terminator,
            headers: signed_headers.split(';').collect(),
            header_list: signed_headers,
            signature,
        })
    }
}
