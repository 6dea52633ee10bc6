use jiff::civil::Date;

use crate::record::time::calendar::days_in_month;
use crate::record::time::calendar::days_since_epoch;

#[test]
fn every_day_of_four_centuries_has_its_number() {
    let epoch: Date = "1970-01-01".parse().unwrap();
    let mut date: Date = "1899-12-31".parse().unwrap();
    for _ in 0..150_000 {
        date = date.tomorrow().unwrap();
        let (year, month, day) = (date.year(), date.month(), date.day());
        let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
        let number = i64::from((date - epoch).get_days());
        assert_eq!(days_since_epoch(year, month, day), number, "{date}");
        assert_eq!(days_in_month(year, month), i64::from(date.days_in_month()));
    }
}
