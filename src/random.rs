//! The one source of randomness, for the shells; everything below them is given its bytes.

/// `N` random bytes from the platform's generator.
pub fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
