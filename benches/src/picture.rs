//! Bar charts as SVG, each for a light and a dark page: `cargo run --release -- pictures` writes them to `pictures`.

use std::{fmt::Write as _, path::Path};

use crate::peers;

/// One bar. Ours have stars around their names, as in the tables.
pub struct Bar {
    pub name: String,
    pub value: f64,
}

/// A chart of horizontal bars; all start at zero.
struct Chart<'a> {
    title: &'a str,
    /// What the length of a bar says.
    subtitle: &'a str,
    bars: Vec<&'a Bar>,
    /// The text at the end of a bar.
    label: fn(f64) -> String,
}

/// The rows of the latency chart: the tokens that every crate can verify, in axum.
const LATENCY: [&str; 6] = [
    "**ours: token seen before**",
    "**ours: token seen first**",
    peers::JWT_AUTHORIZER,
    peers::CLERK_RS,
    peers::AXUM_JWT_AUTH,
    peers::DIOXUS_CLERK,
];

/// Draws the times that authentication adds, in nanoseconds, and the throughputs, in percent of no authentication.
pub fn draw(latency: &[Bar], throughput: &[Bar]) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
    let bar = |name: &&str| latency.iter().find(|bar| bar.name == **name);
    let latency = Chart {
        title: "Time that authentication adds to a request in axum",
        subtitle: "Microseconds per request in one process, without sockets. Shorter is better.",
        bars: LATENCY.iter().filter_map(bar).collect(),
        label: |nanoseconds| match nanoseconds / 1000.0 {
            short if short < 10.0 => format!("{short:.1} us"),
            long => format!("{long:.0} us"),
        },
    };
    let throughput = Chart {
        title: "Throughput with authentication in axum",
        subtitle: "Percent of the requests per second without authentication, 64 connections. Longer is better.",
        bars: throughput.iter().collect(),
        label: |percent| format!("{percent:.0} %"),
    };
    latency.write(&folder, "latency")?;
    throughput.write(&folder, "throughput")
}

/// Background, text, faint text, our bars, other bars.
type Colours = [&'static str; 5];

const THEMES: [(&str, Colours); 2] = [
    ("light", ["#ffffff", "#1f2328", "#59636e", "#6c47ff", "#c5cbd3"]),
    ("dark", ["#0d1117", "#f0f6fc", "#9198a1", "#9785ff", "#3d444d"]),
];

const WIDTH: usize = 760;
const MARGIN: usize = 20;
const BAR_START: usize = 372;
/// The longest bar; its label needs the rest.
const LONGEST: usize = 310;
const FIRST_ROW: usize = 72;
const ROW: usize = 30;

impl Chart<'_> {
    /// Writes `<name>-light.svg` and `<name>-dark.svg`.
    fn write(&self, folder: &Path, name: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        THEMES.iter().try_for_each(|(theme, colours)| {
            std::fs::write(folder.join(format!("{name}-{theme}.svg")), self.draw(colours))
        })
    }

    fn draw(&self, [background, text, faint, ours, others]: &Colours) -> String {
        let height = FIRST_ROW + ROW * self.bars.len() + MARGIN / 2;
        let largest = self.bars.iter().map(|bar| bar.value).fold(f64::MIN_POSITIVE, f64::max);
        let (title, subtitle) = (escape(self.title), escape(self.subtitle));
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-label="{title}" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="14">
<rect width="{WIDTH}" height="{height}" rx="8" fill="{background}"/>
<text x="{MARGIN}" y="30" font-size="17" font-weight="600" fill="{text}">{title}</text>
<text x="{MARGIN}" y="52" font-size="13" fill="{faint}">{subtitle}</text>
"#
        );
        for (row, bar) in self.bars.iter().enumerate() {
            let (top, length) = (FIRST_ROW + ROW * row, (LONGEST as f64 * bar.value / largest).max(1.5));
            let is_ours = bar.name.contains("**");
            let (fill, weight) = if is_ours { (ours, 600) } else { (others, 400) };
            let (name, label) = (escape(&bar.name.replace("**", "")), escape(&(self.label)(bar.value)));
            let (line, name_end, label_start) = (top + 15, BAR_START - 12, BAR_START as f64 + length + 8.0);
            let _ = write!(
                svg,
                r#"<text x="{name_end}" y="{line}" text-anchor="end" font-weight="{weight}" fill="{text}">{name}</text>
<rect x="{BAR_START}" y="{top}" width="{length:.1}" height="20" rx="2" fill="{fill}"/>
<text x="{label_start:.1}" y="{line}" font-weight="{weight}" fill="{text}">{label}</text>
"#
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
