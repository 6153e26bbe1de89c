#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| zeef_fuzz::target("json").feed(data));
