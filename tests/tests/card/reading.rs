//! Cards read over real PC/SC, and verified.

use domain::{ChannelId, TermsVersion};
use fixtures::stage::pcscd::Pcscd;
use my_number_card::{
    CardError, CardInfoInputAp, CommandName, PinTries, Presence, ReadProgress, presence_digest,
    verify,
};
use time::macros::date;

use crate::table::{PIN, connect, lay, patiently, pin, real, resident, trusted};

#[test]
fn a_residents_card_is_read_signs_and_verifies() {
    Pcscd::in_own_process(
        "reading::a_residents_card_is_read_signs_and_verifies",
        |service| {
            let _inserted = lay(&service, resident());
            let mut card = connect(patiently()).unwrap();
            let mut ap = CardInfoInputAp::select(&mut card).unwrap();
            assert_eq!(ap.tries_left(), Ok(PinTries::Left(3)));
            let mut open = ap.present_pin(pin(PIN)).unwrap();
            let mut seen = Vec::new();
            let information = open
                .read_signed_basic_information(|progress| seen.push(progress))
                .unwrap();
            assert_eq!(
                seen.last(),
                Some(&ReadProgress {
                    files_read: 5,
                    files: 5
                })
            );
            let (challenge, channel) = ([1; 32], ChannelId([2; 32]));
            let terms = TermsVersion::parse("2026-01").unwrap();
            let digest = presence_digest(&challenge, &channel, &information.files_digest(), &terms);
            let signature = open.sign_presence(&digest).unwrap();
            let presence = Presence::Signed {
                challenge: &challenge,
                channel,
                terms: &terms,
                signature: &signature,
            };
            let holder = verify(&information, &trusted(), presence, date!(2026 - 01 - 01)).unwrap();
            assert_eq!(holder.attributes().name.expose(), "試験\u{3000}花子");
            assert_eq!(holder.my_number().expose_digits(), b"123456789018");
        },
    )
    .unwrap();
}

#[test]
fn the_real_test_card_is_read_and_verifies_but_cannot_sign() {
    Pcscd::in_own_process(
        "reading::the_real_test_card_is_read_and_verifies_but_cannot_sign",
        |service| {
            let _inserted = lay(&service, real());
            let mut card = connect(patiently()).unwrap();
            let ap = CardInfoInputAp::select(&mut card).unwrap();
            let mut open = ap.present_pin(pin(PIN)).unwrap();
            let information = open.read_signed_basic_information(|_| ()).unwrap();
            let refusal = open.sign_presence(&[7; 32]).unwrap_err();
            assert!(
                matches!(
                    refusal,
                    CardError::Refused {
                        command: CommandName::Sign,
                        ..
                    }
                ),
                "{refusal:?}"
            );
            let today = date!(2026 - 01 - 01);
            let holder = verify(&information, &trusted(), Presence::NotRequired, today).unwrap();
            assert_eq!(holder.attributes().name.parts(), ("黒桐", Some("幹也")));
        },
    )
    .unwrap();
}
