//! A key with its encodings, before it is a pair.

/// A key that has been read or made, with its public and private encodings.
pub(super) struct Parts<K> {
    pub(super) key: K,
    /// SubjectPublicKeyInfo.
    pub(super) public: Vec<u8>,
    /// PKCS#8.
    pub(super) private: Vec<u8>,
}
