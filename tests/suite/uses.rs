//! What grants can be for, as calls: one for each of the 19 grant operations.

use std::collections::HashMap;

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types as aws;
use kms_fixture::model::{GrantOperation, KeySpec, KeyUsage};
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, FixtureBuilder, Kms};

use super::calls::{Made, client, pairs};
use super::refusal::{Refusal, outcome};

type Context = HashMap<String, String>;

/// A fixture with one key of each kind that the operations need, `other`, and the role `worker` without permissions.
pub(crate) fn keys() -> FixtureBuilder {
    keys_for(RoleDeclaration::new("worker"))
}

/// The same for this `worker`.
pub(crate) fn keys_for(worker: RoleDeclaration) -> FixtureBuilder {
    let key = KeyDeclaration::new;
    Fixture::builder()
        .key(key("sealing").alias("alias/sealing"))
        .key(key("other").tag("name", "other"))
        .key(key("signing").spec(KeySpec::ECC_NIST_P256).usage(KeyUsage::SIGN_VERIFY))
        .key(key("macs").spec(KeySpec::HMAC_256))
        .key(key("agreeing").spec(KeySpec::ECC_NIST_P256).usage(KeyUsage::KEY_AGREEMENT))
        .key(key("wrapping").spec(KeySpec::ML_KEM_512))
        .role(worker)
}

/// The declared name of the key on which [`keys`] have an operation tried.
pub(crate) fn key_for(operation: GrantOperation) -> &'static str {
    use GrantOperation as It;
    match operation {
        It::Sign | It::Verify | It::GetPublicKey => "signing",
        It::GenerateMac | It::VerifyMac => "macs",
        It::DeriveSharedSecret => "agreeing",
        It::Encapsulate | It::Decapsulate => "wrapping",
        _ => "sealing",
    }
}

/// Those that act on what `key_for` says with `name`.
pub(crate) fn operations_of(name: &str) -> impl Iterator<Item = GrantOperation> {
    let all = GrantOperation::ALL.iter().copied();
    all.filter(move |it| key_for(*it) == name || *it == GrantOperation::DescribeKey)
}

/// Whether the API has DryRun for it (fact 5.5).
pub(crate) fn has_dry_run(operation: GrantOperation) -> bool {
    !matches!(operation, GrantOperation::DescribeKey | GrantOperation::GetPublicKey)
}

/// What a call takes besides what it is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct With {
    pub(crate) tokens: Vec<String>,
    pub(crate) dry_run: bool,
    pub(crate) context: Context,
}

/// A fixture, and what its administrator has made with the keys, for others to use.
pub(crate) struct Bench {
    pub(crate) kms: Kms,
    context: Context,
    blob: Blob,
    other_blob: Blob,
    signature: Blob,
    mac: Blob,
    peer: Blob,
    capsule: Blob,
}

const MESSAGE: &[u8] = b"message";

fn message() -> Blob {
    Blob::new(MESSAGE)
}

impl Bench {
    pub(crate) async fn new(kms: Kms) -> Self {
        Self::with_context(kms, &[]).await
    }

    /// The ciphertext of `sealing` has this context.
    pub(crate) async fn with_context(kms: Kms, context: &[(&str, &str)]) -> Self {
        let admin = client(&kms.caller("admin"));
        let id = |name: &str| kms.key(name).arn().to_owned();
        let context = pairs(context);
        let sealed = admin
            .encrypt()
            .key_id(id("sealing"))
            .plaintext(message())
            .set_encryption_context(Some(context.clone()));
        let other = admin.encrypt().key_id(id("other")).plaintext(message());
        let signed = admin.sign().key_id(id("signing")).message(message());
        let signed = signed.signing_algorithm(aws::SigningAlgorithmSpec::EcdsaSha256);
        let mac = admin.generate_mac().key_id(id("macs")).message(message());
        let mac = mac.mac_algorithm(aws::MacAlgorithmSpec::HmacSha256);
        let peer = admin.get_public_key().key_id(id("agreeing"));
        let capsule = admin.encapsulate().key_id(id("wrapping"));
        let capsule = capsule.encapsulation_algorithm("ML_KEM".into());
        let capsule = capsule.send().await.unwrap();
        Self {
            context,
            blob: sealed.send().await.unwrap().ciphertext_blob.unwrap(),
            other_blob: other.send().await.unwrap().ciphertext_blob.unwrap(),
            signature: signed.send().await.unwrap().signature.unwrap(),
            mac: mac.send().await.unwrap().mac.unwrap(),
            peer: peer.send().await.unwrap().public_key.unwrap(),
            capsule: capsule.shared_secret_ciphertext_blob.unwrap(),
            kms,
        }
    }

    pub(crate) fn worker(&self) -> Caller {
        self.kms.caller("worker")
    }

    /// Calls `operation` on the key of `grant`, in the context that the ciphertext has.
    pub(crate) async fn outcome_of(
        &self,
        caller: &Caller,
        operation: GrantOperation,
        grant: &Made,
    ) -> Result<(), Refusal> {
        let with = With { context: self.context.clone(), ..With::default() };
        self.attempt(caller, operation, grant, with).await
    }

