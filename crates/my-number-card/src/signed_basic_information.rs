//! What a card gave, parsed once and not yet believed.

use std::fmt;

use domain::{BasicAttributes, MyNumber};

use crate::{
    CardFiles, ElementaryFile, MalformedFile,
    files::{
        BasicAttributesFile, CardKeyFile, IndividualNumberFile, IntegrityFile,
        IssuerCertificateFile,
    },
};

/// The signed basic information (署名付き基本情報): five well-formed files. Well-formed is not
/// authentic: that takes [`crate::verify`].
pub struct SignedBasicInformation {
    files: CardFiles,
    pub(crate) individual_number: IndividualNumberFile,
    pub(crate) basic_attributes: BasicAttributesFile,
    pub(crate) integrity: IntegrityFile,
    pub(crate) issuer_certificate: IssuerCertificateFile,
    pub(crate) card_key: CardKeyFile,
}

impl SignedBasicInformation {
    /// Parses the files, each within its size bound ([`ElementaryFile::longest`]).
    ///
    /// # Errors
    /// [`MalformedFile`]: which file, what is wrong and at which byte.
    pub fn from_files(files: CardFiles) -> Result<Self, MalformedFile> {
        let at = |file| move |malformation| MalformedFile { file, malformation };
        Ok(Self {
            individual_number: IndividualNumberFile::parse(&files.ef0001)
                .map_err(at(ElementaryFile::IndividualNumber))?,
            basic_attributes: BasicAttributesFile::parse(&files.ef0002)
                .map_err(at(ElementaryFile::BasicAttributes))?,
            integrity: IntegrityFile::parse(&files.ef0003)
                .map_err(at(ElementaryFile::Integrity))?,
            issuer_certificate: IssuerCertificateFile::parse(&files.ef0004)
                .map_err(at(ElementaryFile::IssuerCertificate))?,
            card_key: CardKeyFile::parse(&files.ef0007).map_err(at(ElementaryFile::CardKey))?,
            files,
        })
    }

    /// The files, to be sent for verification.
    #[must_use]
    pub const fn files(&self) -> &CardFiles {
        &self.files
    }

    /// [`CardFiles::digest`], which the presence signature binds.
    #[must_use]
    pub fn files_digest(&self) -> [u8; 32] {
        self.files.digest()
    }

    /// The basic attributes, **not verified**: for the kiosk's own comparison with what it is
    /// about to print.
    #[must_use]
    pub const fn attributes(&self) -> &BasicAttributes {
        &self.basic_attributes.attributes
    }

    /// The individual number, **not verified**.
    #[must_use]
    pub const fn my_number(&self) -> &MyNumber {
        &self.individual_number.number
    }
}

impl fmt::Debug for SignedBasicInformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedBasicInformation")
            .field(&self.files)
            .finish()
    }
}
