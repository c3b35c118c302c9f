//! Calls as the console copies them for Rust, at first one for each operation with everything that it can have. Written by
//! `UPDATE_EXPECT=1 tests/python/run test_console.py`, which otherwise compares them with the page. They only have to compile.

async fn cancel_key_deletion() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.cancel_key_deletion().key_id("").send().await?;
Ok(())
}

async fn create_alias() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.create_alias().alias_name("alias/example").target_key_id("").send().await?;
Ok(())
}

async fn create_grant() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::types::GrantConstraints;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.create_grant().grantee_principal("").key_id("").operations("Decrypt".into()).constraints(GrantConstraints::builder().encryption_context_subset("tenant", "7").build()).dry_run(true).grant_tokens("").grantee_service_principal("").name("example").retiring_principal("").retiring_service_principal("").send().await?;
Ok(())
}

async fn create_key() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::types::Tag;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.create_key().bypass_policy_lockout_safety_check(true).custom_key_store_id("").customer_master_key_spec("RSA_2048".into()).description("an example").key_spec("SYMMETRIC_DEFAULT".into()).key_usage("ENCRYPT_DECRYPT".into()).multi_region(true).origin("AWS_KMS".into()).policy("").tags(Tag::builder().tag_key("team").tag_value("payments").build()?).xks_key_id("").send().await?;
Ok(())
}

async fn decapsulate() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.decapsulate().encapsulation_algorithm("ML_KEM".into()).key_id("").shared_secret_ciphertext_blob(Blob::new([104, 101, 108, 108, 111u8])).dry_run(true).grant_tokens("").send().await?;
Ok(())
}

async fn decrypt() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::RecipientInfo;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.decrypt().ciphertext_blob(Blob::new([104, 101, 108, 108, 111u8])).dry_run(true).dry_run_modifiers("IGNORE_CIPHERTEXT".into()).encryption_algorithm("SYMMETRIC_DEFAULT".into()).encryption_context("tenant", "7").grant_tokens("").key_id("").recipient(RecipientInfo::builder().attestation_document(Blob::new([104, 101, 108, 108, 111u8])).key_encryption_algorithm("RSAES_OAEP_SHA_256".into()).build()).send().await?;
Ok(())
}

async fn delete_alias() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.delete_alias().alias_name("alias/example").send().await?;
Ok(())
}

async fn delete_imported_key_material() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.delete_imported_key_material().key_id("").key_material_id("").send().await?;
Ok(())
}

async fn derive_shared_secret() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::RecipientInfo;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.derive_shared_secret().key_agreement_algorithm("ECDH".into()).key_id("").public_key(Blob::new([104, 101, 108, 108, 111u8])).dry_run(true).grant_tokens("").recipient(RecipientInfo::builder().attestation_document(Blob::new([104, 101, 108, 108, 111u8])).key_encryption_algorithm("RSAES_OAEP_SHA_256".into()).build()).send().await?;
Ok(())
}

async fn describe_custom_key_stores() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.describe_custom_key_stores().custom_key_store_id("").custom_key_store_name("").limit(10).marker("").send().await?;
Ok(())
}

async fn describe_key() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.describe_key().key_id("").grant_tokens("").send().await?;
Ok(())
}

async fn disable_key() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.disable_key().key_id("").send().await?;
Ok(())
}

async fn disable_key_rotation() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.disable_key_rotation().key_id("").send().await?;
Ok(())
}

async fn enable_key() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.enable_key().key_id("").send().await?;
Ok(())
}

async fn enable_key_rotation() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.enable_key_rotation().key_id("").rotation_period_in_days(365).send().await?;
Ok(())
}

async fn encapsulate() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.encapsulate().encapsulation_algorithm("ML_KEM".into()).key_id("").dry_run(true).grant_tokens("").send().await?;
Ok(())
}

async fn encrypt() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.encrypt().key_id("").plaintext(Blob::new([104, 101, 108, 108, 111u8])).dry_run(true).encryption_algorithm("SYMMETRIC_DEFAULT".into()).encryption_context("tenant", "7").grant_tokens("").send().await?;
Ok(())
}

async fn generate_data_key() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::RecipientInfo;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.generate_data_key().key_id("").key_spec("AES_256".into()).dry_run(true).encryption_context("tenant", "7").grant_tokens("").number_of_bytes(32).recipient(RecipientInfo::builder().attestation_document(Blob::new([104, 101, 108, 108, 111u8])).key_encryption_algorithm("RSAES_OAEP_SHA_256".into()).build()).send().await?;
Ok(())
}

