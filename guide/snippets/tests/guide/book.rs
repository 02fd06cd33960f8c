//! The book itself: its summary, includes and links, and `llms.txt`. mdBook is not needed for that.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::running::Outcome;

/// A page.
struct Page {
    /// Relative to `src`, `axum.md` for example.
    name: String,
    /// With the pages that it includes whole.
    text: String,
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src")
}

fn pages() -> Outcome<Vec<Page>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(source_folder())? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a name that is not UTF-8")?.to_owned();
        let text = with_included_pages(&fs::read_to_string(path)?).map_err(|error| format!("{name}: {error}"))?;
        pages.push(Page { name, text });
    }
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pages)
}

/// The text with the files of Markdown that it includes whole, as mdBook shows it.
fn with_included_pages(text: &str) -> Outcome<String> {
    let mut whole = String::new();
    for line in text.lines() {
        match line.strip_prefix("{{#include ").and_then(|rest| rest.strip_suffix(".md}}")) {
            Some(path) => {
                let path = format!("{path}.md");
                let included = fs::read_to_string(source_folder().join(&path));
                whole.push_str(&included.map_err(|error| format!("{path}: {error}"))?);
            }
            None => whole.push_str(&format!("{line}\n")),
        }
    }
    Ok(whole)
}

/// The lines outside of blocks of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// What stands between these two texts, each time.
fn between<'t>(text: &'t str, start: &'t str, end: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split_once(end)).map(|(found, _)| found)
}

