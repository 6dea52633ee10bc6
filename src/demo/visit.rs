//! One request to the imagined shop: what all its logs tell of, each in its own way.

use jiff::Zoned;

use crate::demo::random::Random;

/// A request, with its answer.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    /// When it was answered.
    pub(super) at: Zoned,
    /// Marks the request in every log.
    pub(super) request: String,
    /// Counts the connections of the web server.
    pub(super) connection: u64,
    /// The browser's address, from a range that is kept for documentation (RFC 5737).
    pub(super) client: String,
    pub(super) agent: &'static str,
    pub(super) user: u64,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) bytes: u64,
    pub(super) millis: u64,
    /// The order that it placed.
    pub(super) order: Option<u64>,
}

const AGENTS: [&str; 5] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "curl/8.14.1",
    "uptime-check/2.3",
];

const PAGES: [&str; 7] = [
    "/",
    "/products",
    "/search?q=kettle",
    "/cart",
    "/account",
    "/assets/app.css",
    "/about",
];

impl Visit {
    /// Somebody looks at a page, or at one that does not exist.
    pub(super) fn page(random: &mut Random, at: &Zoned) -> Self {
        let (path, status) = match random.between(0, 99) {
            0..=59 => (random.pick(&PAGES).to_owned(), 200),
            60..=89 => (format!("/products/{}", random.between(100, 480)), 200),
            90..=94 => ("/login".to_owned(), 302),
            95..=97 => (format!("/products/{}", random.between(900, 999)), 404),
            _ => ("/admin.php".to_owned(), 404),
        };
        let bytes = random.between(180, 48_000);
        let millis = random.between(2, 90);
        Self::new(random, at, ("GET", path), (status, bytes, millis))
    }

    /// Somebody buys something; it is not always possible.
    pub(super) fn order(random: &mut Random, at: &Zoned, order: u64) -> Self {
        let millis = random.between(120, 900);
        let request = ("POST", "/api/orders".to_owned());
        let visit = Self::new(random, at, request, (201, 412, millis));
        Self {
            order: Some(order),
            ..visit
        }
    }

    /// The same request, when the payment gateway did not answer in time.
    pub(super) fn timed_out(self) -> Self {
        Self {
            status: 504,
            bytes: 167,
            millis: 3000 + self.millis % 40,
            ..self
        }
    }

    fn new(
        random: &mut Random,
        at: &Zoned,
        (method, path): (&'static str, String),
        (status, bytes, millis): (u16, u64, u64),
    ) -> Self {
        Self {
            at: at.clone(),
            request: random.hex(),
            connection: random.between(10_000, 99_999),
            client: format!("203.0.113.{}", random.between(1, 254)),
            agent: random.pick(&AGENTS),
            user: random.between(1000, 1999),
            method,
            path,
            status,
            bytes,
            millis,
            order: None,
        }
    }
}
