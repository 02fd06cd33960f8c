//! Markdown tables.

pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<const N: usize>(head: [&str; N]) -> Self {
        let rule = (0..N).map(|column| if column == 0 { "---" } else { "--:" }.to_owned());
        Self { rows: vec![head.iter().map(|&cell| cell.to_owned()).collect(), rule.collect()] }
    }

    pub fn wide(head: Vec<String>) -> Self {
        let rule = vec!["---".to_owned(); head.len()];
        Self { rows: vec![head, rule] }
    }

    pub fn row<C: ToString>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(cells.into_iter().map(|cell| cell.to_string()).collect());
    }

    pub fn print(&self, title: &str) {
        println!("\n## {title}\n");
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
    }
}

/// Whole nanoseconds, with a space between thousands.
pub fn nanoseconds(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 && digit.is_ascii_digit() {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
