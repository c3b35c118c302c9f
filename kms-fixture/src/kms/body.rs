//! The body of an answer: whole, or in pieces that other bodies share.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

/// A body. The journal keeps many, and most pages list the same grants; so a page is kept in pieces.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Whole(Bytes),
    Pieces(Arc<[Bytes]>),
}

impl Body {
    /// Returns the number of bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Pieces(pieces) => pieces.iter().map(Bytes::len).sum(),
        }
    }

    /// Returns the bytes.
    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes.clone(),
            Self::Pieces(pieces) => {
                let mut bytes = BytesMut::with_capacity(self.len());
                for piece in pieces.iter() {
                    bytes.extend_from_slice(piece);
                }
                bytes.freeze()
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(bytes)
    }
}

impl From<Vec<Bytes>> for Body {
    fn from(pieces: Vec<Bytes>) -> Self {
        Self::Pieces(pieces.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_pieces_has_the_bytes_of_all() {
        let body = Body::from(vec![Bytes::from("{"), Bytes::new(), Bytes::from("\"a\":1}")]);
        assert_eq!((body.bytes(), body.len()), (Bytes::from("{\"a\":1}"), 7));
        assert_eq!(Body::default().bytes(), Bytes::new());
    }
}
