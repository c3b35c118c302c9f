//! Authenticates the caller: signs the request again and compares (AWS General Reference, Signature Version 4).

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SessionTokenMode, SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use subtle::ConstantTimeEq;

use super::signed::Signed;
use super::{Authentic, Verifier};
#[cfg(feature = "crypto")]
use crate::kms::crypto::are_equal;
use crate::kms::error::{KmsError, Result};
use crate::kms::evidence::{Evidence, Finding};
use crate::kms::principals::Credential;
use crate::wire::exchange::Request;

/// The largest clock skew (aws-sdk-js-v3#6400 shows it for KMS).
const WINDOW: Duration = Duration::from_mins(5);

/// Verifies the signature of `request` with the credentials of its access key id.
///
/// # Errors
///
/// Returns MissingAuthenticationToken, IncompleteSignature, UnrecognizedClient or InvalidSignature.
pub(crate) fn authenticate(request: &Request, verifier: &Verifier<'_>) -> Result<Authentic> {
    let header = request.header("authorization").ok_or_else(KmsError::missing_authentication)?;
    let date = request.header("x-amz-date");
    let dated = date.is_some() || request.parts.headers.contains_key("date");
    let signed = Signed::parse(header, dated)?;
    check_scope(&signed, verifier)?;
    let time = request_time(request, date)?;
    let same_day = date.is_some_and(|it| it.get(..8) == Some(signed.date));
    if !same_day && basic(time).get(..8) != Some(signed.date) {
        let stamp = basic(time);
        return Err(KmsError::invalid_signature(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != \
             '{}', from '{stamp}'.",
            signed.date,
            stamp.get(..8).unwrap_or_default()
        )));
    }
    check_clock(time, request.arrived, verifier.now)?;
    let credential =
        (verifier.credential)(signed.access_key_id).ok_or_else(KmsError::unrecognized_client)?;
    if credential.secrets.session_token.as_deref() != request.header("x-amz-security-token") {
        return Err(KmsError::unrecognized_client());
    }
    // Whether KMS requires other signed headers is unknown (INVENTED(unsigned-headers)).
    if !signed.headers.iter().any(|it| it.eq_ignore_ascii_case("host")) {
        return Err(KmsError::invalid_signature(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ));
    }
    if is_signature_right(request, &signed, &credential, date, time) {
        if credential.expires.is_some_and(|it| it <= verifier.now) {
            let ago = credential.expires.and_then(|it| verifier.now.duration_since(it).ok());
            let by = credential.declared.clone();
            let expired = Finding::Expired { ago: ago.unwrap_or_default(), by };
            return Err(KmsError::expired_token().because(Evidence::of(expired)));
        }
        Ok(Authentic { credential, region: signed.region.to_owned(), time })
    } else {
        Err(KmsError::signature_mismatch())
    }
}

fn check_scope(signed: &Signed<'_>, verifier: &Verifier<'_>) -> Result<()> {
    let mut faults: Vec<Cow<'_, str>> = Vec::new();
    let is_other_region = signed.region != verifier.region && !(verifier.is_open)(signed.region);
    if is_other_region {
        faults.push("Credential should be scoped to a valid region.".into());
    }
    if signed.service != verifier.service {
        let service = verifier.service;
        faults.push(format!("Credential should be scoped to correct service: '{service}'.").into());
    }
    if signed.terminator != "aws4_request" {
        faults.push("Credential should be scoped with a valid terminator: 'aws4_request'.".into());
    }
    if faults.is_empty() {
        return Ok(());
    }
    let error = KmsError::invalid_signature(faults.join(" "));
    Err(if is_other_region {
        let by = (verifier.credential)(signed.access_key_id).map(|it| it.declared.clone());
        let (signed, region) = (signed.region.to_owned(), verifier.region.to_owned());
        error.because(Evidence::of(Finding::Scope { signed, region, by }))
    } else {
        error
    })
}

/// Reads the time from `X-Amz-Date`, or from `Date` without it.
pub(super) fn request_time(request: &Request, stamp: Option<&str>) -> Result<SystemTime> {
    let parsed = match stamp {
        Some(stamp) => {
            extended(stamp).and_then(|it| DateTime::from_str(&it, Format::DateTime).ok())
        }
        // botocore writes the zone as an offset.
        None => request.header("date").and_then(|date| {
            let date = date.replace("-0000", "GMT").replace("+0000", "GMT");
            DateTime::from_str(&date, Format::HttpDate).ok()
        }),
    };
    parsed
        // AWS's clock cannot show other years.
        .filter(|it| (0..=253_402_300_799).contains(&it.secs()))
        .and_then(|it| SystemTime::try_from(it).ok())
        .ok_or_else(|| {
            // INVENTED(signature-texts): no capture of an invalid date was found.
            KmsError::incomplete_signature(
                "Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601",
            )
        })
}

