//! Mutations of seeds, from a seed: the same number gives the same bytes, on every machine.

/// A stream of mutations.
pub struct Mutator {
    state: u64,
}

/// Longest mutation, in bytes.
const LONGEST: usize = 1 << 16;

/// Numbers near which things break.
const NUMBERS: &[&[u8]] = &[
    b"0",
    b"-1",
    b"00000000000000000000001",
    b"2147483648",
    b"4294967295",
    b"9223372036854775808",
    b"18446744073709551616",
    b"1e308",
    b"99999999999999999999999999999999999999999999",
    b"0.0000000000000000001",
];

/// What text should not hold, or holds to mislead.
const ODD: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xe2\x80",
    "\u{202e}".as_bytes(),
    "\u{2066}".as_bytes(),
    "\u{200f}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{85}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{0301}".as_bytes(),
    "\u{fffd}".as_bytes(),
    "\u{10ffff}".as_bytes(),
    "\u{1f1f3}\u{1f1f1}".as_bytes(),
    b"\r",
    b"\x1b[2J",
];

impl Mutator {
    /// The stream of a seed.
    pub fn of(seed: u64) -> Self {
        Self { state: seed }
    }

    /// SplitMix64.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit.max(1) as u64) as usize
    }

    /// A place in `bytes`, its end included.
    fn place(&mut self, bytes: &[u8]) -> usize {
        self.below(bytes.len() + 1)
    }

    /// A run of at most `longest` bytes.
    fn run(&mut self, bytes: &[u8], longest: usize) -> std::ops::Range<usize> {
        let from = self.place(bytes);
        let length = 1 + self.below(longest);
        from..(from + length).min(bytes.len())
    }

    /// The next mutation of one of `seeds`, with `words` that mean something to the target.
    pub fn next(&mut self, seeds: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
        let chosen = self.below(seeds.len());
        let mut bytes = seeds.get(chosen).cloned().unwrap_or_default();
        // Mostly a few steps from something good: what is all noise is refused at once.
        let steps = 1 + self.below(4) + if self.below(16) == 0 { 24 } else { 0 };
        for _ in 0..steps {
            self.step(&mut bytes, seeds, words);
            bytes.truncate(LONGEST);
        }
        bytes
    }

    fn step(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&str]) {
        match self.below(14) {
            0 => {
                let at = self.below(bytes.len());
                let bit = self.below(8);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            1 => {
                let at = self.below(bytes.len());
                let value = self.number() as u8;
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            2 => {
                let at = self.place(bytes);
                bytes.truncate(at);
            }
            3 => {
                let run = self.run(bytes, 64);
                bytes.drain(run);
            }
            4 => {
                let run = self.run(bytes, 256);
                let (copy, at) = (bytes[run].to_vec(), self.place(bytes));
                bytes.splice(at..at, copy);
            }
            5 => {
                // The same again and again: nesting, floods, counts.
                let run = self.run(bytes, 24);
                let times = 1 << self.below(11);
                let (copy, at) = (bytes[run].repeat(times), self.place(bytes));
                bytes.splice(at..at, copy);
            }
            6 | 7 => {
                let chosen = self.below(words.len());
                let (word, at) = (words.get(chosen).map_or(&b""[..], |w| w.as_bytes()), self.place(bytes));
                bytes.splice(at..at, word.iter().copied());
            }
            8 => {
                let (chosen, at) = (self.below(words.len()), self.place(bytes));
                let times = 1 << self.below(9);
                let words = words.get(chosen).map_or(Vec::new(), |w| w.as_bytes().repeat(times));
                bytes.splice(at..at, words);
            }
            9 => {
                let (odd, times) = (self.below(ODD.len()), 1 << self.below(8));
                let (odd, at) = (ODD[odd].repeat(times), self.place(bytes));
                bytes.splice(at..at, odd);
            }
            10 => {
                // Another number where one stands.
                let number = NUMBERS[self.below(NUMBERS.len())];
                let from = self.place(bytes);
                let digit = |b: &u8| b.is_ascii_digit();
                let Some(start) = bytes[from..].iter().position(digit).map(|at| from + at) else { return };
                let end = bytes[start..].iter().position(|b| !digit(b)).map_or(bytes.len(), |at| start + at);
                bytes.splice(start..end, number.iter().copied());
            }
            11 => {
                // The head of one, the tail of another.
                let other = &seeds[self.below(seeds.len()).min(seeds.len() - 1)];
                let (at, from) = (self.place(bytes), self.place(other));
                bytes.truncate(at);
                bytes.extend(&other[from..(from + LONGEST).min(other.len())]);
            }
            12 => {
                let run = self.run(bytes, 200);
                let at = self.place(bytes).min(run.start);
                bytes[at..run.end].rotate_left((run.start - at).min(run.end - at));
            }
            _ => {
                let run = self.run(bytes, 8);
                for at in run {
                    bytes[at] = self.number() as u8;
                }
            }
        }
    }
}
