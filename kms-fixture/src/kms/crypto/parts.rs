//! A key and its encodings, before they become a pair.

/// A key and its public and private encodings.
pub(super) struct Parts<K> {
    pub(super) key: K,
    /// SubjectPublicKeyInfo.
    pub(super) public: Vec<u8>,
    /// PKCS#8.
    pub(super) private: Vec<u8>,
}