/// The targets of a text's Markdown links, without those in inline code.
fn links(text: &str) -> Vec<String> {
    let lines = prose(text).map(|line| line.split('`').step_by(2).collect::<Vec<_>>().join("`"));
    lines.flat_map(|line| between(&line, "](", ")").map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The includes of code: a path relative to `src`, and an anchor.
fn includes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    between(text, "{{#include ", "}}").map(|include| include.split_once(':').unwrap_or((include, "")))
}

/// The ids that mdBook gives to the headings of a text.
fn headings(text: &str) -> BTreeSet<String> {
    prose(text).filter_map(|line| line.strip_prefix('#')).map(heading_id).collect()
}

fn heading_id(heading: &str) -> String {
    let letters = heading.trim_start_matches('#').trim().chars();
    letters
        .filter_map(|letter| match letter {
            '_' | '-' => Some(letter),
            letter if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
            letter if letter.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}

/// The first sentence below the title, without the targets of its links.
fn first_sentence(text: &str) -> Option<String> {
    let lines = prose(text).skip_while(|line| line.is_empty() || line.starts_with('#'));
    let paragraph = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    let mut sentence = paragraph[..end].trim_end_matches([':', '.']).to_owned();
    for target in links(&paragraph[..end]) {
        sentence = sentence.replace(&format!("]({target})"), "").replacen('[', "", 1);
    }
    (!sentence.is_empty() && !sentence.starts_with('|')).then(|| sentence + ".")
}

/// The text of `llms.txt`: the pages in the order of the summary, each with its first sentence.
fn llms_txt() -> Outcome<String> {
    let pages = pages()?;
    let find = |name: &str| pages.iter().find(|page| page.name == name).ok_or_else(|| format!("no page {name}"));
    let settings = fs::read_to_string(source_folder().join("../book.toml"))?;
    let setting = |name: &str| between(&settings, &format!("\n{name} = \""), "\"\n").next().map(str::to_owned);
    let (title, description) = setting("title").zip(setting("description")).ok_or("book.toml has no title")?;
    let mut text = format!("# {title}\n\n> {description}\n\n## Pages\n\n");
    for name in links(&find("SUMMARY.md")?.text) {
        let page = &find(&name)?.text;
        let title = page.lines().next().unwrap_or_default().trim_start_matches("# ");
        let sentence = first_sentence(page).ok_or_else(|| format!("{name}: no sentence below the title"))?;
        text.push_str(&format!("- [{title}]({}): {sentence}\n", name.replace(".md", ".html")));
    }
    Ok(text)
}

/// In the form of <https://llmstxt.org>; mdBook copies the file into the root of the book. `CLERK_WRITE=1` writes it.
#[test]
fn llms_txt_lists_each_page() -> Outcome {
    let file = source_folder().join("llms.txt");
    if std::env::var_os("CLERK_WRITE").is_some() {
        fs::write(&file, llms_txt()?)?;
    }
    assert_eq!(fs::read_to_string(file)?, llms_txt()?, "CLERK_WRITE=1 cargo test -p clerk-guide llms");
    Ok(())
}

#[test]
fn the_summary_names_each_page_once() -> Outcome {
    let pages = pages()?;
    let summary = pages.iter().find(|page| page.name == "SUMMARY.md").ok_or("no summary")?;
    let mut listed = links(&summary.text);
    listed.sort();
    let names: Vec<_> = pages.iter().map(|page| &*page.name).filter(|name| *name != "SUMMARY.md").collect();
    assert_eq!(listed, names, "left: in SUMMARY.md, right: the files");
    Ok(())
}

#[test]
fn each_include_names_a_file_and_an_anchor() -> Outcome {
    for page in pages()? {
        for (path, anchor) in includes(&page.text) {
            let place = format!("{}: {path}:{anchor}", page.name);
            let file = fs::read_to_string(source_folder().join(path)).map_err(|error| format!("{place}: {error}"))?;
            let find = |marker: &str| file.lines().position(|line| line.trim() == format!("// {marker}: {anchor}"));
            let (start, end) = (find("ANCHOR"), find("ANCHOR_END"));
            assert!(start.is_some() && start < end, "{place}: no such anchor");
            let first = file.lines().nth(start.map_or(0, |start| start + 1)).unwrap_or_default();
            assert!(!first.starts_with(' '), "{place}: mdBook keeps the indentation");
        }
    }
    Ok(())
}

#[test]
fn each_anchor_of_the_code_is_on_a_page() -> Outcome {
    let pages = pages()?;
    let shown: BTreeSet<_> = pages
        .iter()
        .flat_map(|page| includes(&page.text))
        .filter_map(|(path, anchor)| {
            Some((path.strip_prefix("../snippets/tests/guide/")?.to_owned(), anchor.to_owned()))
        })
        .collect();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guide"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a name that is not UTF-8")?.to_owned();
        let code = fs::read_to_string(&path)?;
        let anchors = code.lines().filter_map(|line| line.trim().strip_prefix("// ANCHOR: "));
        for anchor in anchors {
            assert!(shown.contains(&(name.clone(), anchor.to_owned())), "no page shows {name}:{anchor}");
        }
    }
    Ok(())
}

#[test]
fn each_link_leads_somewhere() -> Outcome {
    let pages = pages()?;
    for page in &pages {
        for link in links(&page.text) {
            let place = format!("{}: {link}", page.name);
            if link.starts_with("https://") {
                continue;
            }
            let (target, id) = link.split_once('#').map_or((&*link, None), |(target, id)| (target, Some(id)));
            let target = if target.is_empty() { &*page.name } else { target };
            let text = pages.iter().find(|page| page.name == target).map(|page| &page.text);
            let text =
                text.ok_or_else(|| format!("{place}: no such page; name a file of the repository without a link"))?;
            assert!(id.is_none_or(|id| headings(text).contains(id)), "{place}: no such heading");
        }
    }
    Ok(())
}

#[test]
fn each_block_of_rust_is_an_include() -> Outcome {
    for page in pages()? {
        let mut lines = page.text.lines();
        while let Some(line) = lines.next() {
            let Some(language) = line.trim_start().strip_prefix("```") else { continue };
            let block: Vec<&str> = lines.by_ref().take_while(|line| line.trim_start() != "```").collect();
            let place = format!("{}: {line} {block:?}", page.name);
            assert!(!language.is_empty(), "{place}: name the language, text for none");
            if language.starts_with("rust") {
                assert_eq!(language, "rust", "{place}");
                assert_eq!(block.len(), 1, "{place}: the code is in a file that is tested");
                assert!(block[0].starts_with("{{#include ../") && block[0].ends_with("}}"), "{place}");
            }
        }
    }
    Ok(())
}

#[test]
fn each_page_has_a_title_and_is_short() -> Outcome {
    for page in pages()? {
        assert!(page.text.starts_with("# "), "{}: no title", page.name);
        assert!(page.text.lines().count() <= 250, "{}: split it", page.name);
    }
    Ok(())
}
