//! The known word that a wrong one was probably meant to be.

/// The nearest of `words`, if one is near enough to be worth saying.
pub(super) fn nearest<'a>(
    wrong: &str,
    words: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    words
        .into_iter()
        .map(|word| (distance(wrong, word), word))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, word)| *distance <= word.chars().count().max(3) / 3)
        .map(|(_, word)| word)
}

/// How many letters have to be put in, taken out, changed or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<_> = one.to_lowercase().chars().collect();
    let other: Vec<_> = other.to_lowercase().chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut best =
                (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_word_and_nonsense_finds_none() {
        let words = ["state", "spec", "usage"];
        assert_eq!(nearest("stat", words), Some("state"));
        assert_eq!(nearest("sepc", words), Some("spec"));
        assert_eq!(nearest("Usage", words), Some("usage"));
        assert_eq!(nearest("grantee", words), None);
    }
}
