//! A text as a picture that a phone's camera reads.

use qrcode::{EcLevel, QrCode, render::svg};

/// The smallest side in pixels: read from an arm's length.
const SIDE_MIN: u32 = 200;

/// The picture as SVG, dark on light in every colour scheme: cameras want it so. Empty if the text is too long for one.
pub(crate) fn picture(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let picture = code
        .render::<svg::Color<'_>>()
        .min_dimensions(SIDE_MIN, SIDE_MIN)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // An XML declaration has no place inside a page.
    let svg = picture.find("<svg").map_or("", |at| &picture[at..]);
    svg.replacen("<svg", "<svg role=\"img\" aria-label=\"The key as a QR code\"", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_an_element_without_styles() {
        let svg = picture("otpauth://totp/Switchback:sam?secret=JBSWY3DPEHPK3PXP");
        assert!(svg.starts_with("<svg role=\"img\""), "{svg}");
        assert!(!svg.contains("style") && !svg.contains("<?xml"));
        assert_eq!(picture(&"x".repeat(10_000)), "");
    }
}
