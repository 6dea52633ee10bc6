//! `worker.log`: the layout of log4j, with stack traces over many lines.

use jiff::Zoned;

use crate::demo::random::Random;
use crate::demo::visit::Visit;

/// The customer gets a mail.
pub(super) fn receipt_sent(visit: &Visit, order: u64) -> String {
    let message = format!("sent receipt for order {order} (trace {})", visit.request);
    line(
        &visit.at,
        "INFO",
        visit.connection,
        "c.e.shop.mail.ReceiptJob",
        &message,
    )
}

/// Once more, later.
pub(super) fn payment_retried(visit: &Visit, order: u64) -> String {
    let message = format!(
        "order {order} is not paid, attempt {} in 30 s (trace {})",
        visit.connection % 3 + 2,
        visit.request,
    );
    line(
        &visit.at,
        "WARN",
        visit.connection,
        "c.e.shop.pay.RetryJob",
        &message,
    )
}

/// The payment's failure as Java tells it.
pub(super) fn payment_failed(visit: &Visit, order: u64) -> String {
    let message = format!("payment of order {order} failed (trace {})", visit.request);
    let head = line(
        &visit.at,
        "ERROR",
        visit.connection,
        "c.e.shop.pay.PaymentJob",
        &message,
    );
    format!(
        "{head}\n\
         com.example.shop.pay.PaymentTimeoutException: gateway did not answer within 3000 ms\n\
         \tat com.example.shop.pay.GatewayClient.authorise(GatewayClient.java:142)\n\
         \tat com.example.shop.pay.PaymentJob.run(PaymentJob.java:67)\n\
         \tat java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1144)\n\
         \tat java.base/java.lang.Thread.run(Thread.java:1583)\n\
         Caused by: java.net.SocketException: Connection reset\n\
         \tat java.base/sun.nio.ch.SocketChannelImpl.throwConnectionReset(SocketChannelImpl.java:401)\n\
         \tat com.example.shop.pay.GatewayClient.exchange(GatewayClient.java:188)\n\
         \t... 3 more"
    )
}

/// What happens without anybody asking for it.
pub(super) fn background(random: &mut Random, at: &Zoned) -> String {
    let thread = random.between(0, 7);
    match random.between(0, 9) {
        0..=4 => {
            let message = format!(
                "queue mail: {} waiting, {} running",
                random.between(0, 40),
                random.between(1, 4)
            );
            line(at, "INFO", thread, "c.e.shop.queue.Monitor", &message)
        }
        5..=7 => {
            let message = format!(
                "slow query, {} ms: SELECT o.id, o.total FROM orders o JOIN customers c ON c.id = o.customer_id \
                 WHERE c.country = ? ORDER BY o.created_at DESC LIMIT 50",
                random.between(800, 4200)
            );
            line(at, "WARN", thread, "c.e.shop.db.Statements", &message)
        }
        8 => {
            let message = format!("pause of {} ms (young generation)", random.between(8, 60));
            line(at, "DEBUG", thread, "c.e.shop.jvm.Collector", &message)
        }
        _ => report_failed(random, at, thread),
    }
}

/// A failure as Python tells it.
fn report_failed(random: &mut Random, at: &Zoned, thread: u64) -> String {
    let head = line(
        at,
        "ERROR",
        thread,
        "c.e.shop.report.PythonRunner",
        "report revenue.py failed",
    );
    format!(
        "{head}\n\
         Traceback (most recent call last):\n\
         \x20 File \"/srv/shop/reports/revenue.py\", line {}, in <module>\n\
         \x20   main(sys.argv[1:])\n\
         \x20 File \"/srv/shop/reports/revenue.py\", line 31, in main\n\
         \x20   rows = [row[\"total\"] / row[\"items\"] for row in day]\n\
         ZeroDivisionError: division by zero",
        random.between(50, 70)
    )
}

fn line(at: &Zoned, level: &str, thread: u64, logger: &str, message: &str) -> String {
    let time = at.strftime("%Y-%m-%d %H:%M:%S,%3f");
    format!(
        "{time} {level:<5} [pool-2-thread-{}] {logger} - {message}",
        thread % 8 + 1
    )
}
