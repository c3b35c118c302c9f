//! The public type of an operation's name, made from the table of operations.

/// Declares the enum of all operations.
macro_rules! named {
    ( $( $name:ident ),+ ) => {
        /// The names of operations.
        pub(crate) mod named {
            /// An operation of AWS KMS, such as `RetireGrant`.
            ///
            /// ```
            /// use kms_fixture::Operation;
            ///
            /// let retire: Operation = "RetireGrant".parse()?;
            /// assert_eq!(retire, Operation::RetireGrant);
            /// assert_eq!(retire.to_string(), "RetireGrant");
            /// assert!("RetireGrnat".parse::<Operation>().unwrap_err().to_string().contains("RetireGrant"));
            /// # Ok::<(), kms_fixture::Error>(())
            /// ```
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum Operation {
                $(
                    #[doc = concat!("`", stringify!($name), "`.")]
                    $name,
                )+
            }

            impl Operation {
                /// Every operation, in alphabetical order.
                ///
                /// ```
                /// use kms_fixture::Operation;
                /// assert!(Operation::ALL.contains(&Operation::CreateGrant));
                /// ```
                pub const ALL: &'static [Self] = &[ $( Self::$name ),+ ];

                /// Returns the name of the operation in the API.
                ///
                /// ```
                /// use kms_fixture::Operation;
                /// assert_eq!(Operation::ListRetirableGrants.as_str(), "ListRetirableGrants");
                /// ```
                pub const fn as_str(self) -> &'static str {
                    match self { $( Self::$name => stringify!($name) ),+ }
                }

                /// Returns the operation of this name.
                pub(crate) fn from_word(word: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|it| it.as_str() == word)
                }
            }

            impl std::fmt::Display for Operation {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl AsRef<str> for Operation {
                fn as_ref(&self) -> &str {
                    self.as_str()
                }
            }
        }
    };
}

pub(super) use named;