    /// One call of `operation` by `caller`, about the key of `grant`, or, for RetireGrant, about `grant` itself.
    #[allow(clippy::too_many_lines)] // one arm for each operation
    pub(crate) async fn attempt(
        &self,
        caller: &Caller,
        operation: GrantOperation,
        grant: &Made,
        with: With,
    ) -> Result<(), Refusal> {
        use GrantOperation as It;
        let client = client(caller);
        let With { tokens, dry_run, context } = with;
        let (key, tokens, context) = (&grant.key, Some(tokens), Some(context));
        let other = self.kms.key("other").arn().to_owned();
        /// The end that all calls with tokens and DryRun have in common.
        macro_rules! send {
            ($call:expr) => {
                outcome($call.set_grant_tokens(tokens).dry_run(dry_run).send().await)
            };
        }
        match operation {
            It::Decrypt => send!(
                client
                    .decrypt()
                    .key_id(key)
                    .ciphertext_blob(self.blob.clone())
                    .set_encryption_context(context)
            ),
            It::Encrypt => send!(
                client.encrypt().key_id(key).plaintext(message()).set_encryption_context(context)
            ),
            It::GenerateDataKey => send!(
                client
                    .generate_data_key()
                    .key_id(key)
                    .key_spec(aws::DataKeySpec::Aes256)
                    .set_encryption_context(context)
            ),
            It::GenerateDataKeyWithoutPlaintext => send!(
                client
                    .generate_data_key_without_plaintext()
                    .key_id(key)
                    .key_spec(aws::DataKeySpec::Aes256)
                    .set_encryption_context(context)
            ),
            It::GenerateDataKeyPair => send!(
                client
                    .generate_data_key_pair()
                    .key_id(key)
                    .key_pair_spec(aws::DataKeyPairSpec::EccNistP256)
                    .set_encryption_context(context)
            ),
            It::GenerateDataKeyPairWithoutPlaintext => send!(
                client
                    .generate_data_key_pair_without_plaintext()
                    .key_id(key)
                    .key_pair_spec(aws::DataKeyPairSpec::EccNistP256)
                    .set_encryption_context(context)
            ),
            It::ReEncryptFrom => send!(
                client
                    .re_encrypt()
                    .ciphertext_blob(self.blob.clone())
                    .source_key_id(key)
                    .set_source_encryption_context(context)
                    .destination_key_id(other)
            ),
            It::ReEncryptTo => send!(
                client
                    .re_encrypt()
                    .ciphertext_blob(self.other_blob.clone())
                    .source_key_id(other)
                    .destination_key_id(key)
                    .set_destination_encryption_context(context)
            ),
            It::Sign => send!(
                client
                    .sign()
                    .key_id(key)
                    .message(message())
                    .signing_algorithm(aws::SigningAlgorithmSpec::EcdsaSha256)
            ),
            It::Verify => send!(
                client
                    .verify()
                    .key_id(key)
                    .message(message())
                    .signature(self.signature.clone())
                    .signing_algorithm(aws::SigningAlgorithmSpec::EcdsaSha256)
            ),
            It::GetPublicKey => {
                let call = client.get_public_key().key_id(key);
                outcome(call.set_grant_tokens(tokens).send().await)
            }
            It::DescribeKey => {
                let call = client.describe_key().key_id(key);
                outcome(call.set_grant_tokens(tokens).send().await)
            }
            // For itself, an operation that the grant has beside CreateGrant.
            It::CreateGrant => send!(
                client
                    .create_grant()
                    .key_id(key)
                    .grantee_principal(caller.arn())
                    .operations(aws::GrantOperation::DescribeKey)
            ),
            It::RetireGrant => {
                let call = client.retire_grant().key_id(key).grant_id(&grant.id);
                outcome(call.dry_run(dry_run).send().await)
            }
            It::GenerateMac => send!(
                client
                    .generate_mac()
                    .key_id(key)
                    .message(message())
                    .mac_algorithm(aws::MacAlgorithmSpec::HmacSha256)
            ),
            It::VerifyMac => send!(
                client
                    .verify_mac()
                    .key_id(key)
                    .message(message())
                    .mac(self.mac.clone())
                    .mac_algorithm(aws::MacAlgorithmSpec::HmacSha256)
            ),
            It::DeriveSharedSecret => send!(
                client
                    .derive_shared_secret()
                    .key_id(key)
                    .public_key(self.peer.clone())
                    .key_agreement_algorithm(aws::KeyAgreementAlgorithmSpec::Ecdh)
            ),
            It::Encapsulate => {
                send!(client.encapsulate().key_id(key).encapsulation_algorithm("ML_KEM".into()))
            }
            It::Decapsulate => send!(
                client
                    .decapsulate()
                    .key_id(key)
                    .shared_secret_ciphertext_blob(self.capsule.clone())
                    .encapsulation_algorithm("ML_KEM".into())
            ),
            unknown => panic!("{unknown} is new"),
        }
    }
}
