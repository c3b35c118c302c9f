//! The trust roots of TLS connections.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::Error;

/// Returns a TLS configuration that trusts `roots`.
pub(super) fn config(roots: RootCertStore) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|it| Error::new(format!("TLS cannot be used: {it}")))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Returns the system's roots and those of the bundle.
pub(super) fn roots(bundle: Option<&Path>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = bundle {
        let refused = |why: &str| {
            Error::new(format!("the certificates in {} cannot be used: {why}", path.display()))
                .help("`AWS_CA_BUNDLE` must name a file of certificates in PEM format")
        };
        let text = std::fs::read(path).map_err(|it| refused(&it.to_string()))?;
        for certificate in CertificateDer::pem_slice_iter(&text) {
            let certificate = certificate.map_err(|it| refused(&it.to_string()))?;
            let added = roots.add(certificate);
            added.map_err(|it| refused(&it.to_string()))?;
        }
        if roots.is_empty() {
            return Err(refused("it contains none"));
        }
    }
    // Unreadable system certificates are skipped: they are common, and not the user's mistake.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Error::new("this machine has no trusted certificates").help(
            "install its `ca-certificates`, or name a file of certificates in `AWS_CA_BUNDLE`",
        ));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{config, roots};

    /// ISRG Root X2, a public certificate.
    const PEM: &str = "-----BEGIN CERTIFICATE-----
MIICGzCCAaGgAwIBAgIQQdKd0XLq7qeAwSxs6S+HUjAKBggqhkjOPQQDAzBPMQsw
CQYDVQQGEwJVUzEpMCcGA1UEChMgSW50ZXJuZXQgU2VjdXJpdHkgUmVzZWFyY2gg
R3JvdXAxFTATBgNVBAMTDElTUkcgUm9vdCBYMjAeFw0yMDA5MDQwMDAwMDBaFw00
MDA5MTcxNjAwMDBaME8xCzAJBgNVBAYTAlVTMSkwJwYDVQQKEyBJbnRlcm5ldCBT
ZWN1cml0eSBSZXNlYXJjaCBHcm91cDEVMBMGA1UEAxMMSVNSRyBSb290IFgyMHYw
EAYHKoZIzj0CAQYFK4EEACIDYgAEzZvVn4CDCuwJSvMWSj5cz3es3mcFDR0HttwW
+1qLFNvicWDEukWVEYmO6gbf9yoWHKS5xcUy4APgHoIYOIvXRdgKam7mAHf7AlF9
ItgKbppbd9/w+kHsOdx1ymgHDB/qo0IwQDAOBgNVHQ8BAf8EBAMCAQYwDwYDVR0T
AQH/BAUwAwEB/zAdBgNVHQ4EFgQUfEKWrt5LSDv6kviejM9ti6lyN5UwCgYIKoZI
zj0EAwMDaAAwZQIwe3lORlCEwkSHRhtFcP9Ymd70/aTSVaYgLXTWNLxBo1BfASdW
tL4ndQavEi51mI38AjEAi/V3bNTIZargCyzuFJ0nN6T5U6VR5CmD1/iQMVtCnwr1
/q4AaOeMSQ+2b1tbFfLn
-----END CERTIFICATE-----
";

    #[test]
    fn a_bundle_of_certificates_is_trusted_and_a_bad_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("good.pem");
        let empty = folder.path().join("empty.pem");
        let broken = folder.path().join("broken.pem");
        fs::write(&good, PEM).unwrap();
        fs::write(&empty, "no certificate").unwrap();
        fs::write(&broken, PEM.replace("MIIC", "AAAA")).unwrap();
        let trusted = roots(Some(&good)).unwrap();
        assert!(!trusted.is_empty());
        assert!(config(trusted).is_ok());
        let missing = folder.path().join("missing.pem");
        for path in [empty, broken, missing] {
            let refused = roots(Some(&path)).unwrap_err().to_string();
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(refused.contains(name) && refused.contains("AWS_CA_BUNDLE"), "{refused}");
        }
    }
}