async fn generate_data_key_pair() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::RecipientInfo;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.generate_data_key_pair().key_id("").key_pair_spec("RSA_2048".into()).dry_run(true).encryption_context("tenant", "7").grant_tokens("").recipient(RecipientInfo::builder().attestation_document(Blob::new([104, 101, 108, 108, 111u8])).key_encryption_algorithm("RSAES_OAEP_SHA_256".into()).build()).send().await?;
Ok(())
}

async fn generate_data_key_pair_without_plaintext() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.generate_data_key_pair_without_plaintext().key_id("").key_pair_spec("RSA_2048".into()).dry_run(true).encryption_context("tenant", "7").grant_tokens("").send().await?;
Ok(())
}

async fn generate_data_key_without_plaintext() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.generate_data_key_without_plaintext().key_id("").key_spec("AES_256".into()).dry_run(true).encryption_context("tenant", "7").grant_tokens("").number_of_bytes(32).send().await?;
Ok(())
}

async fn generate_mac() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.generate_mac().key_id("").mac_algorithm("HMAC_SHA_224".into()).message(Blob::new([104, 101, 108, 108, 111u8])).dry_run(true).grant_tokens("").send().await?;
Ok(())
}

async fn generate_random() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::RecipientInfo;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.generate_random().number_of_bytes(32).custom_key_store_id("").recipient(RecipientInfo::builder().attestation_document(Blob::new([104, 101, 108, 108, 111u8])).key_encryption_algorithm("RSAES_OAEP_SHA_256".into()).build()).send().await?;
Ok(())
}

async fn get_key_last_usage() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.get_key_last_usage().key_id("").send().await?;
Ok(())
}

async fn get_key_policy() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.get_key_policy().key_id("").policy_name("default").send().await?;
Ok(())
}

async fn get_key_rotation_status() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.get_key_rotation_status().key_id("").send().await?;
Ok(())
}

async fn get_parameters_for_import() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.get_parameters_for_import().key_id("").wrapping_algorithm("RSAES_PKCS1_V1_5".into()).wrapping_key_spec("RSA_2048".into()).send().await?;
Ok(())
}

async fn get_public_key() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.get_public_key().key_id("").grant_tokens("").send().await?;
Ok(())
}

async fn import_key_material() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::primitives::DateTime;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.import_key_material().encrypted_key_material(Blob::new([104, 101, 108, 108, 111u8])).import_token(Blob::new([104, 101, 108, 108, 111u8])).key_id("").expiration_model("KEY_MATERIAL_EXPIRES".into()).import_type("NEW_KEY_MATERIAL".into()).key_material_description("").key_material_id("").valid_to(DateTime::from_secs(1767225600)).send().await?;
Ok(())
}

async fn list_aliases() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_aliases().key_id("").limit(10).marker("").send().await?;
Ok(())
}

async fn list_grants() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_grants().key_id("").grant_id("").grantee_principal("").grantee_service_principal("").limit(10).marker("").send().await?;
Ok(())
}

async fn list_key_policies() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_key_policies().key_id("").limit(10).marker("").send().await?;
Ok(())
}

async fn list_key_rotations() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_key_rotations().key_id("").include_key_material("ALL_KEY_MATERIAL".into()).limit(10).marker("").send().await?;
Ok(())
}

async fn list_keys() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_keys().limit(10).marker("").send().await?;
Ok(())
}

async fn list_resource_tags() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_resource_tags().key_id("").limit(10).marker("").send().await?;
Ok(())
}

async fn list_retirable_grants() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_retirable_grants().retiring_principal("").limit(10).marker("").retiring_service_principal("").send().await?;
Ok(())
}

async fn put_key_policy() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.put_key_policy().key_id("").policy("").bypass_policy_lockout_safety_check(true).policy_name("default").send().await?;
Ok(())
}

async fn re_encrypt() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.re_encrypt().ciphertext_blob(Blob::new([104, 101, 108, 108, 111u8])).destination_key_id("").destination_encryption_algorithm("SYMMETRIC_DEFAULT".into()).dry_run(true).dry_run_modifiers("IGNORE_CIPHERTEXT".into()).grant_tokens("").source_encryption_algorithm("SYMMETRIC_DEFAULT".into()).source_key_id("").send().await?;
Ok(())
}

