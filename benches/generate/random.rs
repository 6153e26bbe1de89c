//! Chance with a fixed seed.

/// SplitMix64: small, and the same on every machine.
pub struct Random(u64);

impl Random {
    /// Chance of its own for thing number `number` of a world: things can be made in any order.
    pub fn of(seed: u64, number: u64) -> Self {
        let mut random = Self(seed ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03));
        random.next();
        random
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `below`, or 0.
    pub fn below(&mut self, below: usize) -> usize {
        (self.next() % below.max(1) as u64) as usize
    }

    /// A number from 0 up to but without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether a thing of this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of these; the type's default if there are none.
    pub fn one_of<T: Copy + Default>(&mut self, of: &[T]) -> T {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }
}

/// Things drawn by weight.
pub struct Weighted<T> {
    things: Vec<T>,
    /// Sums of the weights up to each thing.
    sums: Vec<f64>,
}

impl<T: Copy> Weighted<T> {
    /// Things with their weights.
    pub fn new(things: impl IntoIterator<Item = (T, f64)>) -> Self {
        let mut sum = 0.0;
        let (things, sums) = things
            .into_iter()
            .map(|(thing, weight)| {
                sum += weight;
                (thing, sum)
            })
            .unzip();
        Self { things, sums }
    }

    /// All weights together.
    pub fn sum(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// All things.
    pub fn things(&self) -> &[T] {
        &self.things
    }

    /// One of them; none if there are none.
    pub fn draw(&self, random: &mut Random) -> Option<T> {
        let at = random.unit() * self.sum();
        self.things.get(self.sums.partition_point(|s| *s <= at)).copied()
    }
}
