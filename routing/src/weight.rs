//! Draws by weight that fall the same for the same call, on every machine.

use crate::hash::Fnv;

/// What a call's draws start from: a hash of the call's id, such as its SIP Call-ID. The edge and the replay of a
/// recorded call draw alike.
pub fn seed_of_call(call_id: &str) -> u64 {
    let mut hash = Fnv::new();
    hash.bytes(call_id.as_bytes());
    hash.finish().0
}

/// The draws of one call.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    state: u64,
}

impl Draws {
    /// `place` keeps the draws of one step apart from those of another.
    pub(crate) fn new(seed: u64, place: u8) -> Draws {
        let mut hash = Fnv::new();
        hash.bytes(&seed.to_le_bytes());
        hash.byte(place);
        Draws { state: hash.finish().0 }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): every seed gives a good first value.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not zero. The bias of the remainder is below one in 2⁴⁰ for our bounds.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// An order of the places, each drawn from those left in proportion to its weight. Weight 0 comes after all
    /// others, in plain order.
    pub(crate) fn order(&mut self, weights: &[u16]) -> Vec<usize> {
        let mut left: Vec<usize> = (0..weights.len()).collect();
        let mut order = Vec::with_capacity(weights.len());
        loop {
            let total: u64 = left.iter().map(|place| u64::from(weights[*place])).sum();
            if total == 0 {
                order.extend(left);
                return order;
            }
            let mut drawn = self.below(total);
            let taken = left.iter().position(|place| {
                let weight = u64::from(weights[*place]);
                let hit = drawn < weight;
                drawn = drawn.saturating_sub(weight);
                hit
            });
            // The draw is below the sum, so one is always hit.
            let taken = taken.unwrap_or_default();
            order.push(left.remove(taken));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_drawn_in_proportion_and_zero_never_comes_first() {
        let rows: [(&[u16], &[f64]); 5] = [
            (&[1, 1], &[0.5, 0.5]),
            (&[3, 1], &[0.75, 0.25]),
            (&[0, 5], &[0.0, 1.0]),
            (&[0, 0], &[1.0, 0.0]),
            (&[500, 300, 200], &[0.5, 0.3, 0.2]),
        ];
        let calls = 20_000_u32;
        for (weights, expected) in rows {
            let mut first = vec![0_u32; weights.len()];
            for call in 0..calls {
                let order = Draws::new(seed_of_call(&format!("call-{call}")), 0).order(weights);
                first[order[0]] += 1;
            }
            for (count, share) in first.iter().zip(expected) {
                let found = f64::from(*count) / f64::from(calls);
                assert!((found - share).abs() < 0.02, "{weights:?}: {first:?}");
            }
        }
    }

    #[test]
    fn the_same_call_draws_the_same_and_every_place_comes_once() {
        for call in 0..100_u64 {
            let weights = [7, 0, 1000, 3, 0];
            let order = Draws::new(call, 2).order(&weights);
            assert_eq!(order, Draws::new(call, 2).order(&weights));
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2, 3, 4]);
            assert_eq!(order[3..], [1, 4], "weight 0 comes last, in plain order");
        }
    }
}