/// Checks the time against the clock of the fixture, and against the arrival for a client with its own clock.
fn check_clock(time: SystemTime, arrived: Option<SystemTime>, now: SystemTime) -> Result<()> {
    let near = |clock: SystemTime| time + WINDOW >= clock && clock + WINDOW >= time;
    if near(now) || arrived.is_some_and(near) {
        return Ok(());
    }
    let clock = arrived.unwrap_or(now);
    let (stamp, shown) = (basic(time), basic(clock));
    Err(KmsError::invalid_signature(if time < clock {
        let bound = basic(clock - WINDOW);
        format!("Signature expired: {stamp} is now earlier than {bound} ({shown} - 5 min.)")
    } else {
        let bound = basic(clock + WINDOW);
        format!("Signature not yet current: {stamp} is still later than {bound} ({shown} + 5 min.)")
    }))
}

/// Returns whether the signature is that of the request. A signature is wrong only if `aws-sigv4` makes another one.
fn is_signature_right(
    request: &Request,
    signed: &Signed<'_>,
    credential: &Credential,
    stamp: Option<&str>,
    time: SystemTime,
) -> bool {
    let signature = signed.signature.as_bytes();
    #[cfg(feature = "crypto")]
    if let Some(expected) = super::usual::signature(request, signed, credential, stamp)
        && are_equal(expected.as_bytes(), signature)
    {
        return true;
    }
    #[cfg(not(feature = "crypto"))]
    let _ = stamp;
    let expected = sign_again(request, signed, credential, time);
    expected.is_some_and(|it| it.as_bytes().ct_eq(signature).into())
}

/// Computes the signature that the request should have.
pub(super) fn sign_again(
    request: &Request,
    signed: &Signed<'_>,
    credential: &Credential,
    time: SystemTime,
) -> Option<String> {
    let signs = |name: &str| signed.headers.iter().any(|it| it.eq_ignore_ascii_case(name));
    let mut headers = Vec::new();
    for name in &signed.headers {
        // The signer adds these two.
        if name.eq_ignore_ascii_case("x-amz-date")
            || name.eq_ignore_ascii_case("x-amz-security-token")
        {
            continue;
        }
        // A signed header that the request lacks makes the signature invalid.
        request.parts.headers.get(*name)?;
        for value in request.parts.headers.get_all(*name) {
            headers.push((*name, value.to_str().ok()?));
        }
    }
    let host = request.header("host")?;
    let path = request.parts.uri.path_and_query().map_or("/", |it| it.as_str());
    let mut settings = SigningSettings::default();
    settings.excluded_headers = (!signs("x-amz-date")).then(|| vec!["x-amz-date".into()]);
    settings.session_token_mode = if signs("x-amz-security-token") {
        SessionTokenMode::Include
    } else {
        SessionTokenMode::Exclude
    };
    let identity = Credentials::from_keys(
        &credential.access_key_id,
        credential.secrets.access_key.as_str(),
        credential.secrets.session_token.clone(),
    )
    .into();
    let params: SigningParams<'_> = v4::SigningParams::builder()
        .identity(&identity)
        .region(signed.region)
        .name(signed.service)
        .time(time)
        .settings(settings)
        .build()
        .ok()?
        .into();
    let signable = SignableRequest::new(
        request.parts.method.as_str(),
        format!("http://{host}{path}"),
        headers.into_iter(),
        SignableBody::Bytes(&request.body),
    )
    .ok()?;
    Some(sign(signable, &params).ok()?.into_parts().1)
}

/// Formats a time as `20261121T192345Z`.
pub(super) fn basic(time: SystemTime) -> String {
    let whole = DateTime::from_secs(DateTime::from(time).secs());
    let text = whole.fmt(Format::DateTime).unwrap_or_default();
    text.replace(['-', ':'], "")
}

/// Converts `20261121T192345Z` to `2026-11-21T19:23:45Z`.
fn extended(stamp: &str) -> Option<String> {
    let has_form = stamp.len() == 16 && stamp.is_ascii();
    // Small letters are valid in ISO 8601, but are not what the client signs.
    if !has_form || !stamp.ends_with('Z') || stamp.get(8..9) != Some("T") {
        return None;
    }
    Some(format!(
        "{}-{}-{}:{}:{}",
        &stamp[..4],
        &stamp[4..6],
        &stamp[6..11],
        &stamp[11..13],
        &stamp[13..]
    ))
}
