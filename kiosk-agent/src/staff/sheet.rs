//! What staff reads and can do, in Japanese, the language of the store.

use super::Counters;
use crate::devices::Devices;
use crate::payment::{Owed, PaymentDevice, PaymentDeviceState, PaymentId, PaymentMethod, TillView};
use crate::printer::{PrinterFault, PrinterState};
use crate::session::Ending;

/// So many owed amounts are offered to be paid out at once.
const MOST_OWED: usize = 5;

/// One look at the kiosk for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSheet {
    devices: Devices,
    counters: Counters,
    test_print: TestPrint,
}

/// How the last test print went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestPrint {
    /// None was asked for.
    None,
    /// The page came out.
    Printed,
    /// It did not.
    Failed(&'static str),
}

/// What staff can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Print a test page.
    TestPrint,
    /// Note that no paper lies in the printer's tray.
    TrayIsEmpty,
    /// Note that this was paid out by hand.
    PaidByHand(PaymentId),
    /// Replace the browser.
    ReplaceBrowser,
    /// Close the staff screen.
    Leave,
}

impl StaffSheet {
    /// A look at this moment.
    #[must_use]
    pub const fn new(devices: Devices, counters: Counters, test_print: TestPrint) -> Self {
        Self {
            devices,
            counters,
            test_print,
        }
    }

    /// Its title.
    #[must_use]
    pub const fn title() -> &'static str {
        "係員用画面"
    }

    /// How devices are, and what was counted.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("サーバー: {}", self.server()),
            format!("カードリーダー: {}", self.reader()),
            format!("プリンター: {}", printer(&self.devices.printer)),
        ];
        lines.extend(self.devices.payment.devices.iter().map(payment_device));
        lines.extend(self.counted());
        lines.extend(money(&self.devices.payment));
        match self.test_print {
            TestPrint::None => {}
            TestPrint::Printed => lines.push("試し印刷: 印刷できました".to_owned()),
            TestPrint::Failed(code) => lines.push(format!("試し印刷: 失敗 [{code}]")),
        }
        lines
    }

    /// What can be done: a name for the choice, its words, and what it is.
    #[must_use]
    pub fn acts(&self) -> Vec<(String, String, Act)> {
        let plain = |id: &str, words: &str, act| (id.to_owned(), words.to_owned(), act);
        let owed = self.devices.payment.owed.iter().filter(|it| !it.uncertain);
        let owed = owed.take(MOST_OWED).map(|owed| {
            let words = format!("{}を手渡しした（{}）", owed.amount, short(owed.id));
            let id = format!("paid-{}", owed.id);
            (id, words, Act::PaidByHand(owed.id))
        });
        let first = [plain("leave", "閉じる", Act::Leave)];
        let paper_left = self.devices.printer.fault == Some(PrinterFault::PaperLeft);
        let tray = paper_left.then(|| {
            let words = "トレイを確かめた（紙は残っていない）";
            plain("tray-is-empty", words, Act::TrayIsEmpty)
        });
        let last = [
            plain("test-print", "試し印刷（1枚）", Act::TestPrint),
            plain("replace-browser", "画面を再起動する", Act::ReplaceBrowser),
        ];
        let fixed = first.into_iter().chain(tray).chain(last);
        fixed.chain(owed).collect()
    }

    fn server(&self) -> String {
        if !self.devices.certificate_valid {
            return "端末の証明書が無効です [own-certificate-not-valid]".to_owned();
        }
        match self.devices.server {
            Ok(()) => "正常".to_owned(),
            Err(error) => format!("異常 [{}]", Ending::Server(error).staff_code()),
        }
    }

    fn reader(&self) -> String {
        match self.devices.reader {
            Ok(()) => "正常".to_owned(),
            Err(error) => format!("異常 [{}]", Ending::Reader(error).staff_code()),
        }
    }

    fn counted(&self) -> Vec<String> {
        let counters = &self.counters;
        let mut lines = vec![format!(
            "本日: 利用{}回、証明書{}通、印刷{}枚",
            counters.sessions(),
            counters.certificates(),
            counters.pages()
        )];
        let endings: Vec<String> = counters
            .endings()
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        if !endings.is_empty() {
            lines.push(format!("発行に至らなかった理由: {}", endings.join("、")));
        }
        lines
    }
}

fn printer(state: &PrinterState) -> String {
    let low = match (state.paper_low, state.toner_low) {
        (true, true) => "（用紙とトナーが残りわずか）",
        (true, false) => "（用紙が残りわずか）",
        (false, true) => "（トナーが残りわずか）",
        (false, false) => "",
    };
    match state.fault {
        None => format!("正常{low}"),
        Some(fault) => format!("異常: {}{low}", printer_fault(fault)),
    }
}