async fn replicate_key() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::types::Tag;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.replicate_key().key_id("").replica_region("").bypass_policy_lockout_safety_check(true).description("an example").policy("").tags(Tag::builder().tag_key("team").tag_value("payments").build()?).send().await?;
Ok(())
}

async fn retire_grant() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.retire_grant().grant_id("").key_id("").dry_run(true).grant_token("").send().await?;
Ok(())
}

async fn revoke_grant() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.revoke_grant().grant_id("").key_id("").dry_run(true).send().await?;
Ok(())
}

async fn rotate_key_on_demand() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.rotate_key_on_demand().key_id("").send().await?;
Ok(())
}

async fn schedule_key_deletion() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.schedule_key_deletion().key_id("").pending_window_in_days(7).send().await?;
Ok(())
}

async fn sign() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.sign().key_id("").message(Blob::new([104, 101, 108, 108, 111u8])).signing_algorithm("RSASSA_PSS_SHA_256".into()).dry_run(true).grant_tokens("").message_type("RAW".into()).send().await?;
Ok(())
}

async fn tag_resource() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::types::Tag;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.tag_resource().key_id("").tags(Tag::builder().tag_key("team").tag_value("payments").build()?).send().await?;
Ok(())
}

async fn untag_resource() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.untag_resource().key_id("").tag_keys("team").send().await?;
Ok(())
}

async fn update_alias() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.update_alias().alias_name("alias/example").target_key_id("").send().await?;
Ok(())
}

async fn update_key_description() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.update_key_description().description("an example").key_id("").send().await?;
Ok(())
}

async fn update_primary_region() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.update_primary_region().key_id("").primary_region("").send().await?;
Ok(())
}

async fn verify() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.verify().key_id("").message(Blob::new([104, 101, 108, 108, 111u8])).signature(Blob::new([104, 101, 108, 108, 111u8])).signing_algorithm("RSASSA_PSS_SHA_256".into()).dry_run(true).grant_tokens("").message_type("RAW".into()).send().await?;
Ok(())
}

async fn verify_mac() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = Some("token".to_owned());
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.verify_mac().key_id("").mac(Blob::new([104, 101, 108, 108, 111u8])).mac_algorithm("HMAC_SHA_224".into()).message(Blob::new([104, 101, 108, 108, 111u8])).dry_run(true).grant_tokens("").send().await?;
Ok(())
}

async fn decrypt_with_a_context() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = None;
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.decrypt().ciphertext_blob(Blob::new([1, 2, 3u8])).encryption_context("tenant", "7").encryption_context("", "it's \\u0041").grant_tokens("one").grant_tokens("two").send().await?;
Ok(())
}

async fn create_a_grant_for_two_tenants() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::types::GrantConstraints;

let token = None;
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.create_grant().key_id("alias/orders").grantee_principal("arn:aws:iam::111122223333:role/worker").operations("Decrypt".into()).operations("RetireGrant".into()).constraints(GrantConstraints::builder().encryption_context_equals("tenant", "7").encryption_context_equals("stage", "test").build()).send().await?;
Ok(())
}

async fn list_what_can_be_retired() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};

let token = None;
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.list_retirable_grants().retiring_principal("arn:aws:iam::111122223333:role/janitor").limit(1).send().await?;
Ok(())
}

async fn encrypt_nothing() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::primitives::Blob;

let token = None;
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.encrypt().key_id("alias/orders").plaintext(Blob::new([0u8; 0])).send().await?;
Ok(())
}

async fn texts_of_every_kind() -> Result<(), Box<dyn std::error::Error>> {
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kms::types::Tag;

let token = None;
let credentials = Credentials::new("access-key", "secret", token, None, "kms-fixture");
let config = aws_sdk_kms::Config::builder()
    .behavior_version(BehaviorVersion::latest())
    .endpoint_url("http://127.0.0.1:40123")
    .region(Region::new("us-east-1"))
    .credentials_provider(credentials)
    .build();
let kms = aws_sdk_kms::Client::from_conf(config);
let answer = kms.tag_resource().key_id("a").tags(Tag::builder().tag_key("\"\\\n\r\t\u{8}\u{c}\u{0}").tag_value("\u{202e} 🚀\u{fffd} {}").build()?).tags(Tag::builder().tag_key("b").tag_value("").build()?).send().await?;
Ok(())
}
