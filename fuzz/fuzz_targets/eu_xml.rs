#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| zeef_fuzz::target("eu_xml").feed(data));
