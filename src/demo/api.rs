//! `api.log`: a JSON object on each line, with level, trace and sometimes a nested error.

use crate::demo::visit::Visit;

/// A request was answered.
pub(super) fn served(visit: &Visit) -> String {
    let level = if visit.status == 404 { "warn" } else { "info" };
    let request = request(visit);
    line(visit, level, "request served", &request)
}

/// A detail for those who look for one.
pub(super) fn cache_missed(visit: &Visit) -> String {
    let fields = format!(r#""cache":"catalogue","key":"{}","ttl_s":300"#, visit.path);
    line(visit, "debug", "cache miss", &fields)
}

/// An order was taken.
pub(super) fn ordered(visit: &Visit, order: u64) -> String {
    let fields = format!(
        r#""order":{order},"items":{},"total":"{}.{:02} EUR",{}"#,
        visit.connection % 5 + 1,
        visit.connection % 400 + 9,
        visit.user % 100,
        request(visit),
    );
    line(visit, "info", "order placed", &fields)
}

/// An order was lost, with the reason of the reason.
pub(super) fn failed(visit: &Visit, order: u64) -> String {
    let fields = format!(
        concat!(
            r#""order":{order},"error":{{"type":"PaymentTimeout","message":"gateway did not answer within 3000 ms","#,
            r#""attempt":{attempt},"cause":{{"type":"ConnectionReset","message":"connection reset by peer","#,
            r#""address":"198.51.100.20:443"}}}},{request}"#,
        ),
        order = order,
        attempt = visit.connection % 3 + 1,
        request = request(visit),
    );
    line(visit, "error", "checkout failed", &fields)
}

fn request(visit: &Visit) -> String {
    format!(
        r#""user":{},"method":"{}","path":"{}","status":{},"duration_ms":{}"#,
        visit.user, visit.method, visit.path, visit.status, visit.millis,
    )
}

fn line(visit: &Visit, level: &str, message: &str, fields: &str) -> String {
    let time = visit.at.timestamp().strftime("%Y-%m-%dT%H:%M:%S.%3fZ");
    format!(
        r#"{{"time":"{time}","level":"{level}","service":"api","trace_id":"{}","msg":"{message}",{fields}}}"#,
        visit.request,
    )
}
