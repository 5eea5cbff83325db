//! NFKC. In the Worker the runtime's own normaliser does it: its tables in WASM would be 60 KB, gzipped, of our 400.
//! On the host, in tests, a crate does. Golden files hold both, and the browser, to the same results.

/// The text in NFKC.
pub fn nfkc(text: &str) -> String {
    // Most of what is typed; it is in every normal form already.
    if text.is_ascii() {
        return text.to_owned();
    }
    platform(text)
}

#[cfg(target_arch = "wasm32")]
fn platform(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKC").into()
}

#[cfg(not(target_arch = "wasm32"))]
fn platform(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfkc(text).collect()
}
