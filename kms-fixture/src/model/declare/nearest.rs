//! The known word nearest to a mistyped one.

/// Returns the known word that is most similar to `typed`, if one is similar.
pub(crate) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let is_near = |(distance, word): &(usize, &str)| {
        let is_beginning = word.to_lowercase().starts_with(&typed);
        let length = typed.len().max(word.len());
        typed.len() > 1 && (is_beginning || *distance <= length / 3)
    };
    known
        .into_iter()
        .map(|word| (distance(&typed, &word.to_lowercase()), word))
        .filter(is_near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Returns the number of insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (row, l) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, r) in right.iter().enumerate() {
            let replaced = last[column] + usize::from(l != *r);
            let mut best = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            if column > 0 && previous == Some(*r) && right[column - 1] == l {
                best = best.min(before_last[column - 1] + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
        previous = Some(l);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn a_swap_counts_once() {
        assert_eq!(distance("ordres", "orders"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn only_a_similar_word_is_near() {
        assert_eq!(nearest("Disbled", ["Enabled", "Disabled"]), Some("Disabled"));
        assert_eq!(nearest("disabled", ["Enabled", "Disabled"]), Some("Disabled"));
        assert_eq!(nearest("zebra", ["Enabled", "Disabled"]), None);
        assert_eq!(nearest("Dis", ["Enabled", "Disabled"]), Some("Disabled"));
        assert_eq!(nearest("sepc", ["state", "spec"]), Some("spec"));
        assert_eq!(nearest("state", ["crate"]), None);
        assert_eq!(nearest("", ["a"]), None);
    }
}
