//! Regions and partitions, as AWS publishes them.

/// Each partition, with the prefixes of its Regions' names (`partitions.json` of the AWS SDKs, `regionRegex`).
const PARTITIONS: &[(&str, &[&str])] = &[
    ("aws", &["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"]),
    ("aws-cn", &["cn"]),
    ("aws-us-gov", &["us-gov"]),
    ("aws-iso", &["us-iso"]),
    ("aws-iso-b", &["us-isob"]),
    ("aws-iso-e", &["eu-isoe"]),
    ("aws-iso-f", &["us-isof"]),
    ("aws-eusc", &["eusc-de"]),
];

/// The part of a Region's name between its place and its number. AWS's pattern allows any word here; this list keeps
/// redaction from taking other hyphenated texts for Regions.
const COMPASS: &[&str] = &[
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

/// Returns whether `text` is the name of a Region, such as `us-east-1`.
///
/// This is the only definition: declarations, key replication and redaction all use it.
pub(crate) fn is_region(text: &str) -> bool {
    find(text).is_some()
}

/// The Regions that AWS had in 2026. Only suggestions come from this list: newer Regions are valid, too.
#[rustfmt::skip] // one word a line would be too long
const KNOWN: &[&str] = &[
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
    "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1",
    "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1",
    "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1",
    "us-gov-west-1", "eusc-de-east-1",
];

/// Returns the Region that AWS has and that is most similar to `text`, if one is similar.
pub(crate) fn nearest_region(text: &str) -> Option<&'static str> {
    let text = text.replace('_', "-");
    super::declare::nearest(&text, KNOWN.iter().copied())
}

/// Returns the partition of `region`, or `aws` if `region` is not a Region.
pub(crate) fn partition(region: &str) -> &'static str {
    find(region).unwrap_or("aws")
}

/// Returns whether `text` is the name of a partition.
pub(crate) fn is_partition(text: &str) -> bool {
    PARTITIONS.iter().any(|(name, _)| *name == text)
}

fn find(region: &str) -> Option<&'static str> {
    let (rest, number) = region.rsplit_once('-')?;
    let (place, compass) = rest.rsplit_once('-')?;
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit());
    if !is_number || !COMPASS.contains(&compass) {
        return None;
    }
    let found = PARTITIONS.iter().find(|(_, places)| places.contains(&place))?;
    Some(found.0)
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, is_region, nearest_region, partition};

    #[test]
    fn a_mistyped_region_has_a_nearest_one() {
        assert!(KNOWN.iter().all(|it| is_region(it)));
        for (typed, near) in [
            ("us-est-1", "us-east-1"),
            ("us-east1", "us-east-1"),
            ("eu-centrl-1", "eu-central-1"),
            ("US_WEST_2", "us-west-2"),
        ] {
            assert!(!is_region(typed));
            assert_eq!(nearest_region(typed), Some(near));
        }
        assert_eq!(nearest_region("mars"), None);
    }

    #[test]
    fn a_region_is_a_place_a_direction_and_a_number() {
        for (region, expected) in [
            ("us-east-1", "aws"),
            ("ap-southeast-12", "aws"),
            ("mx-central-1", "aws"),
            ("cn-northwest-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-west-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert!(is_region(region), "{region}");
            assert_eq!(partition(region), expected, "{region}");
        }
        for other in [
            "",
            "us",
            "us-east",
            "us-1",
            "-east-1",
            "us--1",
            "us-east-",
            "us-east-123",
            "US-east-1",
            "us-east-1a",
            "us_east_1",
            "u-east-1",
            "nz-north-1",
            "us-acme-1",
            "us-gov-gov-1",
        ] {
            assert!(!is_region(other), "{other}");
        }
    }
}
