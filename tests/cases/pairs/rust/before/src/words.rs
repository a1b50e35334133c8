//! Words of a text, and how often each occurs.

use std::collections::BTreeMap;
use std::fmt;

/// How often a word was seen.
#[derive(Debug, Default)]
pub struct Words {
    counts: BTreeMap<String, usize>,
    total: usize,
}

impl Words {
    pub fn new() -> Self {
        Words::default()
    }

    /// Count the words of a text.
    pub fn add(&mut self, text: &str) {
        for word in text.split_whitespace() {
            let word = word.to_lowercase();
            *self.counts.entry(word).or_insert(0) += 1;
            self.total += 1;
        }
    }

    /// The words that occur most.
    pub fn most(&self, n: usize) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self
            .counts
            .iter()
            .map(|(word, count)| (word.as_str(), *count))
            .collect();
        all.sort_by(|a, b| b.1.cmp(&a.1));
        all.truncate(n);
        all
    }

    pub fn share(&self, word: &str) -> f64 {
        let count = self.counts.get(word).copied().unwrap_or(0);
        count as f64 / self.total as f64
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\"{}\" words -- {} in all", self.counts.len(), self.total)?;
        for (word, count) in self.most(10) {
            writeln!(f, "{:>8} {}", count, word)?;
        }
        Ok(())
    }
}
