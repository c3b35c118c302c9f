//! Clients of the SDK without a socket.

use aws_sdk_kms::Client;
use aws_sdk_kms::types::GrantListEntry;
use aws_smithy_mocks::{mock, mock_client};

use crate::compare;
use crate::fixture_cost::{ThroughSdk, list};
use crate::support::measure::whole;

pub(crate) fn run() {
    let rounds = ThroughSdk::new();
    let mocks = || {
        let rule = mock!(Client::list_retirable_grants).then_output(|| {
            let entry = GrantListEntry::builder().grant_id("0").build();
            aws_sdk_kms::operation::list_retirable_grants::ListRetirableGrantsOutput::builder()
                .grants(entry)
                .build()
        });
        let client = mock_client!(aws_sdk_kms, [&rule]);
        rounds.runtime.block_on(list(&client, &rounds.retiring));
    };
    compare(
        "Through the SDK",
        [
            "StaticReplayClient",
            "the same in the fixture's SdkConfig",
            "aws-smithy-mocks",
            "kms-fixture",
        ],
        [
            whole(|| rounds.canned()),
            whole(|| rounds.canned_in_own_config()),
            whole(mocks),
            whole(|| rounds.fixture()),
        ],
    );
}
