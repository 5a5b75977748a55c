//! The staff screen: it opens for the code alone, from the idle screen alone, prints a test page,
//! and closes by itself.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::time::Duration;

use crypto::{CodeHash, SystemRandom};
use kiosk_agent::staff::StaffSettings;
use system_tests::bare_kiosk::{Somebody, served};

const CODE: &str = "4815162342";

/// Serves while staff does this, who comes once the kiosk knows how its devices are.
async fn served_to_staff(settings: StaffSettings, does: impl AsyncFnOnce(&Somebody)) {
    let served = served(&settings, None, async |staff| {
        tokio::time::sleep(Duration::from_secs(1)).await;
        does(staff).await;
    });
    served.await.unwrap();
}

fn with_code() -> StaffSettings {
    StaffSettings {
        code_hash: Some(CodeHash::of(CODE.as_bytes(), &SystemRandom).to_string()),
        ..StaffSettings::default()
    }
}

#[tokio::test(start_paused = true)]
async fn staff_sees_why_it_is_out_of_order_and_prints_a_test_page() {
    served_to_staff(with_code(), async |staff| {
        assert_eq!(staff.view()["screen"], "out-of-order");
        assert_eq!(staff.types("000000").await["screen"], "out-of-order");
        let sheet = staff.types(CODE).await;
        assert_eq!(sheet["screen"], "staff");
        let lines = sheet["lines"].to_string();
        assert!(lines.contains("server-unreachable"), "{lines}");
        assert!(lines.contains("トナーが残りわずか"), "{lines}");
        let sheet = staff.chooses("test-print").await;
        assert!(sheet["lines"].to_string().contains("印刷できました"));
        let printed = staff.printed.documents();
        let page = String::from_utf8_lossy(&printed[0]).into_owned();
        assert!(printed.len() == 1 && page.contains("AKASHI TEST PAGE"));
        assert_eq!(staff.chooses("leave").await["screen"], "out-of-order");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn left_alone_it_closes_by_itself() {
    served_to_staff(with_code(), async |staff| {
        assert_eq!(staff.types(CODE).await["screen"], "staff");
        tokio::time::sleep(Duration::from_secs(61)).await;
        assert_eq!(staff.view()["screen"], "out-of-order");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_a_configured_code_none_opens_it() {
    served_to_staff(StaffSettings::default(), async |staff| {
        for code in [CODE, "0", "0000000000000000"] {
            assert_eq!(staff.types(code).await["screen"], "out-of-order");
        }
    })
    .await;
}
