//! The page's files and the voice prompts, compiled in.

/// Address and content of each.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page_files.rs"));

/// A file of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageFile {
    pub(super) content: &'static [u8],
    pub(super) media_type: &'static str,
}

/// The file at an address; `None` where there is none.
pub(super) fn file(address: &str) -> Option<PageFile> {
    let address = if address == "/" {
        "/index.html"
    } else {
        address
    };
    let (name, content) = FILES.iter().find(|(name, _)| *name == address)?;
    Some(PageFile {
        content,
        media_type: media_type(name),
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("opus" | "ogg") => "audio/ogg",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_compiled_in_and_each_file_has_its_type() {
        let page = file("/").unwrap();
        assert_eq!(page.media_type, "text/html; charset=utf-8");
        assert!(page.content.starts_with(b"<!doctype html>"));
        for (name, _) in FILES {
            let found = file(name).unwrap();
            assert_ne!(found.media_type, "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn nothing_else_is_served() {
        for address in [
            "",
            "/../Cargo.toml",
            "/page.js/",
            "//page.js",
            "/settings.toml",
        ] {
            assert_eq!(file(address), None, "{address}");
        }
    }
}
