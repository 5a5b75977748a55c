//! `open`: terms and participating municipalities. Public, and nothing about anybody.

use application::messages::{OpenReply, ParticipatingMunicipality};
use declaration::Municipality;
use domain::Channel;
use time::OffsetDateTime;

use super::Caller;
use crate::service::Service;

pub(super) fn answer(service: &Service, caller: &Caller) -> OpenReply {
    let now = service.clock.now();
    OpenReply {
        terms: service.terms.clone(),
        municipalities: service
            .municipalities
            .iter()
            .filter(|municipality| caller.may_offer(municipality))
            .map(|municipality| shown(municipality, caller.channel, now))
            .collect(),
        specimen: service.signing.is_test_issuer(),
    }
}

fn shown(
    municipality: &Municipality,
    channel: Channel,
    now: OffsetDateTime,
) -> ParticipatingMunicipality {
    ParticipatingMunicipality {
        code: municipality.code,
        name: municipality.name.clone(),
        kana: municipality.kana.clone(),
        roman_name: municipality.roman_name.clone(),
        prefecture: municipality.prefecture.clone(),
        fee: municipality.fee(channel),
        opens_at: municipality.opens_at.map(|minute| minute.to_string()),
        closes_at: municipality.closes_at.map(|minute| minute.to_string()),
        open_now: municipality.is_open(now),
    }
}
