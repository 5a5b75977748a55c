//! One IPP request and its answer over HTTP, bounded in size and time.
//!
//! The messages are crate `ipp`'s; its own client opens a connection for every request and
//! reads answers without bound, so the exchange is ours.

use std::io::Cursor;
use std::time::Duration;

use http::Uri;
use ipp::attribute::IppAttributeGroup;
use ipp::model::DelimiterTag;
use ipp::operation::IppOperation;
use ipp::parser::IppParser;
use ipp::reader::IppReader;
use ipp::request::IppRequestResponse;
use ipp::value::IppValue;

use rustls_pki_types::CertificateDer;

use super::{PrinterFault, PrinterRefused};
use crate::tls;

/// The longest answer taken, in bytes. Only a few attributes are ever asked for.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How long a printer may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// Why an exchange gave no answer to work with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum WireError {
    /// Nobody answered in time, or the connection broke.
    #[error("no answer")]
    Silent,
    /// The answer is no IPP, or too long.
    #[error("not IPP")]
    Unintelligible,
    /// The printer says no.
    #[error("IPP status {0:#06x}")]
    Status(u16),
}

/// The answer's attributes.
pub(super) struct Answer(IppRequestResponse);

/// The way to one printer.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) uri: Uri,
    url: String,
    http: reqwest::Client,
}

impl Wire {
    /// Takes the printer's URI: `ipps`, or `ipp` to this very machine.
    pub(super) fn new(
        uri: &str,
        trusted: Vec<CertificateDer<'static>>,
        answer_limit: Duration,
    ) -> Result<Self, PrinterRefused> {
        let uri: Uri = uri.parse().map_err(|_| PrinterRefused::NoUri)?;
        let host = uri.host().ok_or(PrinterRefused::NoUri)?;
        let scheme = match uri.scheme_str() {
            Some("ipps") => "https",
            Some("ipp") if is_this_machine(host) => "http",
            Some("ipp") => return Err(PrinterRefused::NotEncrypted),
            _ => return Err(PrinterRefused::NoUri),
        };
        let url = format!(
            "{scheme}://{host}:{}{}",
            uri.port_u16().unwrap_or(631),
            uri.path()
        );
        let tls = tls::client(trusted, None).map_err(|_| PrinterRefused::NoTls)?;
        let http = reqwest::Client::builder()
            .no_proxy()
            // A kept connection to a printer that was switched off and on would fail once.
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_LIMIT)
            .timeout(answer_limit)
            .https_only(scheme == "https")
            .tls_backend_preconfigured(tls)
            .build()
            .map_err(|_| PrinterRefused::NoTls)?;
        Ok(Self { uri, url, http })
    }

    /// Sends one operation, followed by the document where it has one.
    pub(super) async fn exchange(
        &self,
        operation: impl IppOperation,
        document: &[u8],
    ) -> Result<Answer, WireError> {
        let head = operation.into_ipp_request().to_bytes();
        let mut body = Vec::with_capacity(head.len() + document.len());
        body.extend_from_slice(&head);
        body.extend_from_slice(document);
        let mut response = self
            .http
            .post(&self.url)
            .header("content-type", "application/ipp")
            .body(body)
            .send()
            .await
            .map_err(|_| WireError::Silent)?;
        if !response.status().is_success() {
            return Err(WireError::Unintelligible);
        }
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|_| WireError::Silent)? {
            if answer.len() + piece.len() > LONGEST_ANSWER {
                return Err(WireError::Unintelligible);
            }
            answer.extend_from_slice(&piece);
        }
        Answer::parse(answer)
    }
}

impl Answer {
    fn parse(bytes: Vec<u8>) -> Result<Self, WireError> {
        let answer = IppParser::new(IppReader::new(Cursor::new(bytes)))
            .parse()
            .map_err(|_| WireError::Unintelligible)?;
        let status = answer.header().status_code();
        if status.is_success() {
            Ok(Self(answer))
        } else {
            Err(WireError::Status(status as u16))
        }
    }

    /// An integer or an enum among the attributes of one group.
    pub(super) fn number(&self, group: DelimiterTag, name: &str) -> Option<i32> {
        number(self.value(group, name)?)
    }

