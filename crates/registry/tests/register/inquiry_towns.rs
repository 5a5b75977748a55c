//! Two municipalities that may ask each other, and what staff do in them.

use declaration::Declared;
use domain::MunicipalityCode;
use registry::{
    ApprovalId, ApprovalScope, CsvEncoding, DisclosureEvent, DisclosureRecord, Diseases, Ground,
    GroundKind, ImportFile, ImportSource, InquiryAnswer, InquiryExchange, InquiryId,
    InquiryRefused, MunicipalityRegister, NewInquiry, Purpose, ReceivedInquiry, RegistryError,
    ResidentNumber, StaffId,
};
use time::macros::date;
use time::{Date, OffsetDateTime};

use super::support::*;

pub const COVID: &str = "新型コロナウイルス感染症";
pub const MEASLES: &str = "麻しん";
/// As [`declaring`] declares it.
pub const BASIS: &str = "見本";

/// Moves the clock to this moment.
pub fn set(test: &TestRegistry, moment: OffsetDateTime) {
    let now = domain::Clock::now(&*test.clock);
    test.clock.advance((moment - now).whole_seconds());
}

/// A declaration of these diseases from 2025-01-01 until 2025-12-31.
pub fn declaration(code: MunicipalityCode, diseases: &[&str]) -> declaration::Municipality {
    declaration_until(code, diseases, "2025-12-31")
}

pub fn declaration_until(
    code: MunicipalityCode,
    diseases: &[&str],
    until: &str,
) -> declaration::Municipality {
    let keys = format!("until = {until}\ndiseases = {diseases:?}\n");
    declaring(code, "inquiry", &keys)
}

pub fn declared(code: MunicipalityCode) -> Declared<declaration::Inquiry> {
    declared_on(code, date!(2025 - 04 - 01))
}

pub fn declared_on(code: MunicipalityCode, day: Date) -> Declared<declaration::Inquiry> {
    declaration(code, &[COVID, MEASLES]).declared(day).unwrap()
}

/// Setagaya, who asks, with so many residents and no doses; Urayasu with the same people and two
/// COVID doses each.
pub async fn towns(residents: u64) -> TestRegistry {
    let test = TestRegistry::empty().await;
    let [(file, text), _, (doses, doses_text), _] = files(residents);
    import(&test, setagaya(), file, &text).await;
    import(&test, urayasu(), file, &text).await;
    import(&test, urayasu(), doses, &doses_text).await;
    test
}

pub async fn import(test: &TestRegistry, code: MunicipalityCode, file: ImportFile, text: &str) {
    let register = test.registry.municipality(code, Purpose::Import, staff());
    let reader = std::io::Cursor::new(text.as_bytes().to_vec());
    let source = ImportSource::plain(file, CsvEncoding::Detect, reader);
    let report = bring_in(&register.await.unwrap(), vec![source]).await;
    assert_eq!(report.unwrap().rows, []);
}

/// Gives Urayasu's n-th resident these columns instead.
pub async fn changed_in_urayasu(test: &TestRegistry, n: u64, person: &str, flags: &str) {
    let number = digits_of(n);
    let row = format!("{RESIDENTS}{n:015},{number},{person},千葉県浦安市,,{flags}\n");
    import(test, urayasu(), ImportFile::Residents, &row).await;
}

/// Name, kana, birth date and sex as both towns have them.
pub fn person(n: u64) -> String {
    format!("見本\u{3000}{n}号,ミホン\u{3000}{n}ゴウ,19800101,2")
}

pub fn resident(n: u64) -> ResidentNumber {
    ResidentNumber::parse(&format!("{n:015}")).unwrap()
}

pub fn tester() -> StaffId {
    StaffId::parse("tester").unwrap()
}

pub async fn exchange(test: &TestRegistry) -> InquiryExchange {
    exchange_by(test, tester()).await
}

pub async fn exchange_by(test: &TestRegistry, staff: StaffId) -> InquiryExchange {
    let sides = (declared(setagaya()), declared(urayasu()));
    let exchange = test.registry.inquiry_exchange(sides.0, sides.1, staff);
    exchange.await.unwrap()
}

