//! The file: numbered objects, cross-reference table, trailer.

use std::io::Write as _;

use crate::fonts::StreamData;

/// The number of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectId(u32);

/// A PDF file in the making. Objects are numbered when asked for and written once each.
pub(crate) struct PdfFile {
    bytes: Vec<u8>,
    /// Offset of each object, 0 until it is written.
    offsets: Vec<usize>,
}

impl std::fmt::Display for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} 0 R", self.0)
    }
}

impl PdfFile {
    /// An empty file that will take about so many bytes.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        // The second line tells transfer programs that the file is binary (7.5.2).
        bytes.extend_from_slice(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        Self {
            bytes,
            offsets: Vec::new(),
        }
    }

    /// A number for an object that is written later.
    pub(crate) fn reserve(&mut self) -> ObjectId {
        self.offsets.push(0);
        // A document of ours has some dozens of objects.
        ObjectId(self.offsets.len() as u32)
    }

    /// Writes an object with a number reserved before.
    pub(crate) fn write(&mut self, id: ObjectId, object: std::fmt::Arguments<'_>) {
        self.begin(id);
        // Writing to a Vec cannot fail.
        let _ = write!(self.bytes, "{object}\nendobj\n");
    }

    /// Writes an object.
    pub(crate) fn add(&mut self, object: std::fmt::Arguments<'_>) -> ObjectId {
        let id = self.reserve();
        self.write(id, object);
        id
    }

    /// Writes a stream; `entries` are those of its dictionary beside length and filter.
    pub(crate) fn add_stream(
        &mut self,
        entries: std::fmt::Arguments<'_>,
        data: &StreamData,
    ) -> ObjectId {
        let id = self.reserve();
        self.begin(id);
        let filter = if data.deflated {
            "/Filter/FlateDecode"
        } else {
            ""
        };
        let _ = write!(
            self.bytes,
            "<<{entries}{filter}/Length {}>>\nstream\n",
            data.bytes.len()
        );
        self.bytes.extend_from_slice(&data.bytes);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
        id
    }

    /// Writes cross-reference table and trailer. `file_id` is the file's identifier (14.4).
    pub(crate) fn finish(mut self, root: ObjectId, info: ObjectId, file_id: &[u8]) -> Vec<u8> {
        let start = self.bytes.len();
        let count = self.offsets.len() + 1;
        let _ = write!(self.bytes, "xref\n0 {count}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            // An entry is 20 bytes long, its end of line two of them.
            let _ = writeln!(self.bytes, "{offset:010} 00000 n ");
        }
        let id: String = file_id.iter().map(|byte| format!("{byte:02x}")).collect();
        let _ = write!(
            self.bytes,
            "trailer\n<</Size {count}/Root {root}/Info {info}/ID[<{id}><{id}>]>>\n\
             startxref\n{start}\n%%EOF\n"
        );
        self.bytes
    }

    fn begin(&mut self, id: ObjectId) {
        let at = self.bytes.len();
        if let Some(offset) = self.offsets.get_mut(id.0 as usize - 1) {
            debug_assert_eq!(*offset, 0, "an object is written once");
            *offset = at;
        }
        let _ = writeln!(self.bytes, "{} 0 obj", id.0);
    }
}