    /// A boolean among the attributes of one group.
    pub(super) fn truth(&self, group: DelimiterTag, name: &str) -> Option<bool> {
        let IppValue::Boolean(value) = self.value(group, name)? else {
            return None;
        };
        Some(*value)
    }

    /// One keyword or several among the attributes of one group.
    pub(super) fn keywords(&self, group: DelimiterTag, name: &str) -> Vec<&str> {
        let values = self.values(group, name).iter();
        values.filter_map(keyword).collect()
    }

    /// One enum or several among the attributes of one group.
    pub(super) fn numbers(&self, group: DelimiterTag, name: &str) -> Vec<i32> {
        let values = self.values(group, name).iter();
        values.filter_map(number).collect()
    }

    /// An attribute's values; none where it is not there.
    fn values(&self, group: DelimiterTag, name: &str) -> &[IppValue] {
        match self.value(group, name) {
            Some(IppValue::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        }
    }

    fn value(&self, group: DelimiterTag, name: &str) -> Option<&IppValue> {
        self.0
            .attributes()
            .groups_of(group)
            .flat_map(IppAttributeGroup::attributes)
            .find(|attribute| attribute.name().as_str() == name)
            .map(ipp::attribute::IppAttribute::value)
    }
}

fn number(value: &IppValue) -> Option<i32> {
    if let IppValue::Integer(value) | IppValue::Enum(value) = value {
        Some(*value)
    } else {
        None
    }
}

fn keyword(value: &IppValue) -> Option<&str> {
    if let IppValue::Keyword(keyword) = value {
        Some(keyword.as_str())
    } else {
        None
    }
}

impl From<WireError> for PrinterFault {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Silent => Self::Offline,
            WireError::Unintelligible | WireError::Status(_) => Self::Other,
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leaves_the_machine_only_encrypted() {
        let limit = Duration::from_secs(1);
        for good in [
            "ipp://localhost:6310/ipp/print",
            "ipp://[::1]/p",
            "ipp://127.0.0.1/p",
        ] {
            assert!(Wire::new(good, vec![], limit).is_ok(), "{good}");
        }
        assert!(matches!(
            Wire::new("ipp://printer.example/ipp/print", vec![], limit),
            Err(PrinterRefused::NotEncrypted)
        ));
        for bad in ["http://localhost/", "localhost", ""] {
            assert!(
                matches!(Wire::new(bad, vec![], limit), Err(PrinterRefused::NoUri)),
                "{bad}"
            );
        }
    }

    #[test]
    fn what_is_no_ipp_is_no_answer() {
        for bytes in [&b""[..], b"<html>", &[2, 0, 0, 0, 0, 0, 0, 1]] {
            assert!(matches!(
                Answer::parse(bytes.to_vec()),
                Err(WireError::Unintelligible)
            ));
        }
    }

    #[test]
    fn one_number_or_several() {
        let operations = |values: &[u8]| {
            // IPP/2.0, successful-ok, request 1, printer attributes.
            let mut answer = vec![2, 0, 0, 0, 0, 0, 0, 1, 4];
            for (at, value) in values.iter().enumerate() {
                let name = if at == 0 { "operations-supported" } else { "" };
                answer.extend([0x23, 0, name.len() as u8]);
                answer.extend(name.as_bytes());
                answer.extend([0, 4, 0, 0, 0, *value]);
            }
            answer.push(3);
            let answer = Answer::parse(answer).unwrap();
            answer.numbers(DelimiterTag::PrinterAttributes, "operations-supported")
        };
        assert_eq!(operations(&[]), Vec::<i32>::new());
        assert_eq!(operations(&[2]), [2]);
        assert_eq!(operations(&[2, 5, 6]), [2, 5, 6]);
    }

    #[test]
    fn a_refusal_is_its_status() {
        // server-error-busy (0x0507), no attributes.
        let answer = Answer::parse(vec![2, 0, 5, 7, 0, 0, 0, 1, 3]);
        assert!(matches!(answer, Err(WireError::Status(0x0507))));
    }
}
