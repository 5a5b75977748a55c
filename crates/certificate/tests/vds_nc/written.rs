//! What is written, and that it is read again.

use crate::stage::pki::VdsIssuer;
use crate::stage::{NOW, abroad, domestic};
use certificate::model::Certificate;
use certificate::qr::Version;
use certificate::vds_nc::{
    DoesNotFit, PassportMissing, UnsignedVdsNc, VdsNc, data, newest_that_fit, verify,
};
use domain::{BirthDate, NormalizedName};
use time::macros::date;

#[test]
fn the_data_is_canonical_and_exact() {
    let text = data(&abroad(1), 1).unwrap();
    let expected = concat!(
        r#"{"hdr":{"is":"JPN","t":"icao.vacc","v":1},"msg":{"pid":{"#,
        r#""ai":"JPN13112120260401758043","dob":"1980-01-02","i":"TZ1234567","#,
        r#""n":"SATO HANAKO"},"uvci":"B5RTQ7XK2MZA","ve":[{"des":"XM0GQ8","dis":"RA01.0","#,
        r#""nam":"Comirnaty","vd":[{"adm":"MHLW_Gov_of_JAPAN","ctr":"JPN","#,
        r#""dvc":"2021-07-01","lot":"FA0203","seq":1}]}]}}"#,
    );
    assert_eq!(text, expected);
    assert_eq!(data(&domestic(1), 1), Err(PassportMissing));
}

#[test]
fn what_was_written_verifies() {
    let japan = VdsIssuer::new();
    let object = japan.sign(&abroad(3));
    let again = VdsNc::parse(object.as_str()).unwrap();
    assert_eq!(again, object);
    let verified = verify(&again, &[japan.country.csca()], NOW).unwrap();
    let born = BirthDate::from_date(date!(1980 - 01 - 02));
    assert!(
        verified
            .holder
            .matches(&NormalizedName::of("SATO HANAKO"), born)
    );
    assert_eq!(verified.passport_number.expose(), "TZ1234567");
    assert_eq!(verified.certificate_id, "B5RTQ7XK2MZA");
    let doses: Vec<_> = verified
        .doses
        .iter()
        .map(|dose| (dose.number.unwrap(), dose.product.unwrap().id.as_str()))
        .collect();
    assert_eq!(doses, [(1, "comirnaty"), (2, "comirnaty"), (3, "spikevax")]);
}

#[test]
fn the_newest_doses_that_fit() {
    let japan = VdsIssuer::new();
    let largest = Version::VDS_NC.byte_capacity();
    let many = abroad(20);
    let (unsigned, doses) = newest_that_fit(&many, &japan.signer, largest).unwrap();
    assert!((4..20).contains(&doses), "{doses}");
    let length = unsigned.length_when_signed(&japan.signer);
    let object = unsigned
        .sign(&japan.signer, |bytes| japan.key.sign(bytes))
        .unwrap();
    assert_eq!(object.as_str().len(), length);
    assert_eq!(VdsNc::parse(object.as_str()).as_ref(), Ok(&object));
    let verified = verify(&object, &[japan.country.csca()], NOW).unwrap();
    assert_eq!(verified.doses.len(), doses);
    assert_eq!(verified.doses.last().unwrap().number, Some(20));
    let one_more = UnsignedVdsNc::new(&many, doses + 1).unwrap();
    assert!(one_more.length_when_signed(&japan.signer) > largest);

    let refusal = |certificate: Certificate, bytes| {
        newest_that_fit(&certificate, &japan.signer, bytes).unwrap_err()
    };
    assert_eq!(refusal(abroad(1), 100), DoesNotFit::NoDose { bytes: 100 });
    assert_eq!(
        refusal(abroad(0), largest),
        DoesNotFit::NoDose { bytes: largest }
    );
    assert_eq!(
        refusal(domestic(1), largest),
        DoesNotFit::Passport(PassportMissing)
    );
}
