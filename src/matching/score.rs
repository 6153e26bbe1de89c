//! From bits of evidence to a score.

/// Bits that the evidence must outweigh before "the same" is as likely as not.
///
/// A list of some 6,000 entities holds about 2^13 names that a subject could be, and a subject on a
/// list is rarer than one that is not; 14 bits stand for both odds together. Evidence of 14 bits
/// scores 0.5, the default threshold.
pub const PRIOR_BITS: f64 = 14.0;

/// Bits by which the odds of a score change by a factor of two. Above one, so that hits far above
/// the threshold still stand in an order instead of all at 1.0.
pub const SCALE_BITS: f64 = 4.0;

/// The score of `bits` of evidence: 0..1, rising, 0.5 at [`PRIOR_BITS`].
pub fn score(bits: f64) -> f64 {
    1.0 / (1.0 + ((PRIOR_BITS - bits) / SCALE_BITS).exp2())
}

/// The bits that give `score`; the inverse of [`score`]. Infinite at 0 and 1.
pub fn bits(score: f64) -> f64 {
    PRIOR_BITS - SCALE_BITS * ((1.0 - score) / score).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn score_and_bits_are_inverse_and_rising() {
        let mut last = -1.0;
        for b in -40..80 {
            let b = f64::from(b);
            let s = score(b);
            assert!((0.0..=1.0).contains(&s) && s > last, "{b} bits");
            assert!((bits(s) - b).abs() < 1e-6, "{b} bits");
            last = s;
        }
        assert_eq!(score(PRIOR_BITS), 0.5);
    }
}
