//! Offers, orders and outcomes through the real kiosk and relay listeners.

use application::ProblemType;
use application::messages::{
    Availability, ExtendRequest, OfferReply, OpenRequest, Outcome,
};
use domain::{CertificateKind, Yen};
use fixtures::municipality::Kind;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

#[tokio::test]
async fn a_resident_is_offered_both_kinds_and_gets_what_was_ordered() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let open = kiosk.call(&OpenRequest {}).await.unwrap();
    assert!(open.specimen);
    let ticket = Applicant::of_kind(&ground, Kind::ThreeDoses)
        .apply(&kiosk)
        .await
        .unwrap();
    assert_eq!(ticket.suggested_municipality, Some(Ground::urayasu()));
    let OfferReply::Available { kinds } = kiosk.offer(&ticket, Ground::urayasu()).await.unwrap()
    else {
        panic!("a resident with three doses is here");
    };
    for kind in &kinds {
        let Availability::Offered { fee, doses, .. } = kind.availability else {
            panic!("a resident with a passport is offered both kinds");
        };
        assert_eq!((fee, doses), (Yen(120), 3));
    }
    let order = kiosk
        .order(&ticket, Ground::urayasu(), CertificateKind::Abroad, 120, 1)
        .await
        .unwrap();
    let document = order.document.unwrap();
    assert!(document.expose().starts_with(b"%PDF"));
    running.stop().await;
}