const fn printer_fault(fault: PrinterFault) -> &'static str {
    match fault {
        PrinterFault::Offline => "応答がありません",
        PrinterFault::PaperJam => "紙づまり",
        PrinterFault::DoorOpen => "カバーが開いています",
        PrinterFault::PaperOut => "用紙がありません",
        PrinterFault::TonerOut => "トナーがありません",
        PrinterFault::OutputFull => "排紙トレイがいっぱいです",
        PrinterFault::Paused => "一時停止中",
        PrinterFault::JobNotEnded => "前の印刷が終わっていません。紙が出てくることがあります",
        PrinterFault::PaperLeft => {
            "前の人の証明書が出ていることがあります。トレイを確かめてください"
        }
        PrinterFault::Other => "その他のエラー",
    }
}

fn payment_device(state: &PaymentDeviceState) -> String {
    let device = match state.device {
        PaymentDevice::CoinAcceptor => "硬貨投入口".to_owned(),
        PaymentDevice::Hopper(value) => format!("{value}硬貨のつり銭"),
        PaymentDevice::CashlessReader => "キャッシュレス端末".to_owned(),
    };
    match (state.fault, state.low) {
        (None, false) => format!("{device}: 正常"),
        (None, true) => format!("{device}: 残りわずか"),
        (Some(fault), _) => format!("{device}: 異常 [{}]", fault.staff_code()),
    }
}

fn money(till: &TillView) -> Vec<String> {
    if till.devices.is_empty() {
        return vec!["手数料: 店頭でお預かり".to_owned()];
    }
    let totals = till.totals;
    let mut lines = vec![format!(
        "本日の入金{}、返金・つり銭{}、手渡し{}",
        totals.taken, totals.returned, totals.by_hand
    )];
    lines.extend(till.owed.iter().map(owed));
    lines
}

fn owed(owed: &Owed) -> String {
    let (amount, id) = (owed.amount, short(owed.id));
    match (owed.uncertain, owed.method) {
        (true, _) => format!("未返金{amount}（{id}）: 機器の復旧後に金額が決まります"),
        (false, PaymentMethod::Cashless) => {
            format!("未返金{amount}（{id}）: キャッシュレス。端末の取引記録を確かめてください")
        }
        (false, PaymentMethod::Coins | PaymentMethod::AtTheStore) => {
            format!("未返金{amount}（{id}）: 硬貨")
        }
    }
}

/// The beginning of a payment's number, to tell several apart.
fn short(id: PaymentId) -> String {
    id.to_string().chars().take(4).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::payment::{PaymentFault, Totals};
    use crate::session::SessionReport;
    use crate::touch_screen::ChoiceId;
    use domain::{CertificateId, FixedClock, Yen};
    use time::macros::datetime;

    fn owed(number: &str, uncertain: bool) -> Owed {
        Owed {
            id: serde_json::from_str(number).unwrap(),
            method: PaymentMethod::Coins,
            amount: Yen(70),
            uncertain,
        }
    }

    /// After a session with everything that a session report knows of somebody.
    pub(crate) fn sheet() -> StaffSheet {
        let state = |device, fault, low| PaymentDeviceState {
            device,
            fault,
            low,
            senses: true,
        };
        let clock = FixedClock::at(datetime!(2026-03-01 03:00 UTC));
        let mut counters = Counters::default();
        let report = SessionReport {
            delivered: vec![CertificateId::parse("CANARYCANARY").unwrap()],
            not_delivered: Some(CertificateId::parse("CANARYCANARY").unwrap()),
            pages: 3,
            ..SessionReport::nothing_issued(Ending::PinIncorrect { tries_left: 2 })
        };
        counters.count(&report, &clock);
        let devices = Devices {
            certificate_valid: true,
            reader: Ok(()),
            printer: PrinterState {
                fault: Some(PrinterFault::PaperJam),
                toner_low: true,
                paper_low: false,
            },
            payment: TillView {
                methods: vec![PaymentMethod::Coins],
                devices: vec![
                    state(PaymentDevice::CoinAcceptor, Some(PaymentFault::Jam), false),
                    state(PaymentDevice::Hopper(Yen(10)), None, true),
                ],
                owed: vec![owed("81985529216486895", false), owed("2", true)],
                totals: Totals::default(),
            },
            server: Ok(()),
        };
        StaffSheet::new(devices, counters, TestPrint::Printed)
    }

    #[test]
    fn staff_sees_numbers_and_nobody() {
        let (sheet, lines) = (sheet(), sheet().lines().join("\n"));
        for told in [
            "紙づまり",
            "トナーが残りわずか",
            "硬貨投入口: 異常 [payment-coin-jam]",
            "¥10硬貨のつり銭: 残りわずか",
            "利用1回、証明書1通、印刷3枚",
            "pin-incorrect 1",
            "未返金¥70（0123）",
            "試し印刷: 印刷できました",
        ] {
            assert!(lines.contains(told), "{told}\n{lines}");
        }
        assert!(!format!("{lines}{sheet:?}").contains("CANARY"));
    }

    #[test]
    fn what_is_not_certain_cannot_be_paid_by_hand_and_each_choice_has_a_name() {
        let acts = sheet().acts();
        let paid = |act: &Act| matches!(act, Act::PaidByHand(_));
        assert_eq!(acts.iter().filter(|(_, _, act)| paid(act)).count(), 1);
        for (id, _, _) in &acts {
            assert!(ChoiceId::parse(id).is_some(), "{id}");
        }
    }
}
