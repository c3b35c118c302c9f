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
    use super::{is_region, partition};

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