pub fn about(diseases: &[&str], ground: GroundKind) -> NewInquiry {
    let diseases = diseases.iter().map(|one| (*one).to_owned()).collect();
    NewInquiry {
        diseases: Diseases::new(diseases).unwrap(),
        ground: Ground::new(ground, "form signed at counter 3").unwrap(),
    }
}

pub async fn prepared(test: &TestRegistry, n: u64) -> InquiryId {
    let inquiry = about(&[COVID], GroundKind::Consent);
    let exchange = exchange(test).await;
    exchange.prepare(&number_of(n), inquiry).await.unwrap()
}

/// Asked for by the tester, approved by a superior.
pub async fn approved(
    test: &TestRegistry,
    code: MunicipalityCode,
    scope: &ApprovalScope,
) -> ApprovalId {
    let asking = handle_of(test, code, Purpose::Approval, "tester").await;
    let id = asking.request_approval(scope, "needed").await.unwrap();
    let superior = handle_of(test, code, Purpose::Approval, "superior").await;
    superior.approve(id).await.unwrap();
    id
}

pub async fn handle_of(
    test: &TestRegistry,
    code: MunicipalityCode,
    purpose: Purpose,
    name: &str,
) -> MunicipalityRegister {
    let handle = test.registry.municipality(code, purpose, staff_named(name));
    handle.await.unwrap()
}

pub async fn asking(test: &TestRegistry) -> MunicipalityRegister {
    handle_of(test, setagaya(), Purpose::Inquiry, "tester").await
}

pub async fn answering(test: &TestRegistry) -> MunicipalityRegister {
    handle_of(test, urayasu(), Purpose::Provision, "tester").await
}

pub async fn approval_to_send(test: &TestRegistry, id: InquiryId) -> ApprovalId {
    let scope = asking(test).await.inquiry_scope(id).await.unwrap().unwrap();
    approved(test, setagaya(), &scope).await
}

/// Sends an inquiry, or asks for its answer again.
pub async fn send(
    test: &TestRegistry,
    id: InquiryId,
    approval: Option<ApprovalId>,
) -> Result<InquiryAnswer, RegistryError> {
    let exchange = exchange(test).await;
    let sent = exchange.send(id, approval).await?;
    sent.ask().await?.receive().await
}

/// Prepared, approved and sent.
pub async fn asked(test: &TestRegistry, n: u64) -> (InquiryId, InquiryAnswer) {
    let id = prepared(test, n).await;
    let approval = approval_to_send(test, id).await;
    (id, send(test, id, Some(approval)).await.unwrap())
}

/// What Urayasu was asked last.
pub async fn last_received(test: &TestRegistry) -> ReceivedInquiry {
    let all = answering(test).await.received_inquiries().await.unwrap();
    all.into_iter().next().unwrap()
}

/// Released by Urayasu, approved by its superior.
pub async fn released(
    test: &TestRegistry,
    inquiry: &ReceivedInquiry,
) -> Result<usize, RegistryError> {
    let register = answering(test).await;
    let scope = register.release_scope(inquiry.id).await?.unwrap();
    let approval = approved(test, urayasu(), &scope).await;
    let proof = declared(urayasu());
    register.release_inquiry(&proof, inquiry.id, approval).await
}

pub async fn records(test: &TestRegistry, code: MunicipalityCode, n: u64) -> Vec<DisclosureRecord> {
    let handle = handle_of(test, code, Purpose::Disclosure, "tester").await;
    handle.disclosure_records(&resident(n)).await.unwrap()
}

pub async fn record_events(
    test: &TestRegistry,
    code: MunicipalityCode,
    n: u64,
) -> Vec<DisclosureEvent> {
    let records = records(test, code, n).await;
    records.into_iter().map(|record| record.event).collect()
}

/// Events and details of a municipality's audit chain.
pub async fn audited(test: &TestRegistry, code: MunicipalityCode) -> Vec<(String, Option<String>)> {
    let handle = handle_of(test, code, Purpose::Audit, "auditor").await;
    let entries = handle.audit_entries(0, 1000).await.unwrap();
    let pair = |entry: registry::AuditEntry| (entry.event, entry.detail);
    entries.into_iter().map(pair).collect()
}

pub fn refusal<T: std::fmt::Debug>(result: Result<T, RegistryError>) -> InquiryRefused {
    match result {
        Err(RegistryError::Inquiry(refused)) => refused,
        other => panic!("{other:?}"),
    }
}
