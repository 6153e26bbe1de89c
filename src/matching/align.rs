//! The one optimal alignment of two names, in which every word stands once.

/// A way in which words of the two names may stand for each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Words of the query, one bit each.
    pub query: u32,
    /// Words of the listed name, one bit each.
    pub listed: u32,
    /// Gain of choosing it.
    pub gain: f32,
    /// The caller's own mark.
    pub tag: u32,
}

/// Most steps the exact search takes before it settles for the best found so far. Names of people
/// need a few dozen; only made-up names with dozens of like words come near it.
const MAX_STEPS: u32 = 20_000;

/// Chooses edges of the greatest total gain so that no word stands in two. `edges` is reordered.
///
/// Exact for all names of people met; for hostile input it falls back on the best found within
/// a bounded number of steps. Returns indexes into the reordered `edges`.
pub fn best(edges: &mut Vec<Edge>) -> Vec<usize> {
    edges.retain(|e| e.gain > 0.0);
    edges.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.query.cmp(&b.query)).then(a.listed.cmp(&b.listed)));
    // What the edges from i on could add at most.
    let mut rest = vec![0.0; edges.len() + 1];
    for i in (0..edges.len()).rev() {
        rest[i] = rest[i + 1] + edges[i].gain;
    }
    let mut search = Search { edges, rest, best: Vec::new(), best_gain: 0.0, steps: 0 };
    let mut chosen = Vec::new();
    search.descend(0, 0, 0, 0.0, &mut chosen);
    search.best
}

struct Search<'a> {
    edges: &'a [Edge],
    rest: Vec<f32>,
    best: Vec<usize>,
    best_gain: f32,
    steps: u32,
}

impl Search<'_> {
    fn descend(&mut self, from: usize, query: u32, listed: u32, gain: f32, chosen: &mut Vec<usize>) {
        if gain > self.best_gain {
            self.best_gain = gain;
            self.best.clone_from(chosen);
        }
        for i in from..self.edges.len() {
            self.steps += 1;
            if self.steps > MAX_STEPS || gain + self.rest[i] <= self.best_gain {
                return;
            }
            let edge = self.edges[i];
            if edge.query & query == 0 && edge.listed & listed == 0 {
                chosen.push(i);
                self.descend(i + 1, query | edge.query, listed | edge.listed, gain + edge.gain, chosen);
                chosen.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The oracle: tries every subset.
    fn exhaustive(edges: &[Edge]) -> f32 {
        let mut best = 0.0f32;
        for set in 0u32..1 << edges.len() {
            let (mut q, mut l, mut gain, mut fits) = (0, 0, 0.0, true);
            for (i, e) in edges.iter().enumerate() {
                if set >> i & 1 == 1 {
                    fits &= q & e.query == 0 && l & e.listed == 0;
                    q |= e.query;
                    l |= e.listed;
                    gain += e.gain;
                }
            }
            if fits {
                best = best.max(gain);
            }
        }
        best
    }

    proptest! {
        #[test]
        fn finds_the_best(raw in prop::collection::vec((0u32..5, 0u32..5, 1u8..100, any::<bool>()), 0..10)) {
            let mut edges: Vec<Edge> = raw.iter().map(|&(q, l, g, join)| Edge {
                query: if join { 3 << q } else { 1 << q }, listed: 1 << l, gain: f32::from(g), tag: 0,
            }).collect();
            let expected = exhaustive(&edges);
            let chosen = best(&mut edges);
            let (mut q, mut l, mut gain) = (0, 0, 0.0);
            for i in chosen {
                prop_assert!(q & edges[i].query == 0 && l & edges[i].listed == 0);
                q |= edges[i].query;
                l |= edges[i].listed;
                gain += edges[i].gain;
            }
            prop_assert_eq!(gain, expected);
        }
    }
}
