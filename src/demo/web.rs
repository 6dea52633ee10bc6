//! `web.log`: what nginx writes, the combined format with the time taken and the request's mark,
//! and its error messages between.

use crate::demo::visit::Visit;

/// The line of an answered request.
pub(super) fn access(visit: &Visit) -> String {
    format!(
        "{} - - [{}] \"{} {} HTTP/1.1\" {} {} \"https://shop.example/\" \"{}\" rt={}.{:03} req={}",
        visit.client,
        visit.at.strftime("%d/%b/%Y:%H:%M:%S %z"),
        visit.method,
        visit.path,
        visit.status,
        visit.bytes,
        visit.agent,
        visit.millis / 1000,
        visit.millis % 1000,
        visit.request,
    )
}

/// The server behind did not answer in time.
pub(super) fn timed_out(visit: &Visit) -> String {
    format!(
        "{} [error] 31#31: *{} upstream timed out (110: Connection timed out) while reading response header from \
         upstream, client: {}, server: shop.example, request: \"{} {} HTTP/1.1\", upstream: \
         \"http://127.0.0.1:8080{}\", host: \"shop.example\"",
        visit.at.strftime("%Y/%m/%d %H:%M:%S"),
        visit.connection,
        visit.client,
        visit.method,
        visit.path,
        visit.path,
    )
}
