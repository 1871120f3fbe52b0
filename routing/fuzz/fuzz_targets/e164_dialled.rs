#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| routing_fuzz::e164_dialled(data));
